"""Route × role × organisation: what a bound role opens of its own organisation, it does not open of another's, whatever the address."""

import pytest

from refurb.accounts.actions import make_token, secret_of
from refurb.accounts.invitations.actions import invite
from refurb.accounts.models import Door
from refurb.accounts.queries import account_by_email, actor_of
from refurb.kernel.deeds.access import BOUND, GRANTS, Grant, Permission, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web import rights
from refurb.referrals.endowments.queries import endowment_lines
from refurb.referrals.links.actions import make_asking_link
from tests.lending.series.test_workshops import outlook, plain, sent
from tests.support.client import checking
from tests.support.story import appointments, desk, endowed, people

P = Permission
HERS, THEIRS = "referente@refurb.example", "ailleurs@refurb.example"
OPEN = frozenset().union(*(GRANTS[role] for role in BOUND))
OF_ORGANISATIONS = OPEN - {P.ACCOUNT_OWN}
# Of an account alone, whichever organisation: asked in its own tests. A sheet is shared with every structure, and changed by who wrote it.
OWN = ("/compte/", "/travaux/", "/api/v1/works/", "/fiches/")


def of(organisation, email):
    """Somebody with every role that is bound, for one organisation."""
    return people.somebody(*(Grant(role, people.organisation(organisation).id) for role in sorted(BOUND)), email=email)


@pytest.fixture
def filled(app):
    """What stands for each argument of an address: records of the first partner, by how the address begins."""
    with app.app_context():
        slot = appointments.opened()[0]
        invitation = appointments.chosen(appointments.invited(), slot)
        allocation = invitation.allocation
        hers, theirs = of("CCAS", HERS), of("Mission locale", THEIRS)
        kit = desk.kit()
        endowment = endowed.given()
        series = sent(hers, plain(outlook(kit), {kit.product_id: 1}))[0]
        with unit_of_work():
            link = make_asking_link(hers, people.organisation("CCAS"), holder="Accueil du CCAS")
        with unit_of_work():
            waits = invite(hers, name="Nadia", email="nadia@ccas.example", grants=[Grant(Role.PRESCRIBER, people.organisation("CCAS").id)])
        secrets = {}
        for actor, email in ((hers, HERS), (theirs, THEIRS)):
            account = account_by_email(email)
            with unit_of_work():
                token = make_token(actor_of(account), account, "Script", Role.PRESCRIBER, Door.API, proved=True)
            secrets[email] = secret_of(token)
            assert actor.id == account.id
        return {
            "/orientations/liens/": {"number": link.id},
            "/orientations/": {"reference": allocation.referral.reference, "number": 1},
            "/remises/": {"reference": allocation.referral.reference},
            "/api/v1/referrals/": {"reference": allocation.referral.reference},
            "/api/v1/referral-links/": {"number": link.id},
            "/api/v1/allocations/": {"number": allocation.id},
            "/comptes/invitations/": {"number": waits.id},
            "/collegues/": {"number": people.actor(Role.PRESCRIBER).id},
            "/dotations/": {"reference": endowment.reference, "number": endowment_lines(endowment)[0].id},
            "/api/v1/endowments/": {"reference": endowment.reference, "line": endowment_lines(endowment)[0].id},
            "/ateliers/": {"reference": series.reference},
        }, secrets


def addresses(app, filled):
    """Each address with arguments that a bound role opens, filled in, with its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in rights.LIBRARIES or "<" not in rule.rule or rule.rule.startswith(OWN):
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            access = rights.access_of(app, rule, method)
            if access == "public" or not OF_ORGANISATIONS.intersection(access):
                continue
            facts = next((facts for begins, facts in filled.items() if rule.rule.startswith(begins)), None)
            assert facts is not None, f"no record of an organisation for {rule.rule}: say one in `filled`"
            told = {name: facts[name] for name in rule.arguments if f"{name}>" in rule.rule}
            with app.test_request_context():
                yield method, app.url_map.bind("localhost").build(rule.endpoint, told), rule.rule


def asked(app, client, secrets, email, method, address):
    if address.startswith("/api/"):
        return client.open(address, method=method, json={}, headers={"Authorization": f"Bearer {secrets[email]}"}).status_code
    return (client.get(address) if method == "GET" else client.submit(address, {})).status_code


def test_what_is_of_one_organisation_is_not_there_for_another(app, filled):
    records, secrets = filled
    theirs, found = checking(app), {}
    theirs.sign_in(THEIRS)
    bearer = checking(app)
    for method, address, rule in addresses(app, records):
        client = bearer if address.startswith("/api/") else theirs
        found[method, rule] = asked(app, client, secrets, THEIRS, method, address)
    assert {way: status for way, status in found.items() if status not in {403, 404}} == {}
    assert len(found) > 45


def test_no_list_names_what_is_of_another_organisation(app, filled):
    records, secrets = filled
    hidden = [records[begins]["reference"] for begins in ("/orientations/", "/ateliers/", "/dotations/")]
    theirs, seen = checking(app), 0
    theirs.sign_in(THEIRS)
    for rule in app.url_map.iter_rules():
        access = rights.access_of(app, rule, "GET") if "GET" in rule.methods and "<" not in rule.rule else "public"
        if rule.endpoint in rights.LIBRARIES or access is None or access == "public" or not OPEN.intersection(access):
            continue
        headers = {"Authorization": f"Bearer {secrets[THEIRS]}"} if rule.rule.startswith("/api/") else {}
        shown = theirs.get(rule.rule, headers=headers).get_data()
        assert not [each for each in hidden if each.encode() in shown], rule
        seen += 1
    assert seen > 20


def test_the_same_records_are_there_for_their_own_organisation(app, filled):
    records, secrets = filled
    hers, bearer, found = checking(app), checking(app), {}
    hers.sign_in(HERS)
    for method, address, rule in addresses(app, records):
        if method == "GET":
            client = bearer if address.startswith("/api/") else hers
            found[rule] = asked(app, client, secrets, HERS, method, address)
    there = [rule for rule, status in found.items() if status in {200, 302, 303, 409}]
    assert len(there) >= len(found) - 4, {rule: status for rule, status in found.items() if rule not in there}
