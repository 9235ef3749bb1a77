"""One resolver: any scanned text, what it is, and what can be done with it now."""

import pytest

from refurb.directory.actions import CodeUnknown, fresh_code
from refurb.directory.scans.queries import NothingFound, card_of, meaning_of
from refurb.directory.sites.actions import add_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import new_code, spell
from refurb.kernel.speech.errors import NotFound
from refurb.lending.kits.actions import label_pieces
from refurb.lending.reservations.packing import pack
from tests.lending.moves import fire
from tests.lending.reserving import reserved
from tests.support.story import desk, people, workshop


@pytest.fixture
def asking(context, app):
    """Within a request, as the door is: what a text means to somebody of a role, and the deeds it has now."""
    with app.test_request_context():

        def ask(typed, role=Role.DESK):
            actor = people.actor(role)
            meaning = meaning_of(actor, typed)
            card = card_of(actor, meaning)
            return meaning.kind, card, [each.name for each in card.deeds]

        yield ask


def test_a_thing_says_what_can_be_done_with_it_now(asking):
    kit = desk.kit()
    for typed in (kit.code, kit.code.lower(), spell(kit.code), f"https://ailleurs.example/S/{kit.code}"):
        kind, card, deeds = asking(typed)
        assert (kind, card.name, card.state, deeds) == ("item", kit.name, "available", ["depart"])
    assert asking(kit.code, Role.TECHNICIAN)[2] == []
    loan = desk.lent(kit)
    assert asking(kit.code)[2] == ["return"]
    desk.back(loan)
    assert asking(kit.code)[2] == ["check"]
    with unit_of_work():
        kit.stands_at_id = add_site(people.actor(Role.ADMIN), name="Fablab", kind=SiteKind.DEPOT).id
    assert (asking(kit.code)[2], asking(kit.code, Role.TECHNICIAN)[2]) == (["bring_home"], [])
    fire(kit, "lose", reason="introuvable")
    assert asking(kit.code)[2] == ["found"]


def test_what_is_reserved_is_packed_and_its_bag_opens_by_thing_or_reference(asking):
    kit = desk.kit()
    made = reserved(kit)
    _kind, card, deeds = asking(kit.code)
    assert deeds == ["depart", "pack"]
    assert (card.deeds[1].reference, card.deeds[1].url) == (made.reference, f"/reservations/{made.reference}/preparer")
    assert asking(made.reference.lower().replace("-", " "))[2] == ["pack"]
    with unit_of_work():
        pack(people.actor(Role.DESK), made, kit)
    assert asking(kit.code)[2] == ["open_bag", "depart"]
    kind, card, deeds = asking(made.reference)
    assert (kind, card.state, deeds) == ("reservation", "approved", ["open_bag", "pack"])
    assert asking(made.reference, Role.TECHNICIAN)[0] == "reference", "told as any other reference"


def test_a_piece_a_card_and_what_no_one_may_know(asking):
    kit, who = desk.kit(), desk.borrower()
    with unit_of_work():
        code = label_pieces(people.actor(Role.DESK), kit, component=kit.components[0].id)[0]
    kind, card, deeds = asking(code)
    assert (kind, card.url, deeds) == ("component", f"/materiel/{kit.code}", ["count"])
    kind, card, deeds = asking(who.code)
    assert (kind, card.name, deeds) == ("borrower", who.name, ["begin"])
    with pytest.raises(NotFound):
        asking(who.code, Role.TECHNICIAN)


def test_the_makers_number_of_a_tablet_of_the_pool_is_the_thing_that_is_lent(asking):
    tablet = desk.tablet("R52N30ABCDE")
    kind, card, deeds = asking("r52n30abcde")
    assert (kind, card.name, deeds) == ("item", tablet.name, ["depart"])


def test_the_workshops_things_by_number_and_by_mark(asking):
    device = workshop.laptop()
    workshop.put_drive_in(device, "WD-WCARW0244414")
    kind, card, deeds = asking(device.serial.lower(), Role.TECHNICIAN)
    assert (kind, card.url, deeds) == ("device", f"/S/{device.code}", [])
    kind, card, _deeds = asking("WDWCARW0244414", Role.TECHNICIAN)
    assert kind == "drive"
    assert asking(card.name.partition(",")[0], Role.TECHNICIAN)[1] == card
    with pytest.raises(NothingFound):
        asking("RIEN DE TEL")
    with unit_of_work():
        code = fresh_code().code
    kind, card, _deeds = asking(code)
    assert (kind, card.url) == (None, f"/S/{code}")
    with pytest.raises(CodeUnknown):
        asking(new_code())


def test_the_door_tells_it_and_packs(app, signed_in):
    with app.app_context():
        people.settle()
        kit = desk.kit()
        reference, code = reserved(kit).reference, kit.code
        db.session.remove()
    client = signed_in(Role.DESK)
    told = client.get("/api/v1/scan", query_string={"text": f" {code} "}).json
    assert (told["kind"], told["text"], told["word"]) == ("item", code, "Disponible")
    assert [each["name"] for each in told["deeds"]] == ["look", "depart", "pack"]
    headers = {"X-CSRFToken": client.token()}
    assert client.post(f"/api/v1/reservations/{reference}/pack", json={"code": code}, headers=headers).status_code == 200
    assert client.get(f"/api/v1/scan?text={code}").json["deeds"][1] == {"name": "open_bag", "url": "/comptoir/scan", "reference": reference}
    assert client.post(f"/api/v1/reservations/{reference}/unpack", json={"code": code}, headers=headers).status_code == 200
    assert client.get("/api/v1/scan?text=rien").json["code"] == "scan.nothing_found"
    assert signed_in(Role.PRESCRIBER).get(f"/api/v1/scan?text={code}").status_code == 403
