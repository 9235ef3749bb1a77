"""A picture of each piece that comes back broken: kept with the pile, then with the damage, without what a camera writes beside it."""

from io import BytesIO

import pytest
from PIL import Image

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.lending.counter import sent
from refurb.lending.counter.actions.photos import keep_photos, wipe_photo
from refurb.lending.counter.actions.piles import hear
from refurb.lending.counter.models import Pile, PilePhoto
from refurb.lending.counter.shown import shown_pile
from refurb.lending.debts.queries import damage_of, damages_noted, open_damages
from refurb.lending.items.actions import note_damage
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import take_back, undo_return
from refurb.lending.models import Damage, Item
from tests.lending.counter.pressing import answered, lying, pressed, scanned, signed
from tests.support.story import desk, people


def jpeg_with_place():
    """A picture as a telephone takes it, with the place where it was taken."""
    written, exif = BytesIO(), Image.Exif()
    exif[0x010E], exif[0x8825] = "chez Aïcha", {1: "N", 2: (46.0, 34.0, 0.0)}
    Image.new("RGB", (40, 30), "navy").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_what_is_broken_keeps_its_picture_and_what_was_broken_before_gets_another(context):
    kit, agent = desk.kit(), people.actor(Role.DESK)
    (line,) = desk.lent(kit).lines
    robot, cable, mat = line.counts
    with unit_of_work():
        before = note_damage(agent, kit, component=cable.name, note="gaine fendue", photo=b"old")
        told = desk.all_there(line.counts, Robot=("damaged", None), Câble=("damaged", None))
        take_back(agent, line, told, photos={robot.id: b"robot", cable.id: b"cable", mat.id: b"whole"})
    noted = {(each.component, fetch(each.photo)) for each in open_damages(kit)}
    assert noted == {(robot.name, b"robot"), (cable.name, b"cable"), (cable.name, b"old")}
    assert [each.id for each in damages_noted(kit)][-1] == before.id
    assert damage_of(kit, before.id) is before
    with pytest.raises(NotFound):
        damage_of(desk.kit("Robots mBot n° 4"), before.id)


def test_a_picture_of_one_return_is_never_written_on_the_damage_of_another(context):
    kit, agent = desk.kit(), people.actor(Role.DESK)
    first = desk.lent(kit)
    desk.back(first, Câble=("damaged", None))
    with unit_of_work():
        item_machine.fire(kit, "check", agent, damages="kept")
    (line,) = desk.lent(kit).lines
    cable = line.counts[1]
    with unit_of_work():
        take_back(agent, line, desk.all_there(line.counts, Câble=("damaged", None)), photos={cable.id: b"worse"})
    older, newer = open_damages(kit)
    assert (older.line_id, older.photo, older.note) == (first.lines[0].id, None, None)
    assert (newer.line_id, fetch(newer.photo)) == (line.id, b"worse")
    with unit_of_work():
        undo_return(agent, line, reason="erreur")
    assert open_damages(kit) == [older], "and goes with its return"


def test_a_picture_lies_with_its_line_until_it_is_recorded_or_taken_away(context):
    kit, agent = desk.kit(), people.actor(Role.DESK)
    desk.lent(kit)
    with unit_of_work():
        pile = hear(agent, kit.code)
        line, (robot, *_more) = pile.lines[0].id, shown_pile(pile).lines[0].counted
        keep_photos(pile, {(line, robot.key): b"one", (line, 999): b"of nothing", (999, robot.key): b"of no line"})
        keep_photos(pile, {(line, robot.key): b"two"})
        assert [each.photo for each in db.session.query(PilePhoto)] == [b"two"]
        assert [each.has_photo for each in shown_pile(pile).lines[0].counted] == [True, False, False]
        wipe_photo(pile, line, robot.key)
        db.session.flush()
        assert db.session.query(PilePhoto).count() == 0


def test_a_telephone_sends_it_with_the_press_that_says_so(signed_in, app, monkeypatch):
    with app.app_context():
        kit = desk.kit()
        desk.lent(kit)
        code = kit.code
    agent = signed_in(Role.DESK)
    told = lying(scanned(agent, code))
    fields = [name.removeprefix("p") for name in told if name.startswith("p") and "-" in name]
    robot, *others = fields
    broken = {f"c{robot}": "damaged", f"t{robot}": "roue cassée"} | {f"c{each}": "complete" for each in others}
    bad = {f"p{robot}": (BytesIO(b"no picture"), "a.jpg"), f"p{others[0]}": (BytesIO(jpeg_with_place()), "b.jpg")}
    refused = agent.submit("/comptoir", told | broken | bad | {"do": "record"})
    assert (refused.status_code, "Photos non gardées" in refused.text, "Robot mBot2 monté. Ce fichier" in refused.text) == (422, True, True)
    with app.app_context():
        assert db.session.query(PilePhoto).count() == 1, "the good one is kept"
    monkeypatch.setattr(sent, "MOST_PHOTOS", 0)
    assert "0 photos au plus" in agent.submit("/comptoir", told | {f"p{robot}": (BytesIO(b""), "a.jpg"), "do": "save"}).text
    monkeypatch.undo()
    assert pressed(agent, f"photo-out:{others[0]}").status_code == 303
    assert agent.submit("/comptoir", told | broken | {f"p{robot}": (BytesIO(jpeg_with_place()), "a.jpg"), "do": "save"}).status_code == 303
    page = agent.get("/comptoir")
    assert "Photo gardée" in page.text
    told = {name: value for name, value in (lying(page) | broken).items() if not name.startswith("p") or name == "pile"}
    assert agent.submit("/comptoir", told | {"do": "record"}).status_code == 303
    with app.app_context():
        (damage,) = db.session.query(Damage).all()
        picture = Image.open(BytesIO(fetch(damage.photo)))
        assert (damage.note, dict(picture.getexif())) == ("roue cassée", {})
        assert db.session.query(PilePhoto).count() == 0
        item, number = db.session.query(Item).one().code, damage.id
    shown = agent.get(f"/materiel/{item}").text
    assert f"/materiel/{item}/degats/{number}.jpg" in shown
    assert "roue cassée" in shown
    assert agent.get(f"/materiel/{item}/degats/{number}.jpg").content_type == "image/jpeg"


def test_a_refused_picture_takes_no_signature_with_it(signed_in, app):
    with app.app_context():
        kit, who = desk.kit(), desk.borrower()
        desk.lent(desk.kit("Robots mBot n° 4"), who)
        codes = [who.code, kit.code, db.session.query(Item).filter_by(name="Robots mBot n° 4").one().code]
    agent = signed_in(Role.DESK)
    page = scanned(agent, *codes)
    agent.submit("/comptoir", lying(page) | answered(page) | {"do": "save"})
    page = agent.get("/comptoir")
    photo = next(name for name in lying(page) if name.startswith("p") and "-" in name)
    refused = agent.submit("/comptoir", lying(page) | signed(page) | {photo: (BytesIO(b"none"), "a.jpg"), "do": "record"})
    assert (refused.status_code, "Photos non gardées" in refused.text) == (422, True)
    with app.app_context():
        assert db.session.query(Pile).one().drawing is not None
