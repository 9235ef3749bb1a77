"""What is lifted or moved by mistake is put back from the word that says so; what ends a machine's work is out of the thumb's way."""

import re

from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.kernel.deeds.access import Role
from tests.support.story import evidence
from tests.support.story.evidence import Disk, lshw


def pressed(client, page, label):
    """Press the button of that word in the message at the head of a page."""
    form = next(each for each in re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL) if 'name="_undo"' in each and label in each)
    facts = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return client.submit(re.search(r'action="([^"]+)"', form)[1], {name: told for name, told in facts.items() if name != "csrf_token"})


def told(client, path, facts):
    return client.get(client.submit(path, facts).headers["Location"]).text


def test_a_lifted_flag_is_raised_again_with_its_note(app, signed_in):
    with app.app_context():
        code = evidence.arrive()[0].code
    client = signed_in(Role.TECHNICIAN)
    told(client, f"/appareils/{code}/signaler", {"kind": "second_look", "note": "charnière gauche"})
    assert pressed(client, told(client, f"/appareils/{code}/lever", {"kind": "second_look"}), "Annuler").status_code == 303
    assert "charnière gauche" in client.get(f"/appareils/{code}").text


def test_a_drive_taken_out_is_put_back_and_one_put_in_is_taken_out(app, signed_in):
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.read(device, lshw(Disk("UNDO")))
        code, drive = device.code, drives_inside(device)[0].id
    client, here = signed_in(Role.TECHNICIAN), f"/appareils/{device.code}"
    assert pressed(client, told(client, f"{here}/supports/{drive}/retirer", {}), "Remettre le support").status_code == 303
    assert f"{here}/supports/{drive}/retirer" in client.get(here).text
    told(client, f"/supports/{drive}/retirer", {})
    assert pressed(client, told(client, f"/supports/{drive}/poser", {"code": code}), "Retirer le support").status_code == 303
    assert f"/supports/{drive}/poser" in client.get(f"/supports/{drive}").text


def test_what_ends_the_work_on_a_machine_stands_behind_a_press(app, signed_in):
    with app.app_context():
        code = evidence.arrive()[0].code
    client = signed_in(Role.COORDINATOR)
    for page in (f"/appareils/{code}", f"/S/{code}"):
        shown = client.get(page).text
        before, behind = shown.split("<summary>Autre chose</summary>")
        assert "Mettre au rebut" not in before
        assert "Mettre au rebut" in behind
