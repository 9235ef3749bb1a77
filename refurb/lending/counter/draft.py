"""A loan while it is put together at the counter: who and what, carried by the page itself and stored nowhere."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import request

from refurb.directory.agenda.days import SiteDays
from refurb.directory.agenda.queries import days_of
from refurb.directory.queries import code_row
from refurb.documents.signatures import Binding
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import UnreadableCode, find_code
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.lending.borrowers.queries import borrower_by_code, borrowers
from refurb.lending.counter.counting import Counting, to_count
from refurb.lending.items.queries import items_by_codes
from refurb.lending.loans.actions import refuse_unavailable
from refurb.lending.loans.rules import ItemTwice
from refurb.lending.models import Borrower, Item
from refurb.lending.terms import LoanPolicy, Terms, loan_policy

MOST_CODES = 60


class NothingToLend(Refusal):
    """The code is one of ours, but of nothing that is lent and of nobody who borrows."""

    code = "scan.not_lent"
    status = 404


@dataclass
class LoanDraft:
    """Who borrows, what was scanned, why the last scan was not taken, whom a typed name may mean, and whose other card was scanned."""

    borrower: Borrower | None = None
    other: Borrower | None = None
    items: list[Item] = field(default_factory=list)
    counted: dict[int, list[Counting]] = field(default_factory=dict)
    refusal: Refusal | None = None
    candidates: Sequence[Any] = ()

    @property
    def due_on(self) -> date | None:
        """The day proposed for everything together: the earliest of the days proposed for each."""
        return min((loans.due_date(terms, today(), days) for loans, terms, days in self._terms()), default=None)

    @property
    def latest(self) -> date | None:
        """The latest day that may be agreed on."""
        return min((loans.latest(terms, today(), days) for loans, terms, days in self._terms()), default=None)

    def _terms(self) -> list[tuple[LoanPolicy, Terms, SiteDays]]:
        """The policy, the terms of each thing, and the days of the place where the first of them is."""
        if not self.items:
            return []
        loans, days = loan_policy(), days_of(self.items[0].site_id)
        return [(loans, loans.terms(each.product.category), days) for each in self.items]

    @property
    def earliest(self) -> date:
        """The earliest day that may be agreed on."""
        return today() + timedelta(days=1)

    @property
    def values(self) -> list[tuple[int | None, int]]:
        """The value of one and how many, of every piece that leaves."""
        return [(part.value_cents, part.quantity) for item in self.items for part in item.components]

    @property
    def binding(self) -> Binding:
        """What a signature on this page stands for: this borrower and these things, the day of return and all that was counted."""
        who = self.borrower
        told = [who.code, who.name, who.organisation.name if who.organisation else ""] if who else []
        told += [each for item in self.items for each in (item.code, item.name)]
        digest = hashlib.sha256(json.dumps([today().isoformat(), *told], ensure_ascii=False).encode()).hexdigest()
        return Binding(r"emprunteur|article|shown|due_on|[cnt][0-9]+", digest, (("due_on", "due_shown"),))

    @property
    def all_counted(self) -> list[Counting]:
        """Every component of every item, in order."""
        return [each for counted in self.counted.values() for each in counted]


def read_draft(actor: Actor) -> LoanDraft:
    """The draft that this request carries, with what was just scanned added, or what was put back taken out."""
    draft = LoanDraft()
    do = request.form.get("do", "")
    put_back = do.removeprefix("remove:") if do.startswith("remove:") else None
    codes = [code for each in request.values.getlist("article")[:MOST_CODES] if (code := find_code(each)) and code != put_back]
    draft.items = items_by_codes(actor, codes)
    who = do.removeprefix("borrower:") if do.startswith("borrower:") else request.values.get("emprunteur", "")
    if find_code(who):
        try:
            draft.borrower = borrower_by_code(actor, who)
        except NotFound as refusal:
            draft.refusal = refusal
    if typed := request.values.get("scan", "").strip()[:200]:
        try:
            _scan(actor, draft, typed)
        except Refusal as refusal:
            draft.refusal = refusal
    draft.counted = {item.id: to_count(item.components) for item in draft.items}
    return draft


def _scan(actor: Actor, draft: LoanDraft, typed: str) -> None:
    code = find_code(typed)
    row = code_row(code) if code else None
    if code is None:
        draft.candidates = borrowers(actor, typed, 1).rows[:6] if draft.borrower is None else ()
        if not draft.candidates:
            raise UnreadableCode(typed=typed[:60])
    elif row is not None and row.subject_kind == Borrower.KIND:
        scanned = borrower_by_code(actor, code)
        if draft.borrower is None:
            draft.borrower = scanned
        elif scanned.id != draft.borrower.id:  # Two people at the counter is the normal case: whose loan this is stays as it was.
            draft.other = scanned
    elif row is not None and row.subject_kind == Item.KIND:
        _add(actor, draft, code)
    else:
        raise NothingToLend(code=code)


def _add(actor: Actor, draft: LoanDraft, code: str) -> None:
    for item in items_by_codes(actor, [code]):
        if item in draft.items:
            raise ItemTwice(name=item.name)
        refuse_unavailable(item)
        draft.items.append(item)
