"""What is told of products and things besides their names: value, owner, funder, pictures, damage."""

import io
from datetime import date

import pytest
from PIL import Image

from refurb.directory.actions import add_organisation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.lending.debts.queries import debts_for, open_damages
from refurb.lending.items.actions import add_picture, correct_item, correct_product, note_damage, remove_picture
from refurb.lending.items.queries import owners
from refurb.lending.items.rules import TooManyPictures
from refurb.lending.upkeep.queries import age_of, by_year, renewal_listing, renewal_year, value_of
from tests.support.story import desk, people

DESK = people.actor


def jpeg(shade=0):
    file = io.BytesIO()
    Image.new("RGB", (20, 20), (shade, 0, 0)).save(file, "JPEG", exif=Image.Exif())
    file.seek(0)
    return file


def corrected(item, role=Role.DESK, **facts):
    with unit_of_work():
        correct_item(DESK(role), item, product_id=item.product_id, name=item.name, **facts)


def test_owner_funder_and_value_are_written_and_told_in_the_history(context):
    kit = desk.kit()
    with unit_of_work():
        owner = add_organisation(DESK(Role.COORDINATOR), name="Communauté de communes", is_partner=True)
    corrected(kit, owner_id=owner.id, funder="LEADER", logo_due=True, keep_until=date(2029, 12, 31), value_cents=70_000, shelf="")
    assert kit.owner is owner
    assert owner in owners()
    assert kit.shelf is None, "what is left empty is not known"
    assert value_of(kit) == [(70_000, 1)]
    facts = last_event(kit).facts
    assert facts["owner"] == [None, "Communauté de communes"]
    assert facts["keep_until"] == [None, "2029-12-31"]
    with pytest.raises(Invalid):
        corrected(kit, owner_id=owner.id + 99)
    with pytest.raises(Forbidden):
        corrected(kit, Role.TECHNICIAN, funder="X")


def test_in_which_year_a_thing_is_replaced(context):
    kit = desk.kit()
    assert (renewal_year(kit), age_of(kit)) == (None, None)
    with unit_of_work():
        correct_product(DESK(Role.DESK), kit.product, name="Malle", category="kit", lifetime_years=5, support_until=date(2035, 1, 1))
    corrected(kit, acquired_on=date(today().year - 2, 1, 1))
    assert age_of(kit) == 2
    assert renewal_year(kit) == today().year + 3
    corrected(kit, keep_until=date(today().year + 9, 6, 1))
    assert renewal_year(kit) == today().year + 9
    assert by_year(list(renewal_listing(kit.site_id).every())) == {today().year + 9: [kit]}


def test_pictures_of_a_product(context):
    kit = desk.kit()
    product = kit.product
    with unit_of_work():
        first = add_picture(DESK(Role.DESK), product, photo=b"1", alt="Quatre robots")
        assert add_picture(DESK(Role.DESK), product, photo=b"1", alt="Quatre robots, ouverts") is first
    with unit_of_work():
        for each in range(2, 7):
            add_picture(DESK(Role.DESK), product, photo=b"%d" % each, alt="Un robot")
    with pytest.raises(TooManyPictures), unit_of_work():
        add_picture(DESK(Role.DESK), product, photo=b"7", alt="Un robot")
    with unit_of_work():
        remove_picture(DESK(Role.DESK), product, product.pictures[0].id)
    assert len(product.pictures) == 5
    with pytest.raises(NotFound), unit_of_work():
        remove_picture(DESK(Role.DESK), product, 0)


def test_damage_seen_on_the_shelf_is_owed_by_nobody(context):
    kit = desk.kit()
    with unit_of_work():
        damage = note_damage(DESK(Role.DESK), kit, component="Câble USB-C, 1 m", note="gaine fendue", photo=b"x")
    assert open_damages(kit) == [damage]
    assert damage.photo
    assert debts_for(kit) == []
    with pytest.raises(Invalid), unit_of_work():
        note_damage(DESK(Role.DESK), kit, component="Roue", note="?")


def test_from_the_pages(app, signed_in):
    with app.app_context():
        kit = desk.kit()
        code, product = kit.code, kit.product_id
    agent = signed_in(Role.DESK)
    address = f"/materiel/produits/{product}/images"
    assert agent.submit(address, {"photo": (jpeg(), "a.jpg"), "alt": ""}).status_code == 422
    assert agent.submit(address, {"photo": (jpeg(), "a.jpg"), "alt": "Quatre robots"}).status_code == 303
    page = agent.get(address).text
    assert 'alt="Quatre robots"' in page
    shown = page.split(f'src="{address}/')[1].split('"')[0]
    assert agent.get(f"{address}/{shown}").mimetype == "image/jpeg"
    assert agent.get(f"{address}/{'0' * 64}.jpg").status_code == 404
    told = {"component": "Tapis de parcours", "note": "déchiré", "photo": (jpeg(9), "b.jpg")}
    assert agent.submit(f"/materiel/{code}/degat", told).status_code == 303
    assert "déchiré" in agent.get(f"/materiel/{code}").text
    assert agent.get(f"/materiel/{code}/degats/1.jpg").mimetype == "image/jpeg"
    told = {"product_id": product, "name": "Robots", "value": "700", "keep_until": "2030-01-01", "funder": "LEADER"}
    assert agent.submit(f"/materiel/{code}/modifier", told).status_code == 303
    assert "LEADER" in agent.get(f"/materiel/{code}").text
    head = {"X-CSRFToken": agent.token()}
    body = {"product_id": product, "name": "B", "components": [{"name": "Robot", "quantity": 2}], "funder": "FEDER"}
    assert agent.put(f"/api/v1/items/{code}", json=body, headers=head).json["funder"] == "FEDER"
