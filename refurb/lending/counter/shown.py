"""A pile as its page draws it: each line with what it is, until when, what is left to count; and what a signature stands for."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask_babel import force_locale

from refurb.directory.agenda.days import SiteDays
from refurb.documents.signatures import Binding
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, day
from refurb.lending.counter.counting import Counting, counts_told, to_count, unanswered
from refurb.lending.counter.models import Pile, PileLine
from refurb.lending.counter.queries import lines_out, stop_of_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.debts.queries import damages_of, open_debts_of_item
from refurb.lending.handing import Handing
from refurb.lending.loans.pdf import deposits_said, guarantees_said
from refurb.lending.models import Borrower, Component, ComponentCount, Damage, Debt, Item, Loan, LoanLine
from refurb.lending.queries import days_late
from refurb.lending.reservations.following import days_reserved
from refurb.lending.terms import LoanPolicy, Terms, loan_policy
from refurb.lending.words import ComponentState, DebtKind
from refurb.lending.worth import worth


@dataclass(frozen=True)
class ShownLine:
    """One line of a pile with all that is asked of it. `due_on` is the day agreed on.

    That is the day of its reservation, or the policy's own, until somebody chooses another.
    `stop` is where it is brought back, if not where it is kept.
    """

    row: PileLine
    item: Item
    terms: Terms
    counted: Sequence[Counting]
    line: LoanLine | None
    damages: Sequence[Damage]
    debts: Sequence[Debt]
    due_on: date
    proposed: date
    latest: date
    is_reserved: bool
    stop: int | None = None

    @property
    def handed_in_at(self) -> int:
        """Where it is taken back: the stop of today, else where the pile is."""
        return self.stop or self.row.pile.site_id

    @property
    def given_back_at(self) -> int | None:
        """Where it stands once it is taken back here, if that is neither its place nor the stop of its loan."""
        here = self.handed_in_at
        return None if self.line is None or here in {self.item.site_id, self.line.loan.handover_id} else here

    @property
    def left(self) -> list[str]:
        """What is still to be counted one by one; nothing where the press that records says that all is there."""
        return unanswered(self.counted) if self.terms.counted else []

    @property
    def odd(self) -> list[Counting]:
        """What is broken or missing."""
        return [each for each in self.counted if each.state in {ComponentState.DAMAGED, ComponentState.MISSING}]

    @property
    def is_incomplete(self) -> bool:
        """Whether something is missing that should be there."""
        return any(each.state == ComponentState.MISSING for each in self.counted)

    @property
    def answered(self) -> int:
        """How many components have their answer, those among them of which nothing left."""
        return len(self.counted) - len(unanswered(self.counted))

    @property
    def tone(self) -> str:
        """How the line is drawn: refused, doubtful or fine."""
        if self.row.refusal:
            return "stop"
        return "wait" if self.odd or self.left else "ok"

    @property
    def why(self) -> str:
        """Why it stays out, or what is to be corrected of it, in words; nothing where it is fine."""
        told = self.row.refusal
        return sentence(Fault(told["code"], **_read(told["facts"]))) if told else ""

    @property
    def wrong(self) -> str:
        """Which of its fields is to be corrected: `due_on`, `back_on`, `counts`, or none."""
        return str((self.row.refusal or {}).get("field", ""))

    @property
    def days_late(self) -> int:
        """By how many days it comes back late, on the day on which it came back."""
        return days_late(self.line, self.row.back_on or today()) if self.line else 0

    @property
    def told(self) -> list[dict[str, Any]]:
        """What was counted, as the deeds take it: where nothing has to be counted one by one, what has no answer is there."""
        return counts_told(self.counted, at_once=not self.terms.counted)

    @property
    def found_worth(self) -> str:
        """What is owed no more once it is found."""
        return worth((each.value_cents, 1) for each in self.debts)

    @property
    def at_once(self) -> bool:
        """Whether something is taken to be there that nobody looked at one by one."""
        return not self.terms.counted and bool(unanswered(self.counted))


class LookedUp:
    """What is looked up for all lines of a pile at once: by whom each is out, what is broken of it, the stop, the days that are open.

    None of it follows from what is counted: within one unit it may serve again.
    """

    def __init__(self, pile: Pile) -> None:
        items = [each.item for each in pile.lines]
        self.out, self.damages, self.stop = lines_out(items), damages_of(items), stop_of_pile(pile)
        self._days: dict[int, SiteDays] = {}

    def days(self, item: Item) -> SiteDays:
        """The days on which a thing can come back."""
        if item.site_id not in self._days:
            self._days[item.site_id] = Handing(item.site_id, self.stop).days
        return self._days[item.site_id]


def shown_lines(pile: Pile, looked: LookedUp) -> list[ShownLine]:
    """The lines of a pile, the newest first in its half."""
    # What was refused comes last: the others have first what is reserved.
    leaving = sorted((each for each in pile.lines if each.kind is PileLineKind.LEAVES), key=lambda each: each.stays_out)
    kept = days_reserved(pile.borrower_id, [(each.item, each.due_on or _usual_day(pile, each.item, looked)) for each in leaving])
    return [_shown(pile, each, looked, kept.get(each.item_id)) for each in reversed(pile.lines)]


def _terms_for(pile: Pile, item: Item) -> LoanPolicy:
    return loan_policy().for_whom(pile.borrower.kind, item.site_id) if pile.borrower else loan_policy()


def _usual_day(pile: Pile, item: Item, looked: LookedUp) -> date:
    loans = _terms_for(pile, item)
    return loans.due_date(loans.terms(item.product.category), today(), looked.days(item))


def _shown(pile: Pile, row: PileLine, looked: LookedUp, kept: date | None) -> ShownLine:
    item, line = row.item, looked.out.get(row.item_id)
    loans = _terms_for(pile, item)
    terms, days = loans.terms(item.product.category), looked.days(item)
    returns = row.kind is PileLineKind.RETURNS
    # What was reserved comes back on the day that was agreed on, others may have it after; what cannot be any more, as usual.
    proposed = loans.due_date_kept(terms, today(), days, kept)
    pictures: Mapping[str, str | None] = {each.name: each.picture for each in item.components}
    expected: Sequence[Any] = (line.counts if line else []) if returns else item.components if row.kind is PileLineKind.LEAVES else []
    return ShownLine(
        row=row,
        item=item,
        terms=terms,
        counted=to_count(row.id, expected, row.answers, pictures, {each.count_id for each in row.photos}),
        line=line if returns else None,
        damages=looked.damages.get(row.item_id, []),
        debts=open_debts_of_item(item, DebtKind.LOST) if row.kind is PileLineKind.FOUND else [],
        due_on=row.due_on or proposed,
        proposed=proposed,
        latest=loans.latest(terms, today(), days),
        stop=looked.stop,
        is_reserved=kept is not None,
    )


@dataclass(frozen=True)
class ShownPile:
    """A pile with its lines in their three halves."""

    pile: Pile
    lines: Sequence[ShownLine]
    looked: LookedUp

    def of(self, *kinds: PileLineKind) -> list[ShownLine]:
        """Its lines of some kinds, the refused ones among them."""
        return [each for each in self.lines if each.row.kind in kinds]

    @property
    def back(self) -> list[ShownLine]:
        """What comes back, and what was found."""
        return self.of(PileLineKind.RETURNS, PileLineKind.FOUND)

    @property
    def leaving(self) -> list[ShownLine]:
        """What leaves, without what was refused."""
        return [each for each in self.of(PileLineKind.LEAVES) if not each.row.stays_out]

    @property
    def returning(self) -> list[ShownLine]:
        """What comes back, without what was refused."""
        return [each for each in self.back if not each.row.stays_out]

    @property
    def sound(self) -> list[ShownLine]:
        """All that would be recorded."""
        return [*self.returning, *self.leaving]

    @property
    def refused(self) -> int:
        """How many lines stay out."""
        return len(self.lines) - len(self.sound)

    @property
    def borrowers(self) -> int:
        """Of how many people things come back."""
        return len({each.line.loan.borrower_id for each in self.returning if each.line})

    @property
    def people(self) -> list[Borrower]:
        """Who stands here, and of whom things come back, with a card or without."""
        found = [self.pile.borrower, *(each.line.loan.borrower for each in self.returning if each.line)]
        return list({each.id: each for each in found if each is not None}.values())

    @property
    def left(self) -> list[str]:
        """What is still to be counted one by one."""
        return [name for each in self.sound for name in each.left]

    @property
    def at_once(self) -> bool:
        """Whether recording says that something is there that nobody looked at one by one."""
        return any(each.at_once for each in self.sound)

    @property
    def signed_for(self) -> list[ShownLine]:
        """What a signature stands for: all that leaves, and what comes back where its category asks for a signature."""
        return [*self.leaving, *(each for each in self.returning if each.terms.return_signed)]

    @property
    def worth(self) -> str:
        """What it would cost to replace all that leaves."""
        return worth((part.value_cents, part.whole) for each in self.leaving for part in each.counted)

    @property
    def remarks(self) -> list[str]:
        """What is noted of what leaves, or comes back to be signed: broken, missing."""
        return [_remark(part) for each in self.signed_for for part in each.odd]

    @cached_property
    def guaranteed(self) -> list[str]:
        """What was shown or left for what leaves, as its agreement says it, in the language of the act."""
        who = self.pile.borrower
        if who is None or not self.leaving:
            return []
        with force_locale("fr"):
            leaving = [(each.item.site_id, each.item.product.category, each.due_on) for each in self.leaving]
            return [*guarantees_said(who, today(), leaving), *deposits_said(who)]

    @property
    def digest(self) -> str:
        """The sum of what a signature stands for; a change of any of it voids the signature."""
        who = self.pile.borrower
        told: list[Any] = [today().isoformat(), loan_policy().version]
        # By the card and never by the name, which is not read alike by everybody.
        told += [who.code, who.organisation_id] if who else []
        told += self.guaranteed
        for each in sorted(self.signed_for, key=lambda shown: shown.row.id):
            told.append([each.row.kind, each.item.code, each.item.name, each.due_on.isoformat(), each.told, each.left])
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def binding(self) -> Binding:
        """What a signature drawn on this page stands for."""
        numbers = "|".join(str(each.row.id) for each in self.signed_for) or "0"
        return Binding(rf"[cntd](?:{numbers})(?:-[0-9]+)?", self.digest)

    @property
    def is_signed(self) -> bool:
        """Whether the drawing that is kept stands for what lies here now."""
        return self.pile.drawing is not None and self.pile.binding == self.digest

    @property
    def is_void(self) -> bool:
        """Whether something changed after the drawing that is kept."""
        return self.pile.drawing is not None and not self.is_signed

    @property
    def sentences(self) -> list[str]:
        """The lines of what is signed, in words."""
        return [
            _("%(name)s, à rendre %(day)s", name=each.item.name, day=day(each.due_on, "full"))
            if each.row.kind is PileLineKind.LEAVES
            else _("%(name)s, rendu", name=each.item.name)
            for each in sorted(self.signed_for, key=lambda shown: shown.row.id)
        ]

    @property
    def unchanged(self) -> list[tuple[str, str]]:
        """The lines of what is signed, as `changes` says them where nothing changed."""
        return [(each, "") for each in self.sentences]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Each line of what is to be signed: what it says, and what it said when the void signature was drawn, "" for a new one."""
        before = self.pile.shown or []
        after = self.sentences
        gone = [each for each in before if each not in after]
        return [(each, "" if each in before or not gone else gone.pop(0)) for each in after] + [("", each) for each in gone]

    @property
    def heard(self) -> tuple[str, str, str] | None:
        """The last thing heard: its tone, in words, and when."""
        told = self.pile.heard
        if not told:
            return None
        people = {each.id: each.name for each in (self.pile.borrower, self.pile.retained) if each is not None}
        facts = _read(told["facts"])
        if "who" in facts:  # Nobody's name is kept with what was heard.
            facts["name"] = people.get(facts["who"], "–")
        return told["tone"], sentence(Fault(told["code"], **facts)), told["at"]

    @property
    def earliest(self) -> date:
        """The earliest day of return that may be agreed on."""
        return today() + timedelta(days=1)


