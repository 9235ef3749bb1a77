"""The news of families in the demonstration: asked a month after the hand-over, answered or not. All invented."""

from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.kernel.deeds.database import db
from refurb.referrals.followup.actions import answer, choose_way, note_missed, plan_followups
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.words import AnsweredBy, NewsUse, NewsWay, NextNeed, Works
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState


def plan_news(cast: Cast, diary: Diary) -> None:
    """Note how families agree to be asked, and what they answer on the telephone."""
    diary.note(6, "10:10", partial(_agree, cast))
    diary.note(2, "09:05", plan_followups)
    diary.note(2, "10:40", partial(_call, cast))


def _agree(cast: Cast) -> None:
    served = select(Referral).join(Referral.allocations).join(Allocation.handover).where(Referral.state == ReferralState.SERVED)
    for referral in db.session.scalars(served.order_by(Handover.handed_at, Referral.id)).unique().all():
        if referral.beneficiary.phone:
            choose_way(cast.actors["coordinator"], referral, way=NewsWay.PHONE)


def _call(cast: Cast) -> None:
    asked = db.session.scalars(select(Followup).where(Followup.way == NewsWay.PHONE).order_by(Followup.id).limit(2)).all()
    for place, each in enumerate(asked):
        if place:
            note_missed(cast.actors["desk"], each)
        else:
            answer(
                cast.actors["desk"], each, AnsweredBy.STAFF, works=Works.YES, uses=[NewsUse.RIGHTS, NewsUse.SCHOOL],
                next_need=NextNeed.LEARNING,
            )  # fmt: skip
