"""Where each file stands, as the social worker reads it: state and rank in words, the next date, and what is expected of her."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.cases.priority import Needs, order
from refurb.referrals.cases.queries.waiting import Rank, standings_of
from refurb.referrals.cases.queries.waits import WaitSpan, usual_waits
from refurb.referrals.cases.thread import open_question
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import AllocationState


@dataclass(frozen=True)
class Followed:
    """One file in words; nothing is expected where `expected` is empty, and no date is known where `when` is."""

    told: str
    when: str
    expected: str


def followed(references: Sequence[str], *, ranked: bool = True) -> dict[str, Followed]:
    """Those of some references, which the reader may know of, in words; the rank costs a count each, and is left out where many ask."""
    found = list(db.session.scalars(select(Referral).where(Referral.reference.in_(references))))
    waiting = [each for each in found if each.state.is_waiting]
    ranks = standings_of(waiting) if ranked else {}
    likes = {each.id: like_of(each) for each in waiting}
    spans = usual_waits(set(likes.values()))
    held = _held([each.id for each in found])
    usual = {number: spans.get(like) for number, like in likes.items()}
    return {each.reference: _told(each, ranks.get(each.id), usual.get(each.id), held.get(each.id)) for each in found}


def like_of(referral: Referral) -> tuple[DeviceKind, int]:
    """By what a wait resembles others: the kind of device, and the priority of the rule in force."""
    return referral.device_kind, order().own_of(Needs.of(referral)).number


def _held(ids: Sequence[int]) -> dict[int, Allocation]:
    query = select(Allocation).where(Allocation.referral_id.in_(ids), Allocation.state != AllocationState.CANCELLED)
    return {each.referral_id: each for each in db.session.scalars(query.order_by(Allocation.id))}


def _told(referral: Referral, rank: Rank | None, span: WaitSpan | None, held: Allocation | None) -> Followed:
    if referral.state.is_waiting:
        return Followed(_waits(referral, rank), usual_said(referral, span), "")
    if referral.is_joined:
        return Followed(_("Le foyer est suivi par une autre demande."), "", "")
    if held is not None:
        return _held_said(held)
    if referral.state.is_draft:
        return Followed(_("Pas encore transmise."), "", _("Finir et transmettre"))
    if referral.state.awaits_an_answer:
        asked = open_question(referral)
        return Followed(_("« %(question)s »", question=asked.text) if asked else "", "", _("Répondre à la question"))
    return Followed(_("La coordination examine la demande.") if referral.state.is_submitted else "", "", "")


def _held_said(held: Allocation) -> Followed:
    handover = held.handover
    if handover is None:
        return Followed(_("Un appareil est réservé : la coordination fixe la remise avec vous."), _held_to(held), "")
    said = (
        _("Remis le %(day)s.", day=day(handover.handed_at))
        if handover.is_signed
        else _("L'appareil est parti, son bon de remise est à signer.")
    )
    return Followed(said, "", "")


def _held_to(held: Allocation) -> str:
    if held.held_until is None:
        return _("Remise à fixer")
    return _("Remise à fixer ; réservé jusqu'au %(day)s", day=day(held.held_until))


def _waits(referral: Referral, rank: Rank | None) -> str:
    reasons = " ; ".join(order().reasons(Needs.of(referral)))
    if rank is None:
        return f"{reasons}."
    ahead = _n("%(num)s passe avant.", "%(num)s passent avant.", rank.rank - 1) if rank.rank > 1 else _("Personne ne passe avant.")
    return _("Rang %(rank)s sur %(total)s. %(ahead)s %(reasons)s.", rank=rank.rank, total=rank.total, ahead=ahead,
             reasons=reasons)  # fmt: skip


def usual_said(referral: Referral, span: WaitSpan | None) -> str:
    """Between which days one that waits is usually given a device; nothing where that is not known, or is over."""
    days = span.days(referral.submitted_at) if span and referral.submitted_at else None
    if days is None:
        return ""
    return _("D'habitude entre le %(first)s et le %(last)s ; ce n'est pas une promesse", first=day(days[0]), last=day(days[1]))


def span_said(span: WaitSpan) -> str:
    """The span itself, in words, with what it rests on."""
    if span.least == 0:
        return _n(
            "Jusqu'à %(num)s semaine d'attente pour 8 demandes semblables sur 10, d'après les %(of)s dernières.",
            "Jusqu'à %(num)s semaines d'attente pour 8 demandes semblables sur 10, d'après les %(of)s dernières.",
            span.most,
            of=span.of,
        )
    return _(
        "%(least)s à %(most)s semaines d'attente pour 8 demandes semblables sur 10, d'après les %(of)s dernières.",
        least=span.least,
        most=span.most,
        of=span.of,
    )
