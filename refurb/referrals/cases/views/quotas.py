"""The quotas as a grid: every partner, every public, tried for a period beside what is expected, and adopted as a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.models import Organisation
from refurb.directory.policies.actions import effect_mark, try_policy
from refurb.directory.policies.queries import complaints_of, draft_of, meanwhile, newest_number, text_numbered
from refurb.directory.policies.schemas import PolicyAdoption
from refurb.directory.policies.trials import number_sent, written_meanwhile
from refurb.directory.queries import organisations
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.quotas.policy import MOST_PROMISED, QUOTAS, QuotaPeriod, Quotas
from refurb.referrals.quotas.preview import expected_in, preview_quotas
from refurb.referrals.quotas.queries import asked_of, merged_into, numbers_by_partner, taken_in
from refurb.referrals.quotas.schemas import PeriodDays

P = Permission
NEW = "nouvelle"
_MONTHS = 6


@dataclass(frozen=True)
class GridRow:
    """One partner: the number of each public as it is typed, and what it was given in the period before."""

    partner: Organisation
    numbers: list[tuple[str, str, str]]
    former: str


@blueprint.route("/regles/quotas/essai", methods=["GET", "POST"])
@requires(P.POLICY_WRITE)
def quota_trial(actor: Actor) -> Response:
    """Write the numbers of a period, see what they promise against what is expected, and adopt them."""
    draft = draft_of(QUOTAS.name)
    text = draft.text if draft else text_numbered(QUOTAS, newest_number(QUOTAS))
    complaints = complaints_of(QUOTAS, text)
    made = QUOTAS.in_force() if complaints else QUOTAS.read_text(text)
    place = _place_of(made)
    period = made.periods[place] if place is not None else _next_period(made)
    form = Form(PeriodDays, start={"starts_on": period.starts_on, "ends_on": period.ends_on})
    if request.method == "POST":
        with form.catching():
            typed = _written(text, made, place, form)
            with unit_of_work():
                try_policy(actor, QUOTAS, typed, base=number_sent("base") or newest_number(QUOTAS), seen=number_sent("seen"))
                done = _("L'essai est gardé. Rien n'est encore en vigueur.")
                return go("policies.trial", name=QUOTAS.name, done=done, periode=request.form["starts_on"])
        draft = draft_of(QUOTAS.name)
    newer = meanwhile(QUOTAS, draft)
    is_tried = draft is not None and not newer and not complaints
    return page(
        "referrals/quotas/trial.html",
        file=QUOTAS,
        form=form,
        made=made,
        period=period,
        place=place,
        rows=_rows(made, period, form),
        columns=[each.word for each in made.publics],
        draft=draft,
        newer=newer,
        complaints=complaints,
        changes=written_meanwhile(QUOTAS, form, draft),
        base=number_sent("base") if request.method == "POST" else newest_number(QUOTAS),
        seen=number_sent("seen") if request.method == "POST" else draft.revision if draft else 0,
        expected=expected_in(period),
        effect=preview_quotas(QUOTAS.in_force(), made) if is_tried else None,
        mark=effect_mark(QUOTAS, text) if is_tried else "",
        adoption=Form(PolicyAdoption, start={"in_force_from": max(today(), period.starts_on)}),
        in_force=QUOTAS.in_force().period_on(today()),
        name_of=wired().name_of,
        most=MOST_PROMISED,
    )


def _place_of(made: Quotas) -> int | None:
    """Which period is written: the one asked for by its first day, else the last; None for one that is not there yet."""
    asked = request.values.get("periode", "")
    if asked == NEW or not made.periods:
        return None
    return next((place for place, each in enumerate(made.periods) if each.starts_on.isoformat() == asked), len(made.periods) - 1)


def _next_period(made: Quotas) -> QuotaPeriod:
    """Half a year after the last period, with its numbers; from the first of this half-year where there is none."""
    last = made.periods[-1] if made.periods else None
    begins = last.ends_on + timedelta(days=1) if last else date(today().year, 1 if today().month <= _MONTHS else _MONTHS + 1, 1)
    months = begins.year * 12 + begins.month - 1 + _MONTHS
    return QuotaPeriod(begins, date(months // 12, months % 12 + 1, 1) - timedelta(days=1), last.numbers if last else {})


def _cell(partner: Organisation, public: str) -> str:
    return f"n-{partner.reference}-{public}"


def _rows(made: Quotas, period: QuotaPeriod, form: Form) -> list[GridRow]:
    former = next((each for each in reversed(made.periods) if each.ends_on < period.starts_on), None)
    taken = taken_in(former, made) if former else {}
    asked = asked_of(made)
    promised, before = numbers_by_partner(period), numbers_by_partner(former)
    rows = []
    for partner in organisations(partner=True):
        held: Mapping[str, int] = promised.get(partner.id, {})
        numbers = [
            (_cell(partner, each.key), f"{each.word}, {partner.name}",
             request.form.get(_cell(partner, each.key), "") if form.faults or form.refusal else str(held.get(each.key, "")))
            for each in made.publics
        ]  # fmt: skip
        got = sum(taken.get((partner.id, each.key), 0) for each in made.publics)
        waits = sum(asked.get((partner.id, each.key), 0) for each in made.publics)
        rows.append(GridRow(partner, numbers, _former_said(former, before.get(partner.id, {}), got, waits)))
    return rows


def _former_said(former: QuotaPeriod | None, numbers: Mapping[str, int], got: int, waits: int) -> str:
    waiting = _n("%(num)s en attente", "%(num)s en attente", waits)
    if former is None:
        return waiting
    if not numbers:
        return _("%(got)s reçus, sans quota, %(waiting)s", got=got, waiting=waiting)
    return _("%(got)s reçus sur %(most)s, %(waiting)s", got=got, most=sum(numbers.values()), waiting=waiting)


def _written(text: str, made: Quotas, place: int | None, form: Form) -> str:
    """The text of the trial with what was typed in the grid. Raises `Invalid` with what is no number, beside its field."""
    from tomlkit import aot, dumps, parse, table  # noqa: PLC0415 - loaded where it is used

    days = form.load()
    numbers: dict[str, dict[str, int]] = {}
    wrong: dict[str, list[Fault]] = {}
    shown = made.periods[place] if place is not None else None
    for partner in organisations(partner=True):
        for public in made.publics:
            name = _cell(partner, public.key)
            typed = request.form.get(name, "").strip()
            promised = number_in(typed)
            if typed and (promised is None or promised > MOST_PROMISED):
                wrong[name] = [Fault("policy.whole_at", name=partner.name, public=public.word, most=MOST_PROMISED)]
            elif promised is not None:
                numbers.setdefault(partner.reference or "", {})[public.key] = promised
    if wrong:
        raise Invalid(wrong)
    # What was promised to who is not on the grid any more stays as it was written; of a merged record it is in the other's row.
    partners = {each.id: each.reference for each in organisations(partner=True)}
    listed = {*partners.values(), *merged_into(partners)}
    numbers |= {key: dict(each) for key, each in (shown.numbers if shown else {}).items() if key not in listed}
    document: Any = parse(text)
    if "period" not in document:
        document["period"] = aot()
    if shown is None:
        document["period"].append(table())
        written = document["period"][-1]
    else:
        written = next(each for each in document["period"] if each["starts_on"] == shown.starts_on)
    written["starts_on"], written["ends_on"] = days["starts_on"], days["ends_on"]
    written["numbers"] = dict(sorted(numbers.items()))
    return str(dumps(document))
