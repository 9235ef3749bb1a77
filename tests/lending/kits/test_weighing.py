"""A kit weighed out and in: the likely missing piece is named, within what a scale trembles."""

from random import Random

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.items.queries import item_by_code
from refurb.lending.kits.actions import weigh
from refurb.lending.kits.queries import weighed_of
from refurb.lending.kits.schemas import Scaled
from refurb.lending.kits.weighing import TOLERANCE_MG, Weighed, likely_missing, too_light
from tests.lending.kits.telling import correct, told
from tests.support.story import desk, people

PARTS = [Weighed("robot", 4, 435_000), Weighed("câble", 4, 32_000), Weighed("capteur", 4, 18_500), Weighed("épingle", 10, 500)]


@pytest.mark.parametrize(
    ("lighter", "first"),
    [
        (0, None), (TOLERANCE_MG, None), (-20_000, None), (31_000, ("câble",)), (64_500, ("câble", "câble")), (436_000, ("robot",)),
        (50_000, ("câble", "capteur")), (250_000, None),
    ],
)  # fmt: skip
def test_what_is_named(lighter, first):
    guesses = likely_missing(PARTS, lighter)
    assert (guesses[0].names if guesses else None) == first


def test_what_a_scale_does_not_notice_is_counted_by_hand():
    assert too_light(PARTS) == ["épingle"]


def test_on_a_scale_of_one_gram_no_false_alarm_and_the_right_piece_among_three():
    chance, parts = Random(7), [Weighed(f"p{number}", 2, 6_000 + number * 7_300) for number in range(30)]
    right = 0
    for _try in range(300):
        lost = chance.choice(parts)
        read = [round((10_000_000 - gone + chance.gauss(0, 300)) / 1000) * 1000 for gone in (0, lost.weight_mg, 0)]
        assert likely_missing(parts, read[0] - read[2]) == []
        right += any(guess.names == (lost.name,) for guess in likely_missing(parts, read[0] - read[1]))
    assert right > 270


def weighed(kit, grams, role=Role.DESK):
    with unit_of_work():
        return weigh(people.actor(role), kit, load(Scaled, {"weight": grams})["weight_mg"])


def test_out_and_in(context):
    kit = desk.kit()
    correct(kit, told(kit, Robot={"weight_mg": 435_000}, Câble={"weight_mg": 32_000}))
    weighed(kit, "2 508,5")
    assert weighed_of(kit).lighter_mg is None
    desk.lent(kit)
    weighed(kit, "2476 g")
    standing = weighed_of(kit)
    assert (standing.lighter_mg, standing.is_lighter) == (32_500, True)
    assert standing.guesses[0].names == ("Câble USB-C, 1 m",)
    assert standing.by_hand == ["Tapis de parcours"]
    with pytest.raises(Forbidden):
        weighed(kit, "2", Role.TECHNICIAN)


@pytest.mark.parametrize("grams", ["", "0", "-3", "lourd", "1,2345", "1000000"])
def test_not_what_is_no_weight(context, grams):
    with pytest.raises(Invalid):
        load(Scaled, {"weight": grams})


def test_from_the_page_and_the_json_door(app, signed_in):
    with app.app_context():
        kit = desk.kit()
        correct(kit, told(kit, Robot={"weight_mg": 435_000}))
        code = kit.code
    agent = signed_in(Role.DESK)
    assert agent.submit(f"/materiel/{code}/peser", {"weight": "?"}).status_code == 422
    assert agent.submit(f"/materiel/{code}/peser", {"weight": "2000"}).status_code == 303
    with app.app_context():
        desk.lent(item_by_code(people.actor(Role.DESK), code))
    head = {"X-CSRFToken": agent.token()}
    said = agent.post(f"/api/v1/items/{code}/weighings", json={"weight": "1565"}, headers=head)
    assert said.json["guesses"][0] == ["Robot mBot2 monté"], said.json
    assert "de moins qu" in agent.get(f"/materiel/{code}/peser").text
