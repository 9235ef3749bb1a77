"""New adapted equipment is bought for a hand-over: who pays what, when it came, on the slip, and what stays of it."""

import datetime as dt
import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.actions import add_organisation
from refurb.directory.organisations.actions.organisations import archive_organisation
from refurb.documents.models import SignatureWay
from refurb.inventory.models.devices import Device
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid, Refusal
from refurb.referrals.bags.actions import pack_purchase
from refurb.referrals.bags.queries import bags_to_prepare
from refurb.referrals.bought import Purchase
from refurb.referrals.cases.actions import cancel_allocation, hand_over, sign_handover, text_shown
from refurb.referrals.cases.lines import PurchaseAwaited, open_lines, purchases_of
from refurb.referrals.cases.participation import ShareNotNoted, note_participation
from refurb.referrals.cases.purchases import (
    PurchaseGiven,
    add_purchase,
    drop_purchase,
    free_purchases,
    fund_purchase,
    paid_between,
    put_purchase,
    revise_purchase,
)
from refurb.referrals.cases.views.purchases import year_from
from refurb.referrals.paid import PaidBy
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import erase_beneficiaries
from tests.directory.policies.trying import adopted
from tests.support.story import families, people

WHAT = {"what": "Loupe électronique", "cents": 20000, "share_cents": 5000}
ON = ('basis = "none"', 'basis = "regie"\nregie = "Régie de recettes du CCAS"\nbought_percent = 30')


def coordinator():
    return people.actor(Role.COORDINATOR)


def bought(allocation, **facts):
    with unit_of_work():
        return add_purchase(coordinator(), allocation, reason="Décidé avec les financeurs.", **{**WHAT, **facts})


def funder(name="Caisse de retraite"):
    with unit_of_work():
        return add_organisation(SERVICE, name=name)


def fund(allocation, purchase, organisation, cents):
    with unit_of_work():
        return fund_purchase(coordinator(), allocation, purchase.id, organisation_id=organisation.id, cents=cents)


def came(allocation, purchase, **facts):
    told = {**WHAT, "ordered_on": today(), "received_on": today(), **facts}
    with unit_of_work():
        return revise_purchase(coordinator(), allocation, purchase.id, **told)


def given(allocation):
    with unit_of_work():
        return hand_over(coordinator(), allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())


def said(paper):
    return json.dumps(paper.content, ensure_ascii=False).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def paid():
    return paid_between(year_from(today().year), year_from(today().year + 1))


@pytest.mark.both_databases
def test_it_leaves_with_the_rest_under_one_slip_and_who_paid_is_counted(context):
    allocation, fund_of_old = families.allocated(), funder()
    adopted("participation", ON)
    purchase = bought(allocation)
    before = text_shown(allocation)
    fund(allocation, purchase, fund_of_old, 12000)
    assert text_shown(allocation) != before
    with pytest.raises(ShareNotNoted):
        given(allocation)
    with unit_of_work():
        note_participation(coordinator(), allocation, cents=5000, paid_by=PaidBy.CHEQUE)
    with pytest.raises(PurchaseAwaited):
        given(allocation)
    came(allocation, purchase)

    handover = given(allocation)

    slip = said(handover.paper)
    assert "Loupe électronique" in slip
    assert "Caisse de retraite 120,00 €, la personne 50,00 €" in slip
    assert "50,00 €, par chèque" in slip
    assert paid() == {"number": 1, "cents": 20000, "share_cents": 5000, "own_cents": 3000, "funders": [("Caisse de retraite", 12000)]}
    known = [str(fact.value) for part in REFERRED.known(allocation.referral_id) for fact in part.facts]
    assert any("Loupe" in each for each in known), "in the copy of what is known of her"
    figures = paid()
    with unit_of_work():
        erase_beneficiaries([allocation.referral.beneficiary_id])
    assert paid() == figures
    assert purchase.what != WHAT["what"]


