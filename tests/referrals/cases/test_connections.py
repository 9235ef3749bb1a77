"""A connection goes with a hand-over: who pays, until when, told a month before it ends; and how many there are of each thing in a bag."""

import datetime as dt
import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import Note, events_of
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.aftersales.swapping import allocate_in_place
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
from refurb.referrals.cases.lines import accessories_of, accessory_lines, add_machine, bag_said, drop_machine, open_lines
from refurb.referrals.cases.views.handovers import dump
from refurb.referrals.connected import ConnectedBy, HomeConnection, Payer
from refurb.referrals.models import Allocation
from refurb.referrals.retention import erase_beneficiaries
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


@pytest.mark.both_databases
def test_what_ends_within_a_month_is_told_at_the_hand_over_and_not_lost_before(context):
    allocation = families.allocated(email=None)
    connection = told(allocation, paid_until=today() + dt.timedelta(days=20))
    assert planned(TELL_PARTNER_OF_END) == planned(TELL_END) == [], "there is nobody to tell yet"

    with clock.at(now() + dt.timedelta(days=3)):
        given(allocation)

        (effect,) = planned(TELL_PARTNER_OF_END)
        assert effect.due_at <= now()
        assert tell_partner(**effect.facts).to
        (effect,) = planned(TELL_END)
        with pytest.raises(NobodyToWriteTo):
            tell_family(**effect.facts)
        with unit_of_work():
            allocation.referral.beneficiary.email = "apres@maison.example"
        assert tell_family(**effect.facts).to == "apres@maison.example", "an address that is known later is written to"
        told(allocation, payer=Payer.PARTNER, paid_until=connection.paid_until)
        assert len(planned(TELL_END)) == 1, "told once for a day"


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


def test_the_family_reads_the_day_once_and_not_who_pays(context):
    allocation = families.allocated(email="zoe@maison.example", phone=None)
    connection = told(allocation, payer=Payer.FAMILY)
    given(allocation)

    letter = tell_family(connection_id=connection.id, until=connection.paid_until.isoformat())

    assert letter.text.count(str(connection.paid_until.year)) == 1
    assert "qui paie" not in letter.text.lower()
    assert "famille" not in letter.text
    assert "parlez-en avec la structure" in letter.text, "whether or not we have a telephone"
    partner = tell_partner(connection_id=connection.id, until=connection.paid_until.isoformat())
    assert partner.text.count(str(connection.paid_until.year)) == 1 + partner.text.count(f"-{connection.paid_until.year}-")
    assert "Qui paie : la famille." in partner.text.replace("\u00a0", " ")


@pytest.mark.both_databases
def test_the_operator_stands_beside_the_history_and_goes_with_the_names(context):
    allocation = families.allocated()
    told(allocation, operator="Chez Zoë O'Neil")
    given(allocation)
    (event,) = [each for each in events_of(allocation) if each.move == "connection_told"]
    assert "O'Neil" not in json.dumps(event.facts, ensure_ascii=False)
    assert db.session.scalars(select(Note.text).where(Note.event_id == event.id)).all() == ["Chez Zoë O'Neil"]

    with unit_of_work():
        erase_beneficiaries([allocation.referral.beneficiary_id])

    assert db.session.scalars(select(HomeConnection)).all() == []
    assert db.session.scalars(select(Note).where(Note.event_id == event.id)).all() == []


@pytest.mark.both_databases
def test_a_family_keeps_its_connection_through_a_swap(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        connection = told(allocation, paid_until=today() + dt.timedelta(days=40))
        given(allocation)
        device = families.ready()
        with unit_of_work():
            swap = allocate_in_place(people.actor(Role.COORDINATOR), allocation, device)
        assert connection_of(swap) is connection
        assert accessories_of(open_lines(swap)) == [], "it is at home already"
        tell_partner(connection_id=connection.id, until=connection.paid_until.isoformat())
        with pytest.raises(ConnectionSigned), unit_of_work():
            drop_connection(people.actor(Role.COORDINATOR), swap)
        assert [dump(swap, people.actor(role))["connection"] is None for role in (Role.COORDINATOR, Role.DESK)] == [False, True]
        assert "Solidarité Mobile" not in said_by(given(swap))
        reference = allocation.referral.reference
        later = (today() + 2 * YEAR).isoformat()
    client = signed_in(Role.COORDINATOR)

    assert "Solidarité Mobile" in client.get(f"/orientations/{reference}").text
    assert f"/remises/{reference}/connexion" in client.get("/remises").text
    sent = {"connected_by": "sim", "operator": "Solidarité Mobile", "payer": "us", "paid_until": later}
    assert client.submit(f"/remises/{reference}/connexion", sent).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(HomeConnection.paid_until)).isoformat() == later


