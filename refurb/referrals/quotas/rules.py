"""What must hold before a partner is given one device more."""

from refurb.kernel.speech.errors import Refusal


class QuotaFull(Refusal):
    """What was promised to the partner for this public and period is given; nobody has said, with a reason, that it is gone over."""

    code = "referral.quota_full"
