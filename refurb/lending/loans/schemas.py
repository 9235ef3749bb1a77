"""What comes in about a loan: the same for the pages and for the API."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from refurb.documents.signatures import Drawing
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Text, Tick
from refurb.lending.items.schemas import ComponentCounted

_MOST = 2**31 - 1


_ON_PAPER = _l("Signer sur papier : la convention est à imprimer et à faire signer")


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

    despite_suspension = Text(max=300, private=True)

    @validates_schema(skip_on_field_errors=True)
    def is_bound(self, facts: dict[str, Any], **_: Any) -> None:
        """A signature that stands for nothing is none."""
        if facts.get("signature") and not facts.get("signed_for"):
            raise ValidationError([Fault("signature.unbound")], "signed_for")


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


class AcceptedByLink(Schema):
    """How whoever borrows signs by the link of a letter: the name typed and a tick, or a drawing; with the sum of the text shown."""

    name = Text(_l("Votre nom, comme il est écrit dans la convention"), max=160, sometimes=True, attrs={"autocomplete": "name"})
    agreed = Tick(_l("J'ai lu cette convention et je l'accepte"))
    signature = Drawing(_l("Ou votre signature, dessinée"), sometimes=True)
    shown = Text(required=True, max=64, widget="hidden")

    @validates_schema
    def is_said(self, facts: dict[str, Any], **_: Any) -> None:
        """One of the two is there."""
        if facts["signature"]:
            return
        if not facts["name"]:
            raise ValidationError([Fault("field.required")], "name")
        if not facts["agreed"]:
            raise ValidationError([Fault("loan.not_agreed")], "agreed")
