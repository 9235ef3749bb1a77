"""A connection goes with a hand-over: who pays, until when, told a month before it ends; and how many there are of each thing in a bag."""

import datetime as dt
import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.bags.actions import count_bag, fill_bag
from refurb.referrals.bags.queries import bags_to_prepare
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.connection_letters import tell_family, tell_partner
from refurb.referrals.cases.connections import (
    REMINDS,
    TELL_END,
    TELL_PARTNER_OF_END,
    ConnectionSigned,
    connection_of,
    drop_connection,
    ending_soon,
    set_connection,
)
from refurb.referrals.cases.lines import accessories_of, accessory_lines, add_machine, bag_said, open_lines
from refurb.referrals.connected import ConnectedBy, Payer
from refurb.referrals.models import Allocation
from refurb.referrals.words import Accessory
from tests.support.story import families, people

YEAR = dt.timedelta(days=365)
SIM = {"connected_by": ConnectedBy.SIM, "operator": "Solidarité Mobile", "payer": Payer.US}


def told(allocation, **facts):
    with unit_of_work():
        return set_connection(people.actor(Role.COORDINATOR), allocation, **{**SIM, "paid_until": today() + YEAR, **facts})


def given(allocation):
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())


def said_by(handover):
    """What a slip says, with plain spaces and apostrophes."""
    return json.dumps(handover.paper.content, ensure_ascii=False).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def planned(name):
    return db.session.scalars(select(Effect).where(Effect.kind == name).order_by(Effect.id)).all()


@pytest.mark.both_databases
def test_it_is_in_the_bag_and_on_the_slip_and_told_a_month_before_it_ends(context):
    allocation = families.allocated(email="zoe@maison.example", phone=None)
    connection = told(allocation)

    assert accessories_of(open_lines(allocation)) == [Accessory.SIM]
    said = said_by(given(allocation))
    assert "Carte SIM, Solidarité Mobile. Qui paie : nous, jusqu'au" in said
    last = today() + YEAR
    for name, tell, to in ((TELL_END, tell_family, "zoe@maison.example"), (TELL_PARTNER_OF_END, tell_partner, "prescriber@refurb.example")):
        (effect,) = planned(name)
        assert clock.local(effect.due_at).date() == last - REMINDS
        letter = tell(connection_id=connection.id, until=last.isoformat())
        assert letter.to == to
        assert "O'Neil" not in letter.subject + letter.text
        assert "Solidarité Mobile" in letter.text


@pytest.mark.both_databases
def test_what_was_prolonged_is_not_told_for_the_day_that_it_had(context):
    allocation = families.allocated()
    connection = told(allocation)
    given(allocation)
    former = connection.paid_until.isoformat()

    told(allocation, paid_until=today() + 2 * YEAR)

    with pytest.raises(NotTold):
        tell_partner(connection_id=connection.id, until=former)
    assert tell_partner(connection_id=connection.id, until=connection.paid_until.isoformat()).to
    with pytest.raises(ConnectionSigned):
        told(allocation, operator="Un autre")
    db.session.rollback()
    with pytest.raises(ConnectionSigned), unit_of_work():
        drop_connection(people.actor(Role.COORDINATOR), allocation)


def test_nobody_is_told_of_what_never_left(context):
    connection = told(families.allocated())

    with pytest.raises(NotTold):
        tell_partner(connection_id=connection.id, until=connection.paid_until.isoformat())


@pytest.mark.both_databases
def test_the_list_knows_what_ends_soon_and_whose_it_is(context):
    allocation, later = families.allocated(), families.allocated()
    for each, days in ((allocation, 40), (later, 300)):
        told(each, paid_until=today() + dt.timedelta(days=days))
        given(each)

    assert [row.reference for row in ending_soon(people.actor(Role.COORDINATOR))] == [allocation.referral.reference]
    assert ending_soon(people.actor(Role.TECHNICIAN)) == []
    with clock.at(now() + dt.timedelta(days=41)):
        assert len(ending_soon(people.actor(Role.COORDINATOR))) == 1, "it has ended, and is still there"


@pytest.mark.parametrize(("until", "code"), [(None, "field.required"), (dt.date(2024, 1, 1), "connection.over")])
def test_what_somebody_else_pays_has_a_last_day_to_come(context, until, code):
    with pytest.raises(Invalid) as refused:
        told(families.allocated(), paid_until=until)

    assert refused.value.fields["paid_until"][0].code == code


