"""What comes in about machines."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.documents.fields import PersonName
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, LongText, Number, Phone, Pick, Text, Tick, Word
from refurb.lending.machines.words import PICTURES, RESULTS, Result
from refurb.lending.supplies.queries import counted_in_grams


def _weighed() -> list[tuple[str, str]]:
    return [("", "–"), *((str(each.id), each.name) for each in counted_in_grams())]


class MachineFacts(Schema):
    """What a machine is, and how it is used."""

    name = Text(_lp("machine", "Nom"), required=True, max=120)
    site_id = Pick(_lp("machine", "Lieu"), required=True)
    about = LongText(_lp("machine", "Présentation"), max=500)
    picture = Text(_lp("machine", "Dessin"), required=True, max=32, widget="select", choices=lambda: list(PICTURES.items()))
    slot_minutes = Number(_l("Un créneau dure, en minutes"), required=True, min=10, max=600)
    min_age = Number(_l("Âge au moins"), required=True, min=0, max=99)
    training_minutes = Number(_l("Une initiation dure, en minutes"), min=5, max=600, help=_l("Vide : chacun peut s'en servir."))
    training_months = Number(_l("Elle vaut, en mois"), min=1, max=120)
    material = Text(_l("Matière comptée"), max=80, help=_l("Par exemple : « Fil PLA »"))
    supply_id = Pick(
        _l("Prise dans le stock de"), choices=_weighed,
        help=_l("Le poids de chaque séance en est retiré, là où est la machine. Se choisissent les consommables comptés en grammes."),
    )  # fmt: skip
    cents_per_gram = Number(_l("Prix du gramme, en centimes"), min=0, max=10_000)
    upkeep_hours = Number(_l("Entretien toutes les … heures"), min=1, max=10_000)

    @validates_schema
    def training_is_told_whole(self, facts: dict[str, Any], **_: Any) -> None:
        """An introduction lasts, and is worth, some time."""
        if (facts.get("training_minutes") is None) != (facts.get("training_months") is None):
            raise ValidationError({"training_months": [Fault("machine.training_half_told")]})


class SessionTold(Schema):
    """What a session took, and what came of it."""

    minutes = Number(_l("Durée, min"), required=True, min=1, max=1440)
    grams = Number(_l("Matière, g"), min=0, max=100_000)
    supply_id = Pick(_lp("session", "Bobine"), help=_l("Son poids est retiré du stock, là où est la machine."))
    material = Text(_lp("session", "Autre matière"), max=80, help=_l("Ce qui n'est pas du stock."))
    result = Word(Result, _lp("session", "La pièce"), labels=RESULTS, widget="radio", required=True)

    @validates_schema
    def it_took_from_one(self, facts: dict[str, Any], **_: Any) -> None:
        """What was used is of a spool, or of something else."""
        if facts.get("supply_id") and facts.get("material"):
            raise ValidationError({"material": [Fault("machine.spool_or_other")]})


class SlotWanted(Schema):
    """When: a day, and the minute of it at which a slot begins; so many slots in a row."""

    day = Date(_lp("slot", "Jour"), required=True, future=True, past=False)
    hour = Number(_lp("slot", "Heure"), required=True, max=1439, widget="select")
    slots = Number(_l("Créneaux de suite"), load_default=1, min=1, max=4)


class SlotFor(SlotWanted):
    """For whom the desk books."""

    borrower = Text(_l("Pour qui ?"), required=True, max=160, help=_l("Scannez la carte, ou tapez le nom comme il est écrit sur la carte."))
    minor = PersonName(_l("Avec un mineur : son nom"), max=160)
    minor_age = Number(_l("Son âge"), min=1, max=17)

    @validates_schema
    def minor_is_told_whole(self, facts: dict[str, Any], **_: Any) -> None:
        """A minor has a name and an age."""
        if bool(facts.get("minor")) != bool(facts.get("minor_age")):
            raise ValidationError({"minor_age": [Fault("machine.minor_half_told")]})


class SlotAsked(Schema):
    """Who books online. `website` is a field that people do not see, and that machines fill in."""

    name = PersonName(_l("Votre nom et prénom"), required=True, max=160, attrs={"autocomplete": "name"})
    email = Email(_l("Votre adresse de courriel"), required=True, help=_l("Vous y recevez un lien pour confirmer, ou annuler."))
    phone = Phone(_lp("catalogue", "Votre téléphone"))
    minor = PersonName(_l("Avec un mineur : son nom"), max=160, help=_l("Vous restez près de la machine tout le créneau."))
    minor_age = Number(_l("Son âge"), min=1, max=17)
    is_adult = Tick(_l("Je suis majeur."), must=True)
    website = Text(_l("Laissez ce champ vide"), max=200, attrs={"autocomplete": "off", "tabindex": "-1"})

    minor_is_told_whole = SlotFor.minor_is_told_whole


class IntroductionFacts(SlotWanted):
    """When an introduction is given, and to how many."""

    places = Number(_l("Places"), required=True, min=1, max=50)


class UpkeepFacts(SlotWanted):
    """When a machine is looked after."""

    note = Text(_lp("upkeep", "Quoi"), required=True, max=200)


class Granted(Schema):
    """Who was shown a machine."""

    borrower = Text(_l("Pour qui ?"), required=True, max=160, help=_l("Scannez la carte, ou tapez le nom comme il est écrit sur la carte."))
    minor = PersonName(_l("Pour un mineur accompagné : son nom"), max=160)


class BrokenDown(Schema):
    """What is wrong, and until when as far as anybody knows."""

    reason = Text(_l("Ce qui ne marche pas"), required=True, max=200)
    until = Date(_lp("out of order", "Jusqu'au"), future=True, past=False, help=_l("Vide : jusqu'à nouvel ordre."))


class Watched(Schema):
    """Where somebody wants to hear that a machine works again."""

    email = Email(_l("Votre adresse de courriel"), required=True)
    website = Text(_l("Laissez ce champ vide"), max=200, attrs={"autocomplete": "off", "tabindex": "-1"})
