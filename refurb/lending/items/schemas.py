"""What comes in about products and things to lend: the same for the pages and for the API."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validates_schema

from refurb.inventory.devices.schemas.moves import ComponentTold
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, LongText, Number, Pick, Picture, Text, Tick, Word
from refurb.kernel.web.money import Euros
from refurb.lending.words import COMPONENT_STATES, DAMAGE_FATES, ComponentState, DamageFate

_MOST = 2**31 - 1
MOST_PHOTOS = 6
"""At one return by JSON: each is drawn anew."""


class NewProduct(Schema):
    """What can be asked for."""

    name = Text(_l("Nom du produit"), required=True, max=120, help=_l("Comme on le demande au comptoir : « Tablette 10 pouces »"))
    category = Text(_lp("product", "Catégorie"), required=True, max=32, widget="select", help=_l("Elle décide de la durée du prêt."))
    about = LongText(_l("Présentation"), max=500)


class ProductRecord(NewProduct):
    """All that is told of what can be asked for."""

    age_from = Number(_l("À partir de quel âge ?"), max=120)
    skill = Text(_l("Ce qu'il faut savoir faire"), max=120)
    accessories = Text(_l("Accessoires utiles, non fournis"), max=300)
    lifetime_years = Number(_l("Durée de vie, en années"), min=1, max=50)
    support_until = Date(_l("Fin de support par le fabricant"), future=True)


class NewPicture(Schema):
    """A picture of a product, and the words for whoever does not see it."""

    photo = Picture(_l("Image"), required=True)
    alt = Text(_l("Ce que l'on voit"), required=True, max=200, help=_l("Pour qui ne voit pas l'image : « Quatre robots dans leur malle »"))


class DamageTold(Schema):
    """What is broken on a thing, seen while it is with us or out."""

    component = Text(_l("Quel élément ?"), required=True, max=120, widget="select")
    note = Text(_l("Ce qui est abîmé"), required=True, max=200)
    photo = Picture(_lp("item", "Photo"))


class ItemFacts(Schema):
    """What one thing to lend is called; its components are told beside."""

    product_id = Pick(_l("Produit"), required=True)
    name = Text(_l("Nom sur l'étiquette et au comptoir"), required=True, max=160)


class RecordFacts(Schema):
    """What is told of one thing besides its name: its value, place, owner and funder. A value that nobody knows is left empty."""

    value = Euros(_l("Valeur de remplacement de l'ensemble, en euros"), attribute="value_cents", help=_l("Vide : la somme des pièces."))
    shelf = Text(_l("Rangé où ?"), max=80)
    acquired_on = Date(_l("Acquis le"))
    owner_id = Pick(_l("Propriétaire"))
    right_of_use = Text(_l("Droit d'usage"), max=200, help=_l("« Mis à disposition jusqu'en 2028 », « réservé aux ateliers du samedi »"))
    share_percent = Number(_l("Part du coût à notre charge, en %"), max=100)
    funder = Text(_l("Financé par"), max=120)
    logo_due = Tick(_l("Le logo du financeur doit figurer sur le matériel et ses documents"))
    keep_until = Date(_l("À garder jusqu'au"), future=True)


class ItemRecord(RecordFacts, ItemFacts):
    """All that is told of one thing, what it is called first (fields of the last base lead); its components are told beside."""


class PartTold(ComponentTold):
    """One component: besides what every thing counts, whether it may be missing, whether it is consumed, and what one piece weighs."""

    indispensable = Tick()
    consumable = Tick()
    weight_mg = Number(min=1, max=100_000_000)


class NewItem(RecordFacts):
    """One thing to lend, with all that is counted when it goes and when it returns."""

    product_id = Number(required=True, max=_MOST)
    name = Text(required=True, max=160)
    components = fields.List(fields.Nested(PartTold), required=True)


class ComponentCounted(Schema):
    """What was found of one component; a quantity is told when some are missing."""

    component = Number(required=True, max=_MOST)
    state = Word(ComponentState, required=True, labels=COMPONENT_STATES)
    quantity = Number(max=999)
    note = Text(max=200)


class Leaving(Schema):
    """With which loan an item leaves, until when, and what was counted."""

    loan_id = Number(required=True, max=_MOST)
    due_on = Date(required=True, future=True)
    counts = fields.List(fields.Nested(ComponentCounted), required=True)
    override = Text(max=300, private=True)


class Returning(Schema):
    """What was counted when an item came back; `site_id` is where it stands, if it was given back elsewhere than at its place."""

    counts = fields.List(fields.Nested(ComponentCounted), load_default=list)
    note = Text(_l("Remarque"), max=500)
    back_on = Date()
    at_once = Tick()
    site_id = Number(max=_MOST)


class PhotoTold(Schema):
    """A picture of what came back broken, by the number of its count."""

    component = Number(required=True, max=_MOST)
    photo = Picture(required=True)


class ReturnTold(Returning):
    """The same by the JSON door, with pictures."""

    photos = fields.List(fields.Nested(PhotoTold), load_default=list)

    @pre_load
    def are_not_too_many(self, data: Any, **_: Any) -> Any:
        """Counted before the first is read: each is drawn anew, which takes its time."""
        photos = data.get("photos") if isinstance(data, Mapping) else None
        if isinstance(photos, list) and len(photos) > MOST_PHOTOS:
            raise ValidationError([Fault("counter.too_many_photos", most=MOST_PHOTOS)], "photos")
        return data

    @validates_schema
    def show_what_is_broken(self, data: dict[str, Any], **_: Any) -> None:
        """One of each component, and of none that is not told as damaged."""
        shown = [each["component"] for each in data["photos"]]
        damaged = {each["component"] for each in data["counts"] if each["state"] is ComponentState.DAMAGED}
        wrong = next((each for at, each in enumerate(shown) if each not in damaged or each in shown[:at]), None)
        if wrong is not None:
            raise ValidationError([Fault("counter.photo_of_nothing_broken", component=wrong)], "photos")


class Undone(Schema):
    """Why a return is undone, and of which line of a loan."""

    line = Number(required=True, max=_MOST)
    reason = Text(required=True, max=300, private=True)


class Checked(Schema):
    """What was looked at before a thing is lent again."""

    wiped = Tick(_l("L'appareil est remis à zéro : comptes fermés, données du dernier emprunteur effacées"))
    damages = Word(DamageFate, _l("Ce qui a été rendu abîmé"), labels=DAMAGE_FATES, widget="radio", sometimes=True)
    note = Text(_l("Remarque"), max=300, private=True)


class MissingTold(Schema):
    """Which pieces of which component are missing, found so while the thing was with us."""

    component = Pick(_l("Quel élément ?"), required=True)
    quantity = Number(_l("Combien de pièces manquent ?"), required=True, min=1, max=999)
    note = Text(_l("Remarque"), max=300, private=True)


class Completed(Schema):
    """How what was missing came to be there again."""

    brought_back = Tick(_l("L'emprunteur l'a rapporté : il ne doit plus rien de ce qui manquait"))
    note = Text(_l("Ce qui a été retrouvé, remplacé ou réparé"), required=True, max=300, private=True)
