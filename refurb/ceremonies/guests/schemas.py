"""What comes in about guests and answers."""

from marshmallow import Schema, fields

from refurb.ceremonies.guests.words import GUEST_KINDS, NEEDS, GuestKind, Need
from refurb.directory.organisations.queries import choices_of
from refurb.directory.words import Nature
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import Email, LongText, Many, Number, Pick, Text, Tick, Word

MOST_BY_LINK = 2
"""How many people somebody brings along by the link; for more one writes."""
MOST_COMPANIONS = 30
ALONE = _lp("ceremony", "Personne")


def donors_offered() -> list[tuple[str, str]]:
    """The organisations that gave or work with us, to be picked."""
    known = dict(choices_of(Nature.DONOR) + choices_of(Nature.PARTNER))
    return [("", _("Aucune")), *sorted(known.items(), key=lambda each: each[1].casefold())]


class GuestTold(Schema):
    """Somebody who is invited and handed nothing."""

    kind = Word(GuestKind, _l("Qui invitez-vous ?"), labels=GUEST_KINDS, required=True, widget="radio")
    name = Text(_l("Nom de la personne"), required=True, max=160)
    organisation_id = Pick(
        _l("Sa structure"),
        choices=donors_offered,
        sometimes=True,
        help=_l("À choisir pour un donateur. Le nombre de ses machines en vient."),
    )
    email = Email(_l("Courriel"), help=_l("Sans courriel, l'invitation est une lettre à imprimer."))
    address = LongText(_l("Adresse postale"), max=300)
    is_named = Tick(_l("Accepte un remerciement par son nom sur l'invitation"))


class DonorsChosen(Schema):
    """The donors who are invited at once, each by the contact that is known."""

    donors = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Donateurs à inviter"), sometimes=True)


class GuestComing(Schema):
    """Who comes, with how many, and what they need."""

    companions = Number(_l("Combien de personnes avec vous ?"), load_default=0, max=MOST_COMPANIONS)
    needs = Many(
        fields.Enum(Need, by_value=True, error_messages={"unknown": "field.choice"}),
        _l("De quoi avez-vous besoin ?"),
        choices=lambda: [(each.value, label) for each, label in NEEDS.items()],
        load_default=list,
    )
    no_photo = Tick(_l("Pas de photo"))


class AnsweredByLink(GuestComing):
    """The answer that somebody gives by the link of an invitation."""

    answer = Text(_l("Votre réponse"), required=True, max=8)
    companions = Number(_l("Combien de personnes avec vous ?"), load_default=0, max=9)