@pytest.mark.both_databases
def test_forgetting_one_leaves_what_was_bought_for_another(context):
    first, second = families.allocated(), families.allocated()
    purchase, kept = bought(first, share_cents=0), bought(first, what="Clavier", share_cents=0)
    came(first, purchase, share_cents=0)
    with unit_of_work():
        cancel_allocation(coordinator(), first, reason="Elle a déménagé.")
        put_purchase(coordinator(), second, purchase_id=purchase.id)
    for _state in ("prepared", "handed over"):
        with unit_of_work():
            erase_beneficiaries([first.referral.beneficiary_id])
        assert purchase.what == WHAT["what"]
        if second.state.is_active:
            given(second)
    assert kept.what != "Clavier"
    with unit_of_work():
        erase_beneficiaries([second.referral.beneficiary_id])
    assert purchase.what != WHAT["what"], "nobody has it any more"


@pytest.mark.both_databases
def test_whoever_is_dealt_with_no_more_funds_nothing_new(context):
    allocation, stays, gone = families.allocated(), funder("Une caisse"), funder("Une mutuelle")
    purchase = bought(allocation, share_cents=0)
    fund(allocation, purchase, stays, 5000)
    with unit_of_work():
        archive_organisation(coordinator(), stays)
        archive_organisation(coordinator(), gone)
    with pytest.raises(Invalid) as refused:
        fund(allocation, purchase, gone, 5000)
    assert list(refused.value.fields) == ["organisation_id"]
    assert fund(allocation, purchase, stays, 6000).funded_cents == 6000


def test_what_left_unsigned_is_paid_by_nobody_yet(context):
    allocation = families.allocated()
    purchase = bought(allocation, share_cents=0)
    came(allocation, purchase, share_cents=0)
    with unit_of_work():
        hand_over(coordinator(), allocation, place="Atelier", signature_kind="paper")
    assert paid()["number"] == 0
    with unit_of_work():
        sign_handover(coordinator(), allocation, way=SignatureWay.SEEN)
    assert paid()["number"] == 1


def test_a_share_needs_a_rule_and_stays_within_it(context):
    allocation = families.allocated()
    with pytest.raises(Invalid) as refused:
        bought(allocation)
    assert list(refused.value.fields) == ["share"]
    adopted("participation", ON)
    with pytest.raises(Invalid):
        bought(allocation, share_cents=6001)
    assert not purchases_of(open_lines(allocation))
    assert bought(allocation, share_cents=6000).own_cents == 14000


def test_a_regie_takes_the_share_of_what_was_bought_beside_what_was_ceded_for_free(context):
    allocation = families.allocated()
    adopted("participation", ON)
    with unit_of_work():
        allocation.device.donation.legal_origin = LegalOrigin.PUBLIC_BODY
    bought(allocation)
    with unit_of_work():
        assert note_participation(coordinator(), allocation, cents=5000, paid_by=PaidBy.CASH).cents == 5000
    with pytest.raises(Invalid), unit_of_work():
        note_participation(coordinator(), allocation, cents=4000, paid_by=PaidBy.CASH)


def test_a_price_is_paid_once(context):
    allocation, one, two = families.allocated(), funder("Une caisse"), funder("Une mutuelle")
    purchase = bought(allocation, share_cents=0)
    fund(allocation, purchase, one, 15000)
    with pytest.raises(Invalid):
        fund(allocation, purchase, two, 5001)
    fund(allocation, purchase, two, 5000)
    assert purchase.own_cents == 0
    with pytest.raises(Invalid):
        came(allocation, purchase, cents=19999, share_cents=0)
    fund(allocation, purchase, two, 0)
    assert [each.organisation_id for each in purchase.funders] == [one.id]


def test_days_follow_one_another(context):
    allocation = families.allocated()
    purchase = bought(allocation, share_cents=0)
    for days in ({"ordered_on": None}, {"received_on": today() - dt.timedelta(days=1)}):
        with pytest.raises(Invalid):
            came(allocation, purchase, share_cents=0, **days)
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE purchases SET received_on = '2026-01-01' WHERE ordered_on IS NULL"))


@pytest.mark.both_databases
def test_what_came_for_somebody_who_is_not_given_it_goes_to_another(context):
    first, second = families.allocated(), families.allocated()
    purchase = bought(first, share_cents=0)
    keyboard = bought(first, what="Clavier", share_cents=0)
    with unit_of_work():
        drop_purchase(coordinator(), first, keyboard.id)
    came(first, purchase, share_cents=0)
    assert not free_purchases()
    with pytest.raises(PurchaseGiven), unit_of_work():
        put_purchase(coordinator(), second, purchase_id=purchase.id)
    with unit_of_work():
        cancel_allocation(coordinator(), first, reason="Elle a déménagé.")
    assert [each.what for each in free_purchases()] == ["Loupe électronique"], "what was never ordered is nobody's"
    with unit_of_work():
        put_purchase(coordinator(), second, purchase_id=purchase.id)
    assert not free_purchases()
    given(second)
    assert not free_purchases()
    assert paid()["number"] == 1


