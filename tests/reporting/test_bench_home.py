"""The technician's home: what is in hand with one press each, what may be taken, in few queries."""

import pytest
from sqlalchemy import event

from refurb.accounts.actions import open_account
from refurb.inventory.bench.actions.notes import write_note
from refurb.inventory.bench.actions.work import pass_on, pick_up
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from tests.support.story import people, workshop


@pytest.fixture
def pile(app):
    """The codes of five machines that were received."""
    with app.app_context():
        return [each.code for each in workshop.devices_of(workshop.received({"laptop": 5}))]


def in_hands(app, *codes):
    with app.app_context():
        for code in codes:
            with unit_of_work():
                pick_up(workshop.technician(), db.session.query(Device).filter_by(code=code).one())


def test_the_oldest_is_offered_and_one_press_takes_it_and_leads_back(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    assert "Prendre la machine qui attend depuis le plus longtemps" in client.get("/").text
    answer = client.submit(f"/appareils/{pile[0]}/prendre", {"_back": "/"})
    assert answer.location == "/"
    home = client.get("/").text
    assert "1 machine entre vos mains" in home
    assert f'action="/appareils/{pile[0]}/accepter-au-tri"' in home


def test_the_next_step_is_one_press_and_leads_back(app, signed_in, pile):
    in_hands(app, pile[0])
    client = signed_in(Role.TECHNICIAN)
    assert client.submit(f"/appareils/{pile[0]}/accepter-au-tri", {"_back": "/"}).location == "/"
    with app.app_context():
        assert db.session.query(Device).filter_by(code=pile[0]).one().state == DeviceState.TO_ERASE


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"])
def test_a_press_never_leads_out_of_the_service(signed_in, pile, elsewhere):
    answer = signed_in(Role.TECHNICIAN).submit(f"/appareils/{pile[0]}/prendre", {"_back": elsewhere})
    assert answer.location == f"/appareils/{pile[0]}"


def test_what_a_colleague_gave_stands_first_with_their_name_and_word(app, signed_in, pile):
    in_hands(app, pile[0])
    with app.app_context():
        with unit_of_work():
            account = open_account(
                SERVICE, email="g@refurb.example", name="Gwenaël Tessier", grants=[Grant(Role.TECHNICIAN)], password=people.PASSWORD
            )
        gwenael = people.actor_of(account)
        with unit_of_work():
            device = db.session.query(Device).filter_by(code=pile[1]).one()
            pass_on(gwenael, device, to=workshop.technician().id, note="La vis du capot est foirée.")
    home = signed_in(Role.TECHNICIAN).get("/").text
    assert home.index(spell(pile[1])) < home.index(spell(pile[0]))
    assert "Passé par Gwenaël Tessier" in home
    assert "La vis du capot est foirée." in home


def test_what_is_blocked_says_why_after_what_can_be_pressed(app, signed_in, pile):
    in_hands(app, pile[0], pile[1])
    with app.app_context():
        device = db.session.query(Device).filter_by(code=pile[0]).one()
        with unit_of_work():
            raise_flag(workshop.technician(), device, FlagKind.BIOS_LOCKED)
        workshop.put_drive_in(device)
        workshop.fire(device, "accept", "start_erasure")
    home = signed_in(Role.TECHNICIAN).get("/").text
    assert home.index(spell(pile[1])) < home.index(spell(pile[0]))
    assert "Reste à effacer : CHV0001" in home.replace("\u00a0", " ").replace("\u202f", " ")
    assert "BIOS verrouillé" in home


def test_ten_queries_at_most_however_much_is_in_hand(app, signed_in, pile):
    in_hands(app, *pile[:4])
    with app.app_context():
        for code in pile[:4]:
            with unit_of_work():
                write_note(workshop.technician(), db.session.query(Device).filter_by(code=code).one(), "Vue.")
        engine = db.engine
    client = signed_in(Role.TECHNICIAN)
    client.get("/")
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get("/")
    assert len([each for each in asked if each.lstrip().startswith("SELECT")]) <= 10, asked


def test_what_is_next_stands_above_the_press_that_takes_and_below_the_word_that_another_has_it(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    free = client.get(f"/appareils/{pile[0]}").text
    assert free.index("Prochaine étape") < free.index("Prendre en main")
    in_hands(app, pile[0])
    taken = signed_in(Role.COORDINATOR).get(f"/appareils/{pile[0]}").text
    assert taken.index("En main chez Samira Benali") < taken.index("Prochaine étape")


def test_scanning_tells_in_whose_hands_it_is(app, signed_in, pile):
    in_hands(app, pile[0])
    assert "Entre vos mains depuis" in signed_in(Role.TECHNICIAN).get(f"/S/{pile[0]}").text
    other = signed_in(Role.COORDINATOR)
    assert "En main chez Samira Benali" in other.get(f"/S/{pile[0]}").text
    assert other.submit(f"/appareils/{pile[0]}/prendre").status_code == 409
    assert other.submit(f"/appareils/{pile[0]}/accepter-au-tri").status_code == 303  # Another's hands warn, they do not forbid.
