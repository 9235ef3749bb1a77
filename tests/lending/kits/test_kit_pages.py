"""The pages of kits, and their JSON doors."""

import re

import pytest

from refurb.kernel.deeds.access import Role
from tests.support.story import desk


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def kit(app):
    with app.app_context():
        made = desk.kit()
        desk.kit("Robots mBot n° 4")
        desk.back(desk.lent(made), Câble=("missing", 3))
        return {"code": made.code, "parts": [each.id for each in made.components]}


def plain(page):
    return page.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def typed(kit, **other):
    rows = {"row": [str(number) for number in range(1, 5)]}
    names, counts = ("Robot mBot2 monté", "Câble USB-C, 1 m", "Tapis de parcours"), (4, 4, 1)
    for number, (part, name, count) in enumerate(zip(kit["parts"], names, counts, strict=True), 1):
        rows |= {f"id-{number}": str(part), f"name-{number}": name, f"quantity-{number}": str(count), f"value-{number}": "1,50"}
    return rows | other


def test_the_page_of_a_kit_says_what_is_missing_and_who_had_it(agent, kit):
    page = agent.get(f"/materiel/{kit['code']}").text
    assert "Compléter le contenu" in page
    assert "3 sur 4" in page.replace("\u00a0", " ")
    assert "Aïcha N" in page
    done = agent.submit(f"/materiel/{kit['code']}/pieces-rendues", {"component": kit["parts"][1], "quantity": "2", "how": "replaced"})
    assert done.status_code == 422
    done = agent.submit(f"/materiel/{kit['code']}/pieces-rendues", {"component": kit["parts"][1], "quantity": "1", "how": "replaced"})
    assert done.status_code == 303
    assert "Compléter le contenu" not in agent.get(f"/materiel/{kit['code']}").text


@pytest.mark.both_databases
def test_contents_are_looked_at_then_confirmed(agent, kit):
    address = f"/materiel/{kit['code']}/contenu"
    assert "Rien ne change encore" in agent.get(address).text
    change = {"gone-3": "1", "name-4": "Clé hexagonale", "quantity-4": "2", "value-4": "", "weight-4": "2,5"}
    looked = plain(agent.submit(address, typed(kit, **change, do="look")).text)
    assert "Où vont les pièces ?" in looked
    assert "Clé hexagonale : ajouté, 2 pièces" in looked
    refused = agent.submit(address, typed(kit, **change, do="save", reason="usé"))
    assert refused.status_code == 422
    assert 'value="Clé hexagonale"' in refused.text
    sister = re.search(r'name="also" value="(\w+)"', looked)[1]
    done = agent.submit(address, typed(kit, **change, do="save", reason="usé", **{"fate-3": "used"}, also=[sister]))
    assert done.status_code == 303, done.text
    page = agent.get(f"/materiel/{kit['code']}").text
    assert "usé" in page
    assert "Clé hexagonale" in agent.get(f"/materiel/{sister}").text
    assert agent.submit(address, typed(kit, **{"weight-1": "lourd"}, do="look")).status_code == 422


def test_labels_of_pieces_are_drawn_and_scanned(agent, kit):
    address = f"/materiel/{kit['code']}/etiquettes"
    assert agent.submit(address, {"component": kit["parts"][0], "code": "?"}).status_code == 422
    assert agent.submit(address, {"component": kit["parts"][0], "code": ""}).status_code == 303
    page = agent.get(address).text
    piece = re.search(r"etiquettes/(\w{8})/retirer", page)[1]
    assert agent.get(address + ".pdf").data.startswith(b"%PDF")
    assert agent.get(f"/s/{piece}").headers["Location"].endswith(f"/materiel/{kit['code']}")
    assert agent.submit(f"{address}/{piece}/retirer", {}).status_code == 303
    assert "Location" not in agent.get(f"/s/{piece}").headers


def test_the_json_doors(agent, kit):
    head = {"X-CSRFToken": agent.token()}
    door = f"/api/v1/items/{kit['code']}"
    shown = agent.get(f"{door}/contents").json
    assert shown["missing"][0]["count"] == 1
    known = ("id", "name", "quantity")
    parts = [{name: each[name] for name in known} for each in shown["components"]]
    assert agent.put(f"{door}/contents", json={"components": parts[:2], "reason": "?"}, headers=head).json["code"] == "kit.component_untold"
    parts[0]["indispensable"] = True
    changed = agent.put(f"{door}/contents", json={"components": parts, "reason": "sans eux, rien"}, headers=head)
    assert changed.json["components"][0]["indispensable"], changed.json
    told = {"component": kit["parts"][1], "quantity": 1, "how": "found"}
    assert agent.post(f"{door}/pieces-back", json=told, headers=head).json["missing"] == []
    labelled = agent.post(f"{door}/piece-labels", json={"component": kit["parts"][2]}, headers=head).json
    piece = labelled["components"][2]["codes"][0]
    assert agent.get(f"/api/v1/pieces/{piece}").json["component"] == "Tapis de parcours"
    assert agent.get("/api/v1/pieces/JQYDKZY9").status_code == 404
