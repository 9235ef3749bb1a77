"""What comes in about consents and uses."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from refurb.ceremonies.consents.words import CHANNELS, OFFERED, SHOWINGS, UNTIL, ConsentChannel, Showing, Until
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import Drawing, check_bound
from refurb.documents.words import SIGNATURE_WAYS
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Many, Text, Tick, Word, Wrong

Shown = tuple[ConsentChannel, Showing]
WAYS = {SignatureWay.DRAWN: SIGNATURE_WAYS[SignatureWay.DRAWN], SignatureWay.SEEN: SIGNATURE_WAYS[SignatureWay.SEEN]}


def said_pair(channel: ConsentChannel, showing: Showing) -> str:
    """How a thing at a place is written in a form and in JSON: « photo:poster »."""
    return f"{channel.value}:{showing.value}"


class _Pair(fields.String):
    """A thing at a place; one that does not exist is refused by its name."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        channel, _, showing = str(value).partition(":")
        pairs = {said_pair(each, place): (each, place) for each, places in OFFERED.items() for place in places}
        found = pairs.get(f"{channel}:{showing}")
        if found is None:
            raise Wrong("consent.channel", typed=str(value)[:60])
        return found


def _until() -> Word:
    return Word(Until, _l("Jusqu'à quand ?"), labels=UNTIL, load_default=Until.NEXT_YEAR, sometimes=True)


class ConsentAsked(Schema):
    """What somebody lets us show of her, before she signs."""

    name = Text(_l("Qui est montré ?"), required=True, max=160, attrs={"autocomplete": "off"})
    shown = Many(
        _Pair(),
        _l("Ce qui peut être montré"),
        choices=lambda: [
            (said_pair(each, place), f"{CHANNELS[each]}, {SHOWINGS[place]}") for each, places in OFFERED.items() for place in places
        ],
        load_default=list,
    )
    photo_until = _until()
    film_until = _until()
    words_until = _until()
    naming = Text(_l("Sous quel nom ?"), max=80, sometimes=True, widget="radio")
    other_name = Text(_l("Un autre nom"), max=80, sometimes=True, attrs={"autocomplete": "off"})
    is_minor = Tick(_l("La personne a moins de 18 ans"))
    first_guardian = Text(_l("Qui exerce l'autorité parentale ?"), max=160, sometimes=True, attrs={"autocomplete": "off"})
    second_guardian = Text(_l("L'autre parent ou représentant légal"), max=160, sometimes=True, attrs={"autocomplete": "off"})
    one_guardian = Tick(_l("Une seule personne exerce l'autorité parentale"), help=_l("Aucun justificatif n'est demandé."))

    @validates_schema(skip_on_field_errors=False)
    def is_of_somebody(self, facts: dict[str, Any], **_: Any) -> None:
        """Something is shown; a minor has her guardians."""
        if facts.get("shown") == []:
            raise ValidationError([Fault("consent.nothing_chosen")], "shown")
        if not facts.get("is_minor"):
            return
        if not facts.get("first_guardian"):
            raise ValidationError([Fault("field.required")], "first_guardian")
        if not facts.get("second_guardian") and not facts.get("one_guardian"):
            raise ValidationError([Fault("consent.both_guardians")], "second_guardian")


class VoiceSigned(Schema):
    """That somebody signs, on this screen or on paper."""

    way = Word(SignatureWay, _l("Comment est-ce signé ?"), labels=WAYS, widget="radio", required=True)
    signature = Drawing(_l("Signature"), sometimes=True)
    signed_on = Date(_l("Signé le"), sometimes=True, help=_l("La date écrite sur l'exemplaire, à côté de la signature."))
    shown = Text(max=64, widget="hidden", sometimes=True)

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be drawn was drawn, under a text; by a link nobody signs here."""
        if facts.get("way") is SignatureWay.ACCEPTED:
            raise ValidationError([Fault("field.choice")], "way")
        if facts.get("way") is SignatureWay.DRAWN:
            if not facts.get("signature"):
                raise ValidationError([Fault("consent.not_signed")], "signature")
            check_bound(facts["signature"], facts.get("shown"))


class Withdrawn(Schema):
    """What is not to be shown any more: everything, where nothing is named."""

    grants = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Ce qui est retiré"), load_default=list)


_PLACES = {place: SHOWINGS[place] for place in Showing if place is not Showing.BESIDE}
THINGS_SHOWN = {ConsentChannel.PHOTO: _l("Une photo"), ConsentChannel.FILM: _l("Un film"), ConsentChannel.WORDS: _l("Des mots")}


class UseTold(Schema):
    """That something was put somewhere where it is seen."""

    what = Text(_l("Qu'est-ce qui est montré ?"), required=True, max=160, help=_l("Par exemple « Affiche A3, rires au goûter »."))
    channel = Word(ConsentChannel, _l("De quoi s'agit-il ?"), labels=THINGS_SHOWN, required=True, widget="radio")
    showing = Word(Showing, _l("Où est-ce montré ?"), labels=_PLACES, required=True)
    spot = Text(_l("À quel endroit ?"), required=True, max=200, help=_l("Vitrine de l'atelier, adresse d'une page, numéro d'un journal…"))
    keeper = Text(_l("Qui l'a mis, et l'enlèvera ?"), required=True, max=160, help=_l("Un nom, et un téléphone si c'est ailleurs."))
    published_on = Date(_lp("consent", "Depuis le"), required=True)
    consents = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Qui y est montré ?"), load_default=list)

    @validates_schema(skip_on_field_errors=False)
    def is_of_today(self, facts: dict[str, Any], **_: Any) -> None:
        """It was put up, of somebody, on a day that has come."""
        if facts.get("consents") == []:
            raise ValidationError([Fault("consent.of_whom")], "consents")
        if facts.get("published_on") and facts["published_on"] > today():
            raise ValidationError([Fault("consent.day_to_come")], "published_on")
