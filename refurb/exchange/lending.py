"""Things to lend and borrowers from a table."""

from typing import Any

from marshmallow import Schema, post_load
from sqlalchemy import select

from refurb.documents.fields import PersonName
from refurb.exchange.headings import Headings
from refurb.exchange.kinds import AlreadyHere, Facts, RowKind
from refurb.exchange.models import ExchangeMark
from refurb.exchange.words import ExchangeKind
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import plain_serial
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Email, Phone, Text, Tick, Wrong
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.borrowers.queries import borrower_like
from refurb.lending.items.actions import add_item, add_product
from refurb.lending.models import Item, Product
from refurb.lending.terms import loan_policy

ITEM_HEADINGS: Headings = {
    "name": ("item name", "nom", "name", "nom de l'objet", "designation", "libelle", "intitule", "titre", "hb name", "title"),
    "product": ("produit", "modele", "model", "model name", "product", "type", "type de materiel", "category", "categorie", "famille"),
    "tag": (
        "asset tag", "numero d'inventaire", "n inventaire", "n d'inventaire", "inventory number", "no inventaire", "code", "etiquette",
        "reference", "code barre", "barcode", "hb asset id",
    ),
    "serial": ("numero de serie", "n de serie", "n serie", "serial", "serial number", "serie"),
}  # fmt: skip
BORROWER_HEADINGS: Headings = {
    "name": ("nom et prenom", "nom complet", "full name", "emprunteur", "personne", "display name"),
    "first_name": ("prenom", "first name", "firstname", "given name"),
    "last_name": ("nom de famille", "nom", "last name", "lastname", "surname", "name"),
    "email": (
        "courriel", "email", "e-mail", "mail", "adresse e-mail", "adresse mail", "adresses de messagerie", "adresse electronique", "emails",
    ),
    "phone": ("telephone", "tel", "phone", "portable", "mobile", "telephone mobile", "numero de telephone"),
}  # fmt: skip


