"""Why a referral has its place in the waiting list: the line of the rule that won, and those that lost."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.priority import Needs, order
from refurb.referrals.words import Situation, Usage
from tests.support.story import families, people


def test_the_first_priority_that_holds_wins_over_those_before_and_those_after(context):
    ruling = order().ruling(Needs(0, Situation.WORKLESS, Usage.STUDIES, now()))
    assert ruling.won.said.replace("\xa0", " ").startswith("Priorité 2 :")
    assert [(each.said.replace("\xa0", " ")[:11], each.why.replace("’", "'")) for each in ruling.lost] == [
        ("Priorité 1 ", "ne s'applique pas à cette orientation"),
        ("Priorité 3 ", "s'applique aussi, mais vient après"),
        ("Priorité 4 ", "s'applique aussi, mais vient après"),
    ]
    assert (ruling.name, ruling.version) == ("eligibility", order().version)


def test_the_page_of_who_waits_and_of_who_was_chosen_says_the_rule(app, signed_in):
    with app.app_context():
        people.settle()
        chosen, waits = families.allocated().referral.reference, families.waiting().reference
    client = signed_in(Role.COORDINATOR)
    for reference in (waits, chosen):
        page = client.get(f"/orientations/{reference}").text
        assert "La règle qui s’applique" in page
        assert "/regles/eligibility/versions/" in page