def test_the_workshop_puts_it_into_the_bag_once_it_came(context):
    allocation = families.allocated()
    purchase = bought(allocation, share_cents=0)
    (bag,) = bags_to_prepare()
    missing = bag.missing
    technician = people.actor(Role.TECHNICIAN)
    with pytest.raises(PurchaseAwaited), unit_of_work():
        pack_purchase(technician, allocation.id, purchase.id, packed=True)
    came(allocation, purchase, share_cents=0)
    with unit_of_work():
        pack_purchase(technician, allocation.id, purchase.id, packed=True)
    (bag,) = bags_to_prepare()
    assert bag.missing == missing - 1


def test_no_machine_of_ours_is_taken(context):
    allocation = families.allocated()
    before = db.session.query(Device).count()
    bought(allocation, share_cents=0)
    assert db.session.query(Device).count() == before
    with pytest.raises(Forbidden), unit_of_work():
        add_purchase(people.actor(Role.DESK), allocation, reason="Non.", **{**WHAT, "share_cents": 0})


def test_the_office_does_it_on_pages(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference
        organisation = funder().id
    client, path = signed_in(Role.COORDINATOR), f"/remises/{reference}/achats"
    assert path in client.get(f"/remises/{reference}").text
    assert client.submit(path, {"what": "Loupe", "euros": "0", "reason": "Besoin."}).status_code == 422
    assert client.submit(path, {"what": "Loupe", "euros": "120,50", "reason": "Besoin."}).status_code == 303
    assert "À commander" in client.get("/remises/achats").text
    with app.app_context():
        number, day = db.session.query(Purchase).one().id, today().isoformat()
    one = f"{path}/{number}"
    assert client.submit(one, {"organisation_id": str(organisation), "paid": "200"}).status_code == 422
    assert client.submit(one, {"organisation_id": str(organisation), "paid": "100"}).status_code == 303
    assert "20,50" in client.get(one).text
    assert "Pas encore reçu" in client.get(f"/remises/{reference}").text
    told = {"what": "Loupe", "euros": "120,50", "ordered_on": day, "received_on": day}
    assert client.submit(one, told).status_code == 303
    assert "Loupe" in client.get(f"/orientations/{reference}").text
    workshop = signed_in(Role.TECHNICIAN)
    assert "Loupe" in workshop.get(f"/remises/sacs/{reference}").text
    assert workshop.submit(f"/remises/sacs/{reference}/achats/{number}", {}).status_code == 303
    assert workshop.get("/remises/achats").status_code == 403


def test_by_json(app, signed_in):
    with app.app_context():
        number = families.allocated().id
        organisation = funder().id
    client = signed_in(Role.COORDINATOR)
    headers = {"X-CSRFToken": client.token()}
    path = f"/api/v1/allocations/{number}/purchases"
    made = client.post(path, json={"what": "Loupe", "euros": "100", "reason": "Besoin."}, headers=headers).json
    assert made["step"] == "to_order"
    one = f"{path}/{made['id']}"
    assert client.put(f"{one}/funders", json={"organisation_id": organisation, "paid": "60"}, headers=headers).json["own_cents"] == 4000
    assert client.put(one, json={"what": "Loupe", "euros": "50"}, headers=headers).status_code == 422
    assert client.get(f"/api/v1/allocations/{number}").json["purchases"][0]["funders"][0]["cents"] == 6000
    assert [each["what"] for each in client.get("/api/v1/purchases").json["items"]] == ["Loupe"]
    assert client.get("/api/v1/purchases/paid").json["number"] == 0
    assert client.delete(one, headers=headers).json == {"dropped": made["id"]}


@pytest.mark.parametrize("wrong", [{"cents": 0}, {"share_cents": 30000}])
def test_wrong_money_is_refused_by_the_rule(context, wrong):
    allocation = families.allocated()
    with pytest.raises((Invalid, Refusal)):
        bought(allocation, **wrong)
