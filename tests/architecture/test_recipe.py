"""Follows docs/add-a-move.md to the letter: its row becomes a page, a JSON route, an event and an arrow."""

import dataclasses
import re
from pathlib import Path

import pytest
from flask import Blueprint

from refurb.inventory.devices import states
from refurb.inventory.devices.doors import device_doors
from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds import diagram
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.web.doors import add_pages
from tests.support.client import checking
from tests.support.story import people, workshop

RECIPE = Path(__file__).resolve().parents[2] / "docs" / "add-a-move.md"
BLOCKS = re.findall(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def extended():
    """The machine of devices with the recipe's row, and the recipe's deed."""
    row = eval(BLOCKS[0], vars(states))  # our own page, in our own repository
    built = Machine("device", device_machine.states, device_machine.looks, (*device_machine.moves, row))
    exec(BLOCKS[1], {"device_machine": built})
    return row, built


@pytest.fixture
def world(make_app, extended):
    row, built = extended
    app = make_app()
    others = frozenset(each.name for each in device_machine.moves)
    recipe = Blueprint("recipe", __name__)
    add_pages(recipe, dataclasses.replace(device_doors, machine=built, custom=others))
    app.register_blueprint(recipe)
    with app.app_context():
        people.settle()
        device = workshop.fire(workshop.laptop(), "accept")
        code = device.code
        db.session.remove()
    client = checking(app)
    client.sign_in(people.EMAIL[Role.TECHNICIAN])
    return app, client, row, code


def test_the_row_is_a_page_that_asks_and_a_post_that_does(world):
    app, client, row, code = world
    path = f"/appareils/{code}/attendre-le-donateur"
    assert str(row.label) in client.get(path).text
    assert client.submit(path, {}).status_code == 422
    assert client.submit(path, {"reason": "BIOS verrouillé"}).status_code == 303
    with app.app_context():
        device = device_doors.find(people.actor(Role.TECHNICIAN), code)
        assert device.state is row.target
        newest = events_of(device)[0]
        assert newest.move == row.name
        assert newest.facts["asked"] == "BIOS"


def test_the_row_is_an_arrow_in_the_drawing(extended):
    row, built = extended
    drawn = diagram.render(built)
    for source in row.sources:
        assert f"{source.value} --> {row.target.value}: {row.name}" in drawn


def test_the_recipe_names_files_that_exist():
    text = RECIPE.read_text(encoding="utf-8")
    for path in re.findall(r"`(refurb/[\w./]+\.py)`", text):
        assert (RECIPE.parents[1] / path).exists(), path