@pytest.mark.both_databases
def test_the_database_knows_it_too_and_a_family_pays_without_an_end(context):
    allocation = families.allocated()
    connection = told(allocation, connected_by=ConnectedBy.TARIFF, payer=Payer.FAMILY, paid_until=None)

    assert open_lines(allocation)[1:] == [], "nothing of it is carried"
    assert planned(TELL_PARTNER_OF_END) == []
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE home_connections SET payer = 'us' WHERE id = :id"), {"id": connection.id})


def test_another_kind_takes_the_card_out_of_the_bag(context):
    allocation = families.allocated()
    told(allocation)
    told(allocation, connected_by=ConnectedBy.BOX)
    assert accessories_of(open_lines(allocation)) == [Accessory.INTERNET_BOX]

    with unit_of_work():
        drop_connection(people.actor(Role.COORDINATOR), allocation)
    assert open_lines(allocation)[1:] == []
    assert connection_of(allocation) is None


@pytest.mark.both_databases
def test_from_the_page_and_by_json(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        number, where = allocation.id, f"/remises/{allocation.referral.reference}"
        until = (today() + YEAR).isoformat()
    client = signed_in(Role.COORDINATOR)
    sent = {"connected_by": "box", "operator": "Les Pas Chers", "payer": "partner"}

    refused = client.submit(f"{where}/connexion", {**sent, "paid_until": "2019-01-01"})
    assert refused.status_code == 422
    assert "Les Pas Chers" in refused.text
    assert client.submit(f"{where}/connexion", {**sent, "paid_until": until}).status_code == 303
    assert "Les Pas Chers" in client.get(where).text, "it is read before it is signed for"
    shown = client.get(f"/api/v1/allocations/{number}").json["connection"]
    assert shown == {**sent, "paid_until": until}
    assert client.submit(f"{where}/connexion/retirer", {}).status_code == 303
    headers = {"X-CSRFToken": client.token()}
    told_again = client.put(f"/api/v1/allocations/{number}/connection", json={**sent, "paid_until": until}, headers=headers)
    assert told_again.json["lines"][1]["accessory"] == "internet_box"
    assert client.delete(f"/api/v1/allocations/{number}/connection", headers=headers).json["connection"] is None


@pytest.mark.both_databases
def test_there_are_as_many_as_the_machines_ask_for_or_as_somebody_counts(context):
    allocation = families.allocated(DeviceKind.MONITOR)
    more = families.ready().code
    with unit_of_work():
        add_machine(people.actor(Role.COORDINATOR), allocation, device=more, reason="Deux écrans.")
        fill_bag(people.actor(Role.TECHNICIAN), allocation.id, [Accessory.CHARGER, Accessory.GUIDE])
    shown = bag_said(allocation)
    assert [(word, line.number) for word, line in accessory_lines(allocation).items()] == [(Accessory.CHARGER, 2), (Accessory.GUIDE, 1)]

    with unit_of_work():
        count_bag(people.actor(Role.TECHNICIAN), allocation.id, {Accessory.CHARGER: 3, Accessory.MOUSE: 9})

    (bag,) = bags_to_prepare()
    assert [(each.accessory, each.number) for each in bag.things] == [(Accessory.CHARGER, 3), (Accessory.GUIDE, 1)]
    assert bag_said(allocation) != shown, "a page drawn before is shown again"
    assert "Chargeur (3)" in said_by(given(allocation))


def test_the_workshop_counts_on_the_page_of_the_bag(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        with unit_of_work():
            fill_bag(people.actor(Role.TECHNICIAN), allocation.id, [Accessory.CHARGER])
        number, where = allocation.id, f"/remises/sacs/{allocation.referral.reference}"
    client = signed_in(Role.TECHNICIAN)

    assert client.submit(f"{where}/nombres", {"charger": "0"}).status_code == 422
    assert client.submit(f"{where}/nombres", {"charger": "2"}).status_code == 303
    assert "Chargeur (2)" in client.get("/remises/sacs").text
    with app.app_context():
        assert accessory_lines(db.session.get_one(Allocation, number))[Accessory.CHARGER].number == 2
