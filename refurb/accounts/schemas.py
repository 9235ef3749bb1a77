"""What comes in about accounts."""

from marshmallow import Schema

from refurb.kernel.fields import Email, Text
from refurb.kernel.words import _l


class SignIn(Schema):
    """The sign-in form."""

    email = Email(_l("Adresse e-mail"), required=True, attrs={"autocomplete": "username"})
    password = Text(_l("Mot de passe"), required=True, widget="password", attrs={"autocomplete": "current-password"})
