"""What comes in about accounts."""

from marshmallow import Schema

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Email, Password, Text, Word


class SignIn(Schema):
    """The sign-in form."""

    # As it was once entered: an account whose address would be refused today still signs in.
    email = Email(_l("Adresse de courriel"), required=True, known=True, attrs={"autocomplete": "username"})
    password = Password(_l("Mot de passe"), required=True, attrs={"autocomplete": "current-password"})


# What a token may do: only send and read, or all that somebody of the workshop may.
STATION_ROLES = {
    Role.STATION: _l("Envoyer des rapports : lire les machines, prouver les effacements"),
    Role.TECHNICIAN: _l("Tout ce que fait l'atelier : aussi faire entrer une machine avec son don"),
}

STATION_RIGHTS = {Role.STATION: _l("Rapports seulement"), Role.TECHNICIAN: _l("Comme l'atelier")}
"""The same in two words, for lists."""


class NewStation(Schema):
    """A workstation that gets a token."""

    name = Text(_l("Nom du poste ou de la clé"), required=True, max=80, help=_l("Ce qui est écrit dessus, par exemple « clé verte n° 2 »."))
    role = Word(Role, _l("Ce qu'il peut faire"), labels=STATION_ROLES, required=True, widget="radio")
