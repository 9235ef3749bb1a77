"""Looking up referrals, always within what the actor may know of, and how many there are."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, false, func, select, union_all
from sqlalchemy.orm import joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import named_or_numbered
from refurb.referrals.cases.scope import is_own, kept_by_state, sees_all, visible
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.words import ReferralState

Rows = Select[*tuple[Any, ...]]


def referral_for(actor: Actor, reference: str) -> Referral:
    """One referral with its person, partner and author; `NotFound` for a stranger."""
    referral = db.session.scalar(
        select(Referral)
        .options(joinedload(Referral.beneficiary), joinedload(Referral.partner), joinedload(Referral.prescriber))
        .where(Referral.reference == reference, visible(actor))
    )
    if referral is None:
        raise NotFound
    return referral


def may_open(actor: Actor, referral: Referral) -> bool:
    """Whether the page of a referral is there for somebody: she may have handed its device over, and know of nothing else."""
    return db.session.scalar(select(Referral.id).where(Referral.id == referral.id, visible(actor))) is not None


def openable(actor: Actor, references: Iterable[str]) -> frozenset[str]:
    """Of some references, those whose page is there for somebody: a row of the others leads to none."""
    asked = sorted(set(references))
    if sees_all(actor) or not asked:
        return frozenset(asked)
    return frozenset(db.session.scalars(select(Referral.reference).where(Referral.reference.in_(asked), visible(actor))))


def referrals_of(
    actor: Actor, *, state: ReferralState | None = None, partner_id: int | None = None, closed: bool = True, words: str = ""
) -> Rows:
    """The referrals an actor may know of, newest first, as columns; a name only where it is the prescriber's own.

    `words` look through the names of those that are her own, and of nobody else's; through none where names are closed to her.
    """
    name = case((is_own(actor), Beneficiary.first_name + " " + Beneficiary.last_name))
    query = (
        select(
            Referral.reference,
            Referral.state,
            Referral.device_kind,
            Referral.created_at,
            Referral.submitted_at,
            Referral.household_size,
            Referral.school_children,
            Referral.priority_area,
            Referral.connection,
            Referral.mobility,
            Referral.adaptations,
            Organisation.name.label("partner"),
            name.label("name"),
        )
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(visible(actor))
        .order_by(func.coalesce(Referral.submitted_at, Referral.created_at).desc(), Referral.id.desc())
    )
    if state is not None:
        query = query.where(Referral.state == state)
    if partner_id is not None:
        query = query.where(Referral.partner_id == partner_id)
    if not closed:
        query = query.where(Referral.state.in_(OPEN))
    if words:
        named = named_or_numbered(Beneficiary.search, Referral.reference, ("OR",), words) if actor.sees_names else false()
        query = query.where(is_own(actor), named)
    return query


def home_referrals(actor: Actor, most: int) -> list[Row[Any]]:
    """What somebody who refers sees on her home: first what waits for her (questions, the oldest first; drafts), then the newest."""
    references = list[str]()
    for state in (ReferralState.NEEDS_INFORMATION, ReferralState.DRAFT):
        oldest = select(Referral.reference).where(visible(actor), Referral.state == state).order_by(Referral.submitted_at, Referral.id)
        references += db.session.scalars(oldest.limit(most // 2))
    wanted = list(dict.fromkeys((*references, *_latest(actor, most))))[:most]
    found = {row.reference: row for row in db.session.execute(referrals_of(actor).where(Referral.reference.in_(wanted)))} if wanted else {}
    return [found[each] for each in wanted]


def _latest(actor: Actor, most: int) -> Sequence[str]:
    """The newest references, without sorting all: of what was submitted and of what was not, each read from its end."""
    at = (Referral.reference, func.coalesce(Referral.submitted_at, Referral.created_at).label("at"), Referral.id)
    sent = select(*at).where(visible(actor), Referral.submitted_at.is_not(None)).order_by(Referral.submitted_at.desc(), Referral.id.desc())
    unsent = select(*at).where(visible(actor), Referral.submitted_at.is_(None)).order_by(Referral.created_at.desc(), Referral.id.desc())
    newest = union_all(*(select(each.limit(most).subquery()) for each in (sent, unsent))).subquery()
    return db.session.scalars(select(newest.c.reference).order_by(newest.c.at.desc(), newest.c.id.desc()).limit(most)).all()


OPEN = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.NEEDS_INFORMATION, ReferralState.WAITING, ReferralState.ALLOCATED)


# States in which a referral may not have been submitted yet: the office then sees its own only.
_PERHAPS_UNSENT = frozenset({ReferralState.DRAFT, ReferralState.WITHDRAWN})


def counts_by_state(actor: Actor) -> dict[ReferralState, int]:
    """How many referrals that the actor may know of are in each state."""
    if sees_all(actor):
        return {state: number for state, number in kept_by_state(actor).items() if state not in _PERHAPS_UNSENT} | _counted(
            actor, Referral.state.in_(_PERHAPS_UNSENT)
        )
    if actor.on_own_work(Permission.REFERRAL_READ):
        return _counted(actor)  # Hers are few.
    return kept_by_state(actor)


def _counted(actor: Actor, *conditions: ColumnElement[bool]) -> dict[ReferralState, int]:
    rows = db.session.execute(select(Referral.state, func.count()).where(visible(actor), *conditions).group_by(Referral.state))
    return {row[0]: row[1] for row in rows}


def count_in(actor: Actor, *states: ReferralState) -> int:
    """How many referrals that the actor may know of are in some states."""
    counts = counts_by_state(actor) if _PERHAPS_UNSENT & set(states) else kept_by_state(actor)
    return sum(counts.get(state, 0) for state in states)


def count_to_decide(actor: Actor) -> int:
    """How many referrals wait for the coordination: to be examined, or for a device."""
    return count_in(actor, ReferralState.SUBMITTED, ReferralState.WAITING)


def count_to_answer(actor: Actor) -> int:
    """How many questions wait for the actor's organisation."""
    return count_in(actor, ReferralState.NEEDS_INFORMATION)
