from refurb.referrals.committees.words import LineReason, LineVerdict
from tests.support.story import sittings


def test_what_was_noted_stays_and_it_goes_on_another_day(context):
    committee = sittings.sitting(files=2, devices=2)
    sittings.decide(committee, 1, LineVerdict.LATER, LineReason.NEXT_TIME)
    opened = committee.opened_at

    sittings.fire(committee, "adjourn")
    assert committee.state.is_prepared
    sittings.fire(committee, "open")

    first, second = sittings.lines(committee)
    assert (first.verdict, first.device, second.verdict) == (LineVerdict.LATER, None, None)
    assert committee.opened_at == opened
