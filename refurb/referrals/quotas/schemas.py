"""What comes in about quotas."""

from marshmallow import Schema

from refurb.kernel.speech.words import _lp
from refurb.kernel.web.fields import Date


class PeriodDays(Schema):
    """The days of a period, both included."""

    starts_on = Date(_lp("period", "Du"), required=True, future=True)
    ends_on = Date(_lp("period", "Au"), required=True, future=True)
