"""A donor's list through its pages and through the API: file, columns, check, import."""

import io
import re

import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.effects import run_due
from tests.support.story import lists, workshop


def reference_of(app, kind=DeviceKind.MONITOR):
    with app.app_context():
        return workshop.received({kind: 1}).reference


def send(client, reference, content, name="parc.xlsx"):
    return client.submit(f"/dons/{reference}/liste", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_from_the_file_to_the_devices(app, signed_in):
    reference = reference_of(app)
    client = signed_in(Role.COORDINATOR)
    assert "Rien n’est encore déclaré" in client.get(f"/dons/{reference}/liste").text
    bad = ("X-1", "truc", "", "", "AB12345", "", "")
    answer = send(client, reference, lists.xlsx(*lists.ROWS, bad, above=(("Parc de la mairie",), ())))
    assert answer.status_code == 303
    columns = client.get(answer.headers["Location"])
    assert "7 colonnes reconnues" in columns.text
    assert "7HXK2L3" in columns.text
    chosen = {f"column_{at}": name for at, name in enumerate(("tag", "kind", "manufacturer", "model", "serial", "ram", ""))}
    twice = client.submit(columns.request.path, {**chosen, "column_6": "serial"})
    assert (twice.status_code, "Deux colonnes disent la même chose" in twice.text) == (422, True)
    answer = client.submit(columns.request.path, chosen)
    preview = client.get(answer.headers["Location"])
    assert "ne dit pas ce que c’est" in preview.text
    assert "1 ligne à revoir" in preview.text
    assert "7HXK2L3" in client.get(preview.request.path + "?voir=toutes").text
    answer = client.submit(preview.request.path, {"create_devices": "1"})
    done = client.get(answer.headers["Location"])
    assert "3 fiches d’appareil créées" in done.text
    assert "1 laissée de côté" in done.text
    shown = client.get(f"/dons/{reference}/liste").text
    assert len(re.findall(r"/appareils/[0-9A-Z]{8}", shown)) == 3


def test_a_file_that_is_no_list_says_why(app, signed_in):
    reference = reference_of(app)
    answer = send(signed_in(Role.COORDINATOR), reference, b"%PDF-1.4", "parc.pdf")
    assert answer.status_code == 422
    assert "un PDF" in answer.text, re.findall(r".{30}PDF.{30}", answer.text)


@pytest.mark.both_databases
def test_a_list_that_is_forgotten_leaves_nothing(app, signed_in):
    reference = reference_of(app)
    client = signed_in(Role.COORDINATOR)
    path = send(client, reference, lists.csv()).headers["Location"].removesuffix("/colonnes")
    assert client.submit(f"{path}/oublier").status_code == 303
    assert client.get(path).status_code == 404


def test_a_technician_reads_and_does_not_send(app, signed_in):
    reference = reference_of(app)
    client = signed_in(Role.TECHNICIAN)
    assert "Déposer une liste" not in client.get(f"/dons/{reference}/liste").text


@pytest.mark.both_databases
def test_through_the_api(app, signed_in):
    reference = reference_of(app)
    client = signed_in(Role.COORDINATOR)
    token = {"X-CSRFToken": client.token()}
    base = f"/api/v1/donations/{reference}"
    made = client.post(f"{base}/lists?filename=parc.csv", data=lists.csv(), content_type="text/csv", headers=token)
    assert (made.status_code, made.json["columns"]["serial"], made.json["counts"]["create"]) == (201, 4, 3)
    path = f"{base}/lists/{made.json['id']}"
    told = client.put(f"{path}/columns", json={"columns": {"serial": 4}, "default_kind": "laptop"}, headers=token)
    assert {row["machine"]["kind"] for row in told.json["rows"]} == {"laptop"}
    work = client.post(f"{path}/confirm", json={"create_devices": True}, headers=token)
    assert work.status_code == 202
    with app.app_context():
        run_due()
    assert client.get(f"/api/v1/works/{work.json['id']}").json["outcome"]["devices"] == 3
    declared = client.get(f"{base}/declared").json
    assert (declared["declared"], declared["met"], len(declared["items"])) == (3, 3, 3)
    assert client.get(path).json["confirmed"] is True