@pytest.mark.both_databases
def test_a_swap_may_bring_another_connection_of_its_own_which_is_taken_off_again(context):
    allocation, office = families.allocated(), people.actor(Role.COORDINATOR)
    first = told(allocation)
    given(allocation)
    device = families.ready()
    with unit_of_work():
        swap = allocate_in_place(office, allocation, device)

    other = told(swap, connected_by=ConnectedBy.BOX, operator="Box de la Vienne")

    assert (connection_of(swap), connection_of(allocation)) == (other, first)
    assert accessories_of(open_lines(swap)) == [Accessory.INTERNET_BOX]
    with unit_of_work():
        drop_connection(office, swap)
    assert connection_of(swap) is first
    told(swap, connected_by=ConnectedBy.BOX, operator="Box de la Vienne")
    assert "Box de la Vienne" in said_by(given(swap))


def test_the_bag_and_the_connection_do_not_contradict_each_other(context):
    workshop, office = people.actor(Role.TECHNICIAN), people.actor(Role.COORDINATOR)
    allocation = families.allocated()
    with unit_of_work():
        fill_bag(workshop, allocation.id, [Accessory.INTERNET_BOX])
    told(allocation, connected_by=ConnectedBy.BOX)
    with unit_of_work():
        drop_connection(office, allocation)
    assert accessories_of(open_lines(allocation)) == [Accessory.INTERNET_BOX], "the workshop had put it there"

    told(allocation)
    with unit_of_work():
        fill_bag(workshop, allocation.id, [Accessory.GUIDE])
    assert set(accessories_of(open_lines(allocation))) == {Accessory.GUIDE, Accessory.SIM}, "it is given, and not in the bag yet"
    with pytest.raises(Invalid) as refused, unit_of_work():
        hand_over(office, allocation, place="Atelier", signature_kind="paper", accessories=[])
    assert refused.value.fields["accessories"][0].code == "connection.carries"
    db.session.rollback()
    with unit_of_work():
        fill_bag(workshop, allocation.id, [Accessory.SIM])
    assert accessories_of(open_lines(allocation)) == [Accessory.SIM]


@pytest.mark.both_databases
def test_a_machine_more_or_less_is_counted_unless_somebody_counted(context):
    office, workshop = people.actor(Role.COORDINATOR), people.actor(Role.TECHNICIAN)
    allocation = families.allocated(DeviceKind.MONITOR)
    codes = [families.ready().code for _ in range(2)]

    def numbers():
        return {word.value: line.number for word, line in accessory_lines(allocation).items()}

    with unit_of_work():
        fill_bag(workshop, allocation.id, [Accessory.CHARGER, Accessory.MOUSE])
    with unit_of_work():
        line = add_machine(office, allocation, device=codes[0], reason="Deux.")
    assert numbers() == {"charger": 2, "mouse": 1}
    with unit_of_work():
        drop_machine(office, allocation, line.id)
    assert numbers() == {"charger": 1, "mouse": 1}
    with unit_of_work():
        count_bag(workshop, allocation.id, {Accessory.CHARGER: 5})
        add_machine(office, allocation, device=codes[1], reason="Deux.")
    assert numbers() == {"charger": 5, "mouse": 1}


def test_who_may_not_open_the_file_prolongs_nothing(context):
    allocation = families.allocated()
    told(allocation)
    given(allocation)
    desk = people.somebody(Grant(Role.DESK))

    with pytest.raises(Forbidden), unit_of_work():
        set_connection(desk, allocation, **SIM, paid_until=today() + 2 * YEAR)
