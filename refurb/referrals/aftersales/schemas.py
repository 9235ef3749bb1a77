"""What comes in about tickets: the same for the pages and for the API."""

from typing import Any

from marshmallow import Schema, ValidationError, validates, validates_schema

from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import LongText, Moment, Phone, Picture, Text, Tick, Word
from refurb.referrals.aftersales.words import CAUSES, ENDS_BY_HAND, TROUBLES, Cause, Outcome, Symptom

_WORDS, _PHOTO = _lp("ticket", "Avec vos mots"), _lp("ticket", "Une photo")
_SPARE = _l("Ni santé, ni revenus, ni récit de vie.")
_CAUSE = _l("Ce qui a été trouvé")
_COPIED = _l("Ses fichiers sont copiés, ou la personne dit qu'il n'y a rien à garder")


class TroubleTold(Schema):
    """What a family tells without an account. `website` is a field that people do not see, and that machines fill in."""

    words = LongText(_WORDS, max=500)
    photo = Picture(_PHOTO)
    phone = Phone(_l("Téléphone"))
    website = Text(_l("Laissez ce champ vide"), max=200, attrs={"autocomplete": "off", "tabindex": "-1"})


class NewTicket(Schema):
    """What somebody of ours writes down: of a device of ours by its label, or of the person's own machine."""

    code = Text(_l("Code de l'étiquette"), max=60, sometimes=True, help=_l("Vide : c'est la machine de la personne, hors de notre stock."))
    own_machine = Text(_l("Sa propre machine"), max=120, sometimes=True, help=_l("Par exemple « portable Asus de 2019 ». Sans nom."))
    trouble = Word(Symptom, _l("Qu'est-ce qui ne va pas ?"), labels=TROUBLES, widget="radio", required=True)
    words = LongText(_l("En quelques mots"), max=500, help=_SPARE)
    phone = Phone(_l("Téléphone pour répondre"), help=_l("Vide : comme la dernière fois."))
    photo = Picture(_PHOTO)

    @validates_schema
    def _is_about_one_machine(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("code")) == bool(data.get("own_machine")):
            raise ValidationError([Fault("ticket.one_machine")], "code")


class TicketForReferral(Schema):
    """What a prescriber tells for the family of her file: one of its devices from us by its code, or its own machine."""

    device = Text(_l("Quel appareil ?"), max=60, sometimes=True, widget="radio", help=_l("Le code est sur son étiquette."))
    trouble = Word(Symptom, _l("Qu'est-ce qui ne va pas ?"), labels=TROUBLES, widget="radio", required=True)
    words = LongText(_l("En quelques mots"), max=500, help=_SPARE)
    phone = Phone(_l("Téléphone pour répondre"), help=_l("Vide : comme la dernière fois."))
    own_machine = Text(_l("Si c'est une autre machine, qui est à elle"), max=120, help=_l("Vide : l'ordinateur que nous avons remis."))


class TicketForItsOnlyDevice(TicketForReferral):
    """The same where there is nothing to choose from."""

    class Meta:
        exclude = ("device",)


class NoteTold(Schema):
    """A word about a ticket, kept beside its history."""

    note = LongText(_l("Noter un échange"), required=True, max=500, private=True, help=_SPARE)


class Advised(Schema):
    """What the family was advised to do."""

    note = LongText(_l("Ce que vous avez conseillé"), required=True, max=500, private=True)


class Appointed(Schema):
    """When and where the family comes, or somebody comes to it."""

    at = Moment(_l("Jour et heure"), required=True)
    place = Text(_lp("ticket", "Où ?"), required=True, max=120, help=_l("Un lieu, ou « à domicile ». L'adresse ne s'écrit pas ici."))
    note = LongText(_l("Remarque"), max=500, private=True)


class TakenIn(Schema):
    """That the machine is with us."""

    note = LongText(_l("Ce qui est déposé avec"), max=300, private=True, help=_l("Par exemple le chargeur."))


class Mended(Schema):
    """What was found, and that it works again."""

    cause = Word(Cause, _CAUSE, labels=CAUSES, required=True)
    note = LongText(_l("Ce qui a été fait"), max=500, private=True)


class Swapped(Schema):
    """Which device goes out in its place. Without the tick nothing comes back, since what comes back is erased."""

    device = Text(_l("Code de l'appareil qui repart"), required=True, max=60)
    cause = Word(Cause, _CAUSE, labels=CAUSES, required=True)
    copied = Tick(_COPIED, must=True)
    note = LongText(_l("Remarque"), max=500, private=True)


class TakenBack(Schema):
    """That the device comes back for good."""

    cause = Word(Cause, _CAUSE, labels=CAUSES, required=True)
    copied = Tick(_COPIED, must=True)
    note = LongText(_l("Pourquoi ?"), max=500, private=True)


class Closed(Schema):
    """How it ended, and what was found."""

    outcome = Word(Outcome, _l("Comment cela finit"), labels=ENDS_BY_HAND, widget="radio", required=True)
    cause = Word(Cause, _CAUSE, labels=CAUSES, required=True)
    note = LongText(_l("Remarque"), max=500, private=True)

    @validates("outcome")
    def is_said_by_hand(self, outcome: Outcome, **_: Any) -> None:
        """The others follow from another deed."""
        if outcome not in ENDS_BY_HAND:
            raise ValidationError([Fault("field.choice")])
