"""What comes in about products, items, borrowers and loans: the same for the pages and for the API."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates, validates_schema

from refurb.documents.fields import PersonName
from refurb.documents.signatures import Drawing
from refurb.inventory.devices.schemas.moves import ComponentTold
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, LongText, Number, Phone, Pick, Text, Tick, Word
from refurb.lending.words import COMPONENT_STATES, DAMAGE_FATES, SETTLED_BY_HAND, ComponentState, DamageFate, DebtEnd

_MOST = 2**31 - 1
_ON_PAPER = _l("Signer sur papier : la convention est à imprimer et à faire signer")


class NewProduct(Schema):
    """What can be asked for."""

    name = Text(_l("Nom du produit"), required=True, max=120, help=_l("Comme on le demande au comptoir : « Tablette 10 pouces »"))
    category = Text(_lp("product", "Catégorie"), required=True, max=32, widget="select", help=_l("Elle décide de la durée du prêt."))
    about = LongText(_l("Présentation"), max=500)


class ItemFacts(Schema):
    """What one thing to lend is called; its components are told beside."""

    product_id = Pick(_l("Produit"), required=True)
    name = Text(_l("Nom sur l'étiquette et au comptoir"), required=True, max=160)


class NewItem(Schema):
    """One thing to lend, with all that is counted when it goes and when it returns."""

    product_id = Number(required=True, max=_MOST)
    name = Text(required=True, max=160)
    components = fields.List(fields.Nested(ComponentTold), required=True)


class NewBorrower(Schema):
    """Who borrows: an adult, for oneself, for a child or for an organisation."""

    name = PersonName(_l("Nom et prénom"), required=True, max=160, attrs={"autocomplete": "off"})
    organisation_id = Pick(_l("Emprunte pour une structure"), help=_l("Une école, une association, un service."))
    phone = Phone(_l("Téléphone"), help=_l("Le téléphone ou l'adresse de courriel : l'un des deux suffit."))
    email = Email(_l("Adresse de courriel"))
    anyway = Tick(_l("C'est une autre personne : créer quand même une carte"))
    is_adult = Tick(_l("Cette personne est majeure. Pour un enfant, c'est le parent ou le responsable légal qui emprunte."), must=True)


class BorrowerFacts(Schema):
    """Who somebody is, and how to reach them."""

    name = PersonName(_l("Nom et prénom"), required=True, max=160, attrs={"autocomplete": "off"})
    organisation_id = Pick(_l("Emprunte pour une structure"))
    phone = Phone(_l("Téléphone"), help=_l("Le téléphone ou l'adresse de courriel : l'un des deux suffit."))
    email = Email(_l("Adresse de courriel"))


class ComponentCounted(Schema):
    """What was found of one component; a quantity is told when some are missing."""

    component = Number(required=True, max=_MOST)
    state = Word(ComponentState, required=True, labels=COMPONENT_STATES)
    quantity = Number(max=999)
    note = Text(max=200)


class LineTold(Schema):
    """One item that leaves, by its code; the day of return is the policy's when none is told."""

    item = Text(required=True, max=200)
    due_on = Date(future=True)
    counts = fields.List(fields.Nested(ComponentCounted), load_default=list)


class LineSeen(Schema):
    """One item and its day of return, as they were shown."""

    item = Text(required=True, max=200)
    due_on = Date(future=True)


class SignedFor(Schema):
    """What the borrower had before the eyes when the signature was drawn; a change of any of it voids the signature."""

    borrower = Text(required=True, max=200)
    lines = fields.List(fields.Nested(LineSeen), required=True)


class NewLoan(Schema):
    """What one borrower takes away: by codes, signed on the screen, or to be signed on paper."""

    borrower = Text(max=200)
    lines = fields.List(fields.Nested(LineTold), load_default=list)
    signature = Drawing(_l("Signature de l'emprunteur"))
    signed_for = fields.Nested(SignedFor, load_default=None, allow_none=True)
    on_paper = Tick(_ON_PAPER)
    counted_at_once = Tick()
    override = Text(max=300)


class LoanTold(NewLoan):
    """The same by the JSON door: a signature comes with what it was drawn for, which the page's own binding says there."""

    @validates_schema(skip_on_field_errors=True)
    def is_bound(self, facts: dict[str, Any], **_: Any) -> None:
        """A signature that stands for nothing is none."""
        if facts.get("signature") and not facts.get("signed_for"):
            raise ValidationError([Fault("signature.unbound")], "signed_for")


class Leaving(Schema):
    """With which loan an item leaves, until when, and what was counted."""

    loan_id = Number(required=True, max=_MOST)
    due_on = Date(required=True, future=True)
    counts = fields.List(fields.Nested(ComponentCounted), required=True)
    override = Text(max=300, private=True)


class Returning(Schema):
    """What was counted when an item came back."""

    counts = fields.List(fields.Nested(ComponentCounted), load_default=list)
    note = Text(_l("Remarque"), max=500)


class Undone(Schema):
    """Why a return is undone, and of which line of a loan."""

    line = Number(required=True, max=_MOST)
    reason = Text(required=True, max=300, private=True)


class Checked(Schema):
    """What was looked at before a thing is lent again."""

    wiped = Tick(_l("L'appareil est remis à zéro : comptes fermés, données du dernier emprunteur effacées"))
    damages = Word(DamageFate, _l("Ce qui a été rendu abîmé"), labels=DAMAGE_FATES, widget="radio", sometimes=True)
    note = Text(_l("Remarque"), max=300, private=True)


class Settled(Schema):
    """How a debt was settled."""

    how = Word(DebtEnd, _l("Comment est-ce réglé ?"), labels=SETTLED_BY_HAND, widget="radio", required=True)
    note = Text(_l("Remarque"), max=300, private=True)

    @validates("how")
    def is_said_by_hand(self, how: DebtEnd, **_: Any) -> None:
        """Found and mistaken follow from other deeds."""
        if how not in SETTLED_BY_HAND:
            raise ValidationError([Fault("field.choice")])


class Completed(Schema):
    """How what was missing came to be there again."""

    brought_back = Tick(_l("L'emprunteur l'a rapporté : il ne doit plus rien de ce qui manquait"))
    note = Text(_l("Ce qui a été retrouvé, remplacé ou réparé"), required=True, max=300, private=True)


class Given(Schema):
    """The departure page's own fields; its items and counts come beside."""

    due_on = Date(_l("À rendre le"), future=True)
    signature = Drawing(_l("Signature de l'emprunteur"))
    on_paper = Tick(_ON_PAPER)
    override = Text(
        _l("Pourquoi le prêter quand même ?"),
        max=300,
        help=_l("La réservation passe dans la liste de celles qui manquent, avec votre nom et cette raison : prévenez la personne."),
    )
