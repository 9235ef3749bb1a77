"""The door: by scan or by name, at several doors at once; nobody reads there who is a family and who gave."""

from datetime import timedelta

import pytest

from refurb.ceremonies.door.actions import add_place, hand_over_scanned, let_in, let_in_by_code, let_stranger_in, take_back
from refurb.ceremonies.door.queries import door_list, found_at_door, screen_of
from refurb.ceremonies.door.rules import NotArrived, NotOfThisCeremony, NotOnTheList
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.rules import AlreadyArrived, DoorClosed, RoomFull
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Conflict, Forbidden, WrongState
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.words import SignatureKind
from tests.support.story import families, gala, people
from tests.support.together import at_once


def host():
    return people.actor(Role.COORDINATOR)


def evening(**plan):
    """A ceremony that is going on: one family, and a guest who said that she brings somebody."""
    ceremony = gala.planned(families.allocated(), **plan)
    guest = gala.guest(ceremony, "Mme Solange Bâtard-Fontenille")
    gala.answer(guest, "accept", companions=1, needs=["sign_language"])
    gala.fire(ceremony, "hold")
    return ceremony, guest


def do(deed, *args, **told):
    with unit_of_work():
        return deed(host(), *args, **told)


def test_a_scan_counts_all_places_of_its_code_and_a_second_one_nothing(context):
    ceremony, guest = evening()

    do(let_in_by_code, ceremony, guest.code.lower())

    assert guest.arrived == 2
    with pytest.raises(AlreadyArrived) as told:
        do(let_in_by_code, ceremony, guest.code)
    assert (told.value.facts["people"], "h" in told.value.facts["hour"], guest.arrived) == (2, True, 2)
    with pytest.raises(NotOnTheList):
        do(let_in_by_code, ceremony, families.ready().code)


def test_one_of_two_then_the_second_and_it_is_taken_back(context):
    _ceremony, guest = evening()
    assert do(let_in, guest, 1) == 1
    assert do(let_in, guest) == 1
    with pytest.raises(AlreadyArrived):
        do(let_in, guest)
    do(take_back, guest)
    do(take_back, guest)
    assert (guest.arrived, guest.arrived_at) == (0, None)
    with pytest.raises(AlreadyArrived):
        do(let_in, guest, 3)


@pytest.mark.both_databases
def test_two_doors_let_one_guest_in_once(app):
    with app.app_context():
        _ceremony, guest = evening()
        number = guest.id

    def door():
        let_in(host(), db.session.get(CeremonyInvitation, number))

    done = at_once(app, now(), [("door", door), ("door", door)])

    refusals = [refusal.code for _kind, refusal in done if refusal]
    assert refusals == ["ceremony.already_arrived"]
    with app.app_context():
        assert db.session.get(CeremonyInvitation, number).arrived == 2


def test_the_database_lets_in_no_more_than_the_places(context):
    _ceremony, guest = evening()
    with pytest.raises(Conflict), unit_of_work():
        guest.arrived, guest.arrived_at = 3, now()


def test_nobody_comes_in_before_it_begins_or_without_leave(context):
    ceremony = gala.planned(families.allocated())
    guest = gala.guest(ceremony)
    gala.answer(guest, "accept")
    with pytest.raises(DoorClosed):
        do(let_in, guest)
    with pytest.raises(DoorClosed):
        do(let_stranger_in, ceremony, name="M. Inconnu")
    with pytest.raises(Forbidden), unit_of_work():
        let_in(people.actor(Role.TECHNICIAN), guest)


def test_a_room_that_is_full_is_full_for_whoever_was_on_no_list_too(context):
    ceremony, guest = evening(capacity=4)
    do(let_in, guest)
    do(let_in, gala.family(ceremony))
    do(add_place, guest)
    assert (guest.places, guest.arrived, ceremony.taken) == (3, 3, 4)
    with pytest.raises(RoomFull):
        do(let_stranger_in, ceremony, name="M. Inconnu")
    with pytest.raises(RoomFull):
        do(add_place, guest)


def test_who_never_answered_is_let_in_where_there_is_room(context):
    ceremony, _guest = evening(capacity=10)
    do(let_in, gala.family(ceremony))
    do(let_stranger_in, ceremony, name="M. Inconnu", companions=1)
    assert ceremony.taken == 2 + 1 + 2
    assert [line.arrived for line in door_list(ceremony) if line.name == "M. Inconnu"] == [2]


def test_three_letters_without_accents_find_somebody(context):
    ceremony, _guest = evening()
    lines = door_list(ceremony)
    assert [line.name for line in found_at_door(lines, "batard")] == ["Mme Solange Bâtard-Fontenille"]
    assert [line.name for line in found_at_door(lines, "fon sol")] == ["Mme Solange Bâtard-Fontenille"]
    assert found_at_door(lines, "ba") == []
    assert [line.no_photo for line in (*found_at_door(lines, "zoe"), *found_at_door(lines, "batard"))] == [True, True]


