"""A file of the demonstration that is frozen, and somebody who wants to see her data."""

from datetime import timedelta

from refurb.demo.diary import Cast, Diary
from refurb.kernel.deeds.holds import freeze
from refurb.kernel.speech.clock import today
from refurb.referrals.models import Referral
from refurb.retention.actions import note_request, say_known
from refurb.retention.queries import find_file
from refurb.retention.words import AskedWay, RightKind


def plan_privacy(cast: Cast, diary: Diary) -> None:
    """An appeal against a refusal, and a request at the counter."""
    diary.note(14, "11:00", lambda: _freeze(cast))
    diary.note(6, "16:05", lambda: _ask(cast))


def _freeze(cast: Cast) -> None:
    refused = cast.referrals["Gérard Naudin"]
    later = today() + timedelta(days=180)
    freeze(cast.actors["coordinator"], Referral.KIND, refused.id, refused.reference, reason="Recours contre le refus", review_on=later)


def _ask(cast: Cast) -> None:
    coordinator, file = cast.actors["coordinator"], find_file(cast.referrals["Fatoumata Sylla"].reference)
    asked = note_request(coordinator, file, kind=RightKind.ACCESS, way=AskedWay.COUNTER, received_on=today())
    say_known(coordinator, asked)