def _read(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they were before they were stored: a day is a day again, which people read in their words."""
    return {name: date.fromisoformat(each) if isinstance(each, str) and _DAY.fullmatch(each) else each for name, each in facts.items()}


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _remark(part: Counting) -> str:
    if part.state == ComponentState.MISSING:
        return _("%(name)s : %(here)s sur %(all)s", name=part.name, here=part.quantity or "0", all=part.whole)
    return _("%(name)s : abîmé (%(note)s)", name=part.name, note=part.note) if part.note else _("%(name)s : abîmé", name=part.name)


def loan_to_be(shown: ShownPile) -> Loan:
    """The loan that recording would make, stored nowhere: what its agreement would say."""
    loan = Loan(borrower=shown.pile.borrower, started_at=now())
    for each in sorted(shown.leaving, key=lambda one: one.row.id):
        told = {int(answer["component"]): answer for answer in each.told}
        loan.lines.append(LoanLine(item=each.item, due_on=each.due_on, counts=[_count_to_be(part, told) for part in each.item.components]))
    return loan


def _count_to_be(part: Component, told: Mapping[int, Mapping[str, Any]]) -> ComponentCount:
    answer = told.get(part.id, {"state": ComponentState.COMPLETE})
    state = ComponentState(answer["state"])
    quantity = str(answer.get("quantity", "0"))
    here = part.quantity if state is not ComponentState.MISSING else number_in(quantity) or 0
    return ComponentCount(
        name=part.name,
        value_cents=part.value_cents,
        quantity_expected=part.quantity,
        quantity_out=here,
        state_out=state,
        note_out=answer.get("note"),
    )


def shown_pile(pile: Pile, looked: LookedUp | None = None) -> ShownPile:
    """A pile as its page draws it; `looked` is what was looked up of it within the same unit, while nothing came or went."""
    looked = looked or LookedUp(pile)
    return ShownPile(pile, shown_lines(pile, looked), looked)


def hour(instant: Any) -> str:
    """The time of day: « 14 h 06 »."""
    here = local(instant)
    return f"{here.hour}\u202fh\u202f{here.minute:02d}"
