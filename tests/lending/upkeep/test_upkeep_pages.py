"""The pages of upkeep, and their JSON doors."""

import io
import re

import pytest
from PIL import Image

from refurb.kernel.deeds.access import Role
from tests.support.story import desk


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def kit(app):
    with app.app_context():
        return desk.kit().code


def photo():
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    file.seek(0)
    return file


def test_a_repair_is_opened_with_its_picture_and_finished(agent, kit):
    assert agent.submit(f"/materiel/{kit}/reparation", {"what": ""}).status_code == 422
    told = {"what": "Roue cassée", "stays": "1", "photo": (photo(), "roue.png")}
    opened = agent.submit(f"/materiel/{kit}/reparation", told)
    assert opened.status_code == 303, opened.text
    address = opened.headers["Location"]
    assert "Roue cassée" in agent.get(address).text
    assert agent.get(f"{address}/photo.jpg").mimetype == "image/jpeg"
    assert "Roue cassée" in agent.get("/entretien").text
    assert "Roue cassée" in agent.get(f"/materiel/{kit}").text
    assert agent.submit(f"{address}/noter-que-c-est-fait", {"cost": "12,5", "workshop": "Fablab"}).status_code == 303
    assert "12,50" in agent.get("/entretien?etat=faits").text
    assert agent.get("/entretien.csv?etat=faits").status_code == 200


def test_a_plan_is_made_and_stopped(agent, kit):
    address = f"/materiel/{kit}/entretien"
    refused = agent.submit(address, {"name": "Charge", "scope": "item", "every_loans": "", "every_months": "", "on_date": "", "days": "1"})
    assert refused.status_code == 422
    made = agent.submit(address, {"name": "Charge", "scope": "product", "every_loans": "3", "days": "0"})
    assert made.status_code == 303, made.text
    page = agent.get(address).text
    assert "tous les 3 prêts" in page.replace("\u00a0", " ")
    number = re.search(r"entretien/(\d+)/arreter", page)[1]
    assert agent.submit(f"{address}/{number}/arreter", {}).status_code == 303
    assert "tous les 3 prêts" not in agent.get(address).text.replace("\u00a0", " ")


def test_the_age_of_the_pool(agent, kit):
    assert kit
    assert "Robots mBot" in agent.get("/materiel/renouvellement").text
    assert "Robots mBot" in agent.get("/materiel/renouvellement.csv").text


def test_the_json_doors(agent, kit):
    head = {"X-CSRFToken": agent.token()}
    made = agent.post(f"/api/v1/items/{kit}/plans", json={"name": "Contrôle", "every_months": 12}, headers=head)
    assert made.status_code == 201, made.json
    opened = agent.post(f"/api/v1/items/{kit}/repairs", json={"what": "Câble fendu"}, headers=head).json
    assert opened["state"] == "open"
    assert {row["what"] for row in agent.get("/api/v1/upkeep?state=open").json["items"]} == {"Contrôle", "Câble fendu"}
    done = agent.post(f"/api/v1/upkeep/{opened['reference']}/finish", json={"cost": "0"}, headers=head)
    assert done.json["cost_cents"] == 0
    assert agent.get(f"/api/v1/upkeep/{opened['reference']}").json["state"] == "done"
    assert agent.post(f"/api/v1/items/{kit}/plans/{made.json['id']}/end", json={}, headers=head).json["ended_at"]
