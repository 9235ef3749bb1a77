"""What comes in about what is owed: the same for the pages and for the API."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates

from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Text, Word
from refurb.lending.words import SETTLED_BY_HAND, DebtEnd

_MOST = 2**31 - 1
MOST_AT_ONCE = 500
"""Debts that are told to the finance office in one deed."""


class Settled(Schema):
    """How a debt was settled."""

    how = Word(DebtEnd, _l("Comment est-ce réglé ?"), labels=SETTLED_BY_HAND, widget="radio", required=True)
    note = Text(_l("Remarque"), max=300, private=True)

    @validates("how")
    def is_said_by_hand(self, how: DebtEnd, **_: Any) -> None:
        """Found and mistaken follow from other deeds."""
        if how not in SETTLED_BY_HAND:
            raise ValidationError([Fault("field.choice")])


class HandedTold(Schema):
    """Of which debts the finance office was told, by their numbers."""

    debts = fields.List(Number(required=True, max=_MOST), required=True)

    @validates("debts")
    def are_not_too_many(self, debts: list[int], **_: Any) -> None:
        """Each is held and written: what a page can tick, and no more."""
        if len(debts) > MOST_AT_ONCE:
            raise ValidationError([Fault("debt.too_many", most=MOST_AT_ONCE)])