class ItemRow(Schema):
    """One thing to lend in a table."""

    name = Text(_l("Nom sur l'étiquette et au comptoir"), max=160)
    product = Text(_lp("exchange", "Produit"), max=120)
    tag = Text(_l("N° d'inventaire"), max=120)
    serial = Text(_l("N° de série"), max=120)

    @post_load
    def name_it(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A thing without a name bears its product's, and what has no product is one of its own name."""
        name, product = facts.get("name"), facts.get("product")
        tag = facts.get("tag") or facts.get("serial")
        called = name or (f"{product} {tag}" if product and tag else product) or ""
        return facts | {"name": called[:160], "product": (product or called)[:120]}


class _Category(Text):
    """One of the categories of the loan policy."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in loan_policy().categories:
            raise Wrong("field.choice")
        return text


class ItemChoices(Schema):
    """What the import of things to lend asks."""

    category = _Category(
        _l("Catégorie des produits nouveaux"),
        required=True,
        choices=lambda: [(key, terms.name) for key, terms in loan_policy().categories.items()],
        help=_l("Elle décide de la durée du prêt, et se corrige ensuite produit par produit."),
    )


def _check_item(facts: Facts) -> None:
    if not facts["name"]:
        raise Invalid({"name": [Fault("field.required")]})


def _check_borrower(facts: Facts) -> None:
    if not facts["name"]:
        raise Invalid({"name": [Fault("field.required")]})
    if not facts.get("phone") and not facts.get("email"):
        raise Invalid({"phone": [Fault("borrower.unreachable")]})


def marks_of(facts: Facts) -> set[str]:
    """By what a thing with a former label or a serial number is known again."""
    serial = facts.get("serial")
    found = {f"tag {fold(facts['tag'])}"[:140]} if facts.get("tag") else set()
    if serial and not is_placeholder(serial):
        found.add(f"serial {plain_serial(serial)}"[:140])
    return found


def _item_keys(facts: Facts) -> set[str]:
    return marks_of(facts) or {f"name {fold(facts['name'])} {fold(facts['product'])}"}


def _unnumbered(facts: Facts, first: int) -> Fault | None:
    """Two things without a number may be two of a kind, or one written twice: nobody can tell, and none is lost in silence."""
    return None if marks_of(facts) else Fault("exchange.unnumbered", row=first)


def _known_item(facts: Facts) -> AlreadyHere | None:
    marks = marks_of(facts)
    if marks:
        query = select(Item).join(ExchangeMark, ExchangeMark.subject_id == Item.id)
        query = query.where(ExchangeMark.subject_kind == Item.KIND, ExchangeMark.mark.in_(marks))
    else:
        query = (
            select(Item).join(Product, Product.id == Item.product_id).where(Item.name == facts["name"], Product.name == facts["product"])
        )
    found = db.session.scalars(query.order_by(Item.id).limit(1)).first()
    return AlreadyHere(found.id, "lending.item", {"code": found.code}) if found else None


def _store_item(actor: Actor, facts: Facts, choices: Facts) -> None:
    product = db.session.scalar(select(Product).where(Product.name == facts["product"]))
    if product is None:
        product = add_product(actor, name=facts["product"], category=choices["category"])
        db.session.flush()
    item = add_item(actor, product_id=product.id, name=facts["name"], components=[{"name": facts["product"], "quantity": 1}])
    db.session.flush()
    db.session.add_all(ExchangeMark(subject_kind=Item.KIND, subject_id=item.id, mark=mark) for mark in marks_of(facts))


class BorrowerRow(Schema):
    """One borrower in a table."""

    name = PersonName(_l("Nom et prénom"), max=160)
    first_name = PersonName(_lp("exchange", "Prénom"), max=80)
    last_name = PersonName(_l("Nom de famille"), max=80)
    email = Email(_l("Adresse de courriel"))
    phone = Phone(_l("Téléphone"))

    @post_load
    def join_names(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The first name and the family name are one name here."""
        both = " ".join(filter(None, (facts.pop("first_name", None), facts.pop("last_name", None))))
        return facts | {"name": facts.get("name") or both}


class BorrowerChoices(Schema):
    """What the import of borrowers asks."""

    is_adult = Tick(
        _l("Toutes ces personnes sont majeures. Pour un enfant, c'est le parent ou le responsable légal qui emprunte."), must=True
    )


def _borrower_keys(facts: Facts) -> set[str]:
    name = fold(facts["name"])
    return {f"{name} {facts[each]}".casefold() for each in ("phone", "email") if facts.get(each)}


def _known_borrower(facts: Facts) -> AlreadyHere | None:
    found = borrower_like(facts["name"], facts.get("phone"), facts.get("email"))
    return AlreadyHere(found.id, "lending.borrower", {"code": found.code}) if found else None


def _store_borrower(actor: Actor, facts: Facts, _choices: Facts) -> None:
    register_borrower(actor, is_adult=True, **facts)


ITEMS = RowKind(
    kind=ExchangeKind.ITEMS,
    icon="package",
    title=_l("Matériel à prêter"),
    about=_l("Ce qui part et revient : malles, tablettes, vidéoprojecteurs."),
    permission=Permission.ITEM_WRITE,
    schema=ItemRow,
    headings=ITEM_HEADINGS,
    one_of=(frozenset({"name"}), frozenset({"product"})),
    keys=_item_keys,
    find=_known_item,
    store=_store_item,
    unlike=_unnumbered,
    check=_check_item,
    choices=ItemChoices,
    endpoint="lending.item_list",
)
BORROWERS = RowKind(
    kind=ExchangeKind.BORROWERS,
    icon="users",
    title=_l("Emprunteurs"),
    about=_l("Les personnes majeures qui empruntent, avec un téléphone ou une adresse."),
    permission=Permission.BORROWER_WRITE,
    schema=BorrowerRow,
    headings=BORROWER_HEADINGS,
    one_of=(frozenset({"name"}), frozenset({"last_name"})),
    keys=_borrower_keys,
    find=_known_borrower,
    store=_store_borrower,
    check=_check_borrower,
    choices=BorrowerChoices,
    endpoint="lending.borrower_list",
)