@pytest.mark.both_databases
def test_the_page_of_the_door_from_a_name_to_the_second_telephone(app, signed_in):
    with app.app_context():
        ceremony, guest = evening()
        number, code = ceremony.id, guest.code
    client = signed_in(Role.COORDINATOR)
    path = f"/ceremonies/{number}/porte"

    led = client.submit(path, {"code": "batard"})
    assert led.headers["Location"].endswith("/porte?code=batard")
    found = client.get(led.headers["Location"]).text
    assert "Bâtard-Fontenille" in found
    for said in ("famille</", "OR-", "Donateur", "CCAS"):
        assert said not in found.partition("<main")[2].partition("Cette liste dit")[0]
    scanned = client.submit(path, {"code": code}, follow_redirects=True).text
    assert "2 personnes sont entrées" in scanned.replace("\u00a0", " ")
    again = client.submit(path, {"code": code})
    assert (again.status_code, "Ajouter 1 place" in again.text) == (409, True)
    assert "a été compté" in again.text
    lost = client.submit(path, {"code": "ZZZZ-9999"})
    assert (lost.status_code, "Cherchez le nom" in lost.text) == (404, True)
    stranger = client.submit(f"{path}/inconnu", {"name": "", "companions": "0"})
    assert stranger.status_code == 422
    assert client.submit(f"{path}/inconnu", {"name": "M. Inconnu", "companions": "0"}).status_code == 303
    printed = client.get(f"{path}/liste").text
    assert ("Pas de photo" in printed, "M. Inconnu" in printed) == (True, True)


def test_by_json_once(app, signed_in):
    with app.app_context():
        ceremony, guest = evening()
        door, code = f"/api/v1/ceremonies/{ceremony.id}/arrivals", guest.code
    client = signed_in(Role.COORDINATOR)
    head = {"X-CSRFToken": client.token()}
    assert client.post(door, json={"code": code}, headers=head).json["arrived"] == 2
    again = client.post(door, json={"code": code}, headers=head)
    assert (again.status_code, again.json["code"]) == (409, "ceremony.already_arrived")


def test_bags_one_after_the_other_only_to_who_has_come(context):
    ceremony, _guest = evening()
    turn = ceremony.turns[0]
    code = turn.allocation.device.code
    with pytest.raises(NotArrived):
        do(hand_over_scanned, ceremony, code)
    assert turn.state is Attendance.EXPECTED
    do(let_in, gala.family(ceremony))
    do(hand_over_scanned, ceremony, code)
    assert (turn.state, turn.allocation.handover.is_signed) == (Attendance.SERVED, False)
    with pytest.raises(WrongState):
        do(hand_over_scanned, ceremony, code)
    with pytest.raises(NotOfThisCeremony):
        do(hand_over_scanned, ceremony, families.ready().code)


def test_the_big_screen_counts_what_is_signed_and_names_nobody(app, signed_in):
    with app.app_context():
        ceremony = gala.held(2)
        gala.turn(ceremony.turns[0], "hand_over")
        assert (screen_of(ceremony).handed, screen_of(ceremony).machines) == (1, 2)
        number, name = ceremony.id, families.FACTS["last_name"]
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/ceremonies/{number}/grand-ecran").text
    assert "remis, sur 2" in page.replace("\u00a0", " ")
    assert name not in page
    assert client.get(f"/ceremonies/{number}/a-la-suite").status_code == 200


def test_what_is_taken_back_is_one_press_and_since_when_is_the_first_hour(context):
    _ceremony, guest = evening()
    do(let_in, guest, 1)
    first = guest.arrived_at
    with at(now() + timedelta(minutes=20)):
        do(let_in, guest, 1)
    assert guest.arrived_at == first
    do(take_back, guest, 1)
    assert (guest.arrived, guest.arrived_at) == (1, first)


def test_one_more_by_an_invitation_that_was_not_answered_is_counted_once(context):
    ceremony, _guest = evening(capacity=4)
    family = gala.family(ceremony)
    do(add_place, family)
    assert (family.places, family.arrived, ceremony.taken) == (2, 1, 4)


def test_whoever_declined_comes_in_after_all(context):
    ceremony = gala.planned(families.allocated(), families.allocated())
    family = gala.family(ceremony)
    gala.answer(family, "decline")
    gala.fire(ceremony, "hold")
    do(let_in, family)
    assert (family.arrived, family.turn.state) == (1, Attendance.EXPECTED)


def test_photographers_read_of_whoever_has_not_answered_and_nothing_tells_families_apart(app, signed_in):
    with app.app_context():
        ceremony = gala.planned(families.allocated(last_name="Tilleul"), families.allocated(last_name="Refuse"))
        gala.guest(ceremony, "M. Silence")
        gala.answer(gala.family(ceremony, 2), "decline")
        assert {line.no_photo for line in door_list(ceremony)} == {True}
        number = ceremony.id
    page = signed_in(Role.COORDINATOR).get(f"/ceremonies/{number}/porte/liste").text
    assert ("Tilleul" in page, "M. Silence" in page, "Refuse" in page) == (True, True, False)
    assert page.count("Pas de photo") == 2


def test_a_stranger_is_asked_about_pictures(app, signed_in):
    with app.app_context():
        number = gala.held(1).id
    client = signed_in(Role.COORDINATOR)
    path = f"/ceremonies/{number}/porte/inconnu"
    assert "checked" in client.get(path).text.partition('name="no_photo"')[2].partition(">")[0]
    client.submit(path, {"name": "M. Inconnu", "companions": "0", "no_photo": "on"})
    with app.app_context():
        assert [line.no_photo for line in door_list(db.session.get(Ceremony, number)) if line.name == "M. Inconnu"] == [True]


def test_the_big_screen_counts_neither_what_was_handed_over_elsewhere_nor_another_year(context):
    ceremony = gala.held(2)
    with unit_of_work():
        hand_over(host(), ceremony.turns[1].allocation, place="Bureau", signature_kind=SignatureKind.PAPER, accessories=[])
        ceremony.turns[1].allocation.handover.paper_id = None
    gala.turn(ceremony.turns[0], "hand_over")
    screen = screen_of(ceremony)
    assert (screen.handed, screen.machines, screen.handed_this_year) == (1, 1, 1)
    with unit_of_work():
        ceremony.turns[0].allocation.handover.handed_at += timedelta(days=366)
    assert screen_of(ceremony).handed_this_year == 0
