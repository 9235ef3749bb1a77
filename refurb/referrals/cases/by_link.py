"""A referral that somebody without an account writes: a draft of whoever gave her the link, who confirms it by submitting it."""

from typing import Any

from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import lock
from refurb.referrals.cases.states import TELL_PRESCRIBER
from refurb.referrals.cases.writing import begin_referral
from refurb.referrals.links.models import AskingLink
from refurb.referrals.links.rules import is_no_flood, opens_something
from refurb.referrals.models import Referral


def write_by_link(link: AskingLink, **facts: Any) -> Referral:
    """Take in what was written by a link, as a draft; nothing of it is sent before whoever gave the link has read and sent it.

    Raises `AskingLinkOver`, `TooManyByLink`, and what `may_refer` refuses.
    """
    lock(link)
    opens_something(link)
    is_no_flood(link)
    facts.pop("partner_id", None)
    referral = begin_referral(SERVICE, link.organisation_id, link.made_by, link_id=link.id, **facts)
    begun = last_event(referral)
    plan(TELL_PRESCRIBER, subject_kind=Referral.KIND, subject_id=referral.id, event=begun.position if begun else 0)
    return referral
