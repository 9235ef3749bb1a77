"""The doors of reports and drives: pages, raw files, the JSON door, and what they say to a wrong file."""

import io
import re

import pytest
from sqlalchemy import func, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, HardwareReport
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import spell
from tests.support.story import evidence
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe, smartctl


@pytest.fixture
def code(app):
    with app.app_context():
        return evidence.arrive()[0].code


@pytest.fixture
def technician(signed_in):
    return signed_in(Role.TECHNICIAN)


def files(*contents, field="files"):
    return {field: [(io.BytesIO(content), f"banc-{number}.json") for number, content in enumerate(contents)]}


def log(*wipes, **options):
    return {"file": (io.BytesIO(nwipe(*wipes, **options)), "nwipe.log")}


def upload(client, code, *contents):
    return client.submit(f"/appareils/{code}/rapports/deposer", files(*contents), content_type="multipart/form-data")


def prove(client, *wipes, where="", **options):
    with client.application.app_context():
        sent = log(*wipes, **options)
    return client.submit(f"/effacements/deposer{where}", sent, content_type="multipart/form-data")


def count(client, model):
    with client.application.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("’", "'").replace("\u202f", " ").replace("\xa0", " ")


def test_uploaded_reports_show_on_the_device_with_their_drives(technician, code):
    answer = upload(technician, code, lshw(Disk()), smartctl(Disk()))
    assert answer.status_code == 303, text_of(answer)
    page = technician.get(answer.location)
    told = text_of(page)
    assert "2 fichiers lus, 1 support trouvé." in told
    assert "SSD CHAUVIGNY SSD 256G PRO, 256 Go" in told
    assert "CHV0001" in told
    assert "À effacer" in told
    assert "Matériel lu : lshw + smartctl" in told


def test_the_same_files_again_say_that_they_are_known(technician, code):
    upload(technician, code, lshw(Disk()))
    answer = upload(technician, code, lshw(Disk()))
    assert "Ce fichier était déjà connu : rien n'a changé." in text_of(technician.get(answer.location))
    assert count(technician, HardwareReport) == 1


def test_a_missing_serial_is_told_after_the_upload_and_beside_the_report(technician, code):
    answer = upload(technician, code, lshw(Disk(), serial="To be filled by O.E.M."))
    assert text_of(technician.get(answer.location)).count("Cette machine ne donne pas de numéro de série") == 2
    assert text_of(technician.get(answer.location)).count("Cette machine ne donne pas de numéro de série") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Ce fichier est vide."),
        (lshw(Disk())[:-30], "Ce rapport est coupé avant la fin."),
        (b"%PDF-1.7\n", "Ce fichier est un PDF."),
        (b"[2026/04/01 10:00:00]    info: nwipe 0.42\n", "Ce fichier vient de nwipe"),
        (b"bonjour", "Ce fichier n'est pas un rapport que nous savons lire."),
    ],
)
def test_a_wrong_file_is_told_beside_the_field(technician, code, content, told):
    answer = upload(technician, code, content)
    assert answer.status_code == 422
    assert 'aria-describedby="f-files-h f-files-e" aria-invalid="true"' in answer.text
    assert text_of(answer).count(told) == 2, "in the summary and beside the field"
    assert count(technician, HardwareReport) == 0


def test_no_file_chosen_is_told(technician, code):
    answer = technician.submit(f"/appareils/{code}/rapports/deposer", {"files": (io.BytesIO(b""), "")}, content_type="multipart/form-data")
    assert (answer.status_code, "Aucun fichier n'est choisi." in text_of(answer)) == (422, True)
    answer = technician.submit("/effacements/deposer")
    assert (answer.status_code, "Aucun fichier n'est choisi." in text_of(answer)) == (422, True)


def test_among_several_files_the_wrong_one_is_named(technician, code):
    answer = upload(technician, code, lshw(Disk()), b"")
    assert "« banc-1.json » : Ce fichier est vide." in text_of(answer)
    assert count(technician, Drive) == 0


def test_a_serial_of_another_device_names_that_device(app, technician, code):
    with app.app_context():
        other = evidence.arrive()[0].code
    upload(technician, code, lshw(Disk()))
    answer = upload(technician, other, lshw(Disk("B2")))
    assert answer.status_code == 409
    assert spell(code) in text_of(answer)
    assert count(technician, HardwareReport) == 1


def test_a_file_that_is_too_large_gets_a_clear_page(make_app, app, technician, code):
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    answer = upload(technician, code, b"x" * 100_000)
    assert answer.status_code == 413
    assert "Rien n'a été enregistré, et ce que vous aviez écrit sur la page n'a pas pu être gardé" in text_of(answer)


def test_a_log_that_proves_nothing_is_no_success(technician, code):
    technician.get(upload(technician, code, lshw(Disk())).location)  # its own toast is seen
    answer = prove(technician, Wipe(status="aborted"), where=f"?appareil={code}")
    shown = technician.get(answer.location).text
    assert "aucune preuve acceptée" in shown.partition('<div class="toasts"')[0]
    assert '<div class="toast">' not in shown


def test_a_log_from_the_device_page_proves_and_leads_back(technician, code):
    upload(technician, code, lshw(Disk()))
    answer = prove(technician, Wipe(), where=f"?appareil={code}")
    assert answer.status_code == 303, text_of(answer)
    told = text_of(technician.get(answer.location))
    assert "1 rapport gardé, 1 preuve acceptée." in told
    assert "Effacé et vérifié" in told
    assert "Revenir à l'appareil" in told
    device = text_of(technician.get(f"/appareils/{code}"))
    assert "Tous traités" in device
    assert "Fill With Zeros" in device
    assert "dernier passage relu" in device
    assert "Effacement vérifié et accepté : support CHV0001" in device


def test_a_refused_proof_says_why_on_both_pages(technician, code):
    upload(technician, code, lshw(Disk()))
    answer = prove(technician, Wipe(status="-FAILED-"), where=f"?appareil={code}")
    assert "Cet effacement a échoué." in text_of(technician.get(answer.location))
    told = text_of(technician.get(f"/appareils/{code}"))
    assert "Preuve refusée" in told
    assert "Cet effacement a échoué. Le support reste à effacer ou à détruire." in told


def test_a_log_about_another_machine_is_said_clearly(technician, code):
    upload(technician, code, lshw(Disk()))
    answer = prove(technician, Wipe("Z9Z9"), where=f"?appareil={code}")
    told = text_of(technician.get(answer.location))
    assert "Ce rapport parle du support Z9Z9, qui n'est pas dans cette machine." in told
    assert "Support non reconnu" in told


def test_the_same_log_again_says_what_came_of_it(technician, app, code):
    upload(technician, code, lshw(Disk()))
    with app.app_context():
        content = nwipe(Wipe())
    for _ in range(2):
        answer = technician.submit("/effacements/deposer", {"file": (io.BytesIO(content), "nwipe.log")}, content_type="multipart/form-data")
    told = text_of(technician.get(answer.location))
    assert "Ce fichier était déjà connu, déposé aujourd'hui" in told
    assert "Effacé et vérifié" in told


def test_a_damaged_pdf(technician):
    answer = technician.submit("/effacements/deposer", {"file": (io.BytesIO(b"%PDF-1.4"), "r.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert text_of(answer).count("abîmé") == 2


def test_the_queue_shows_what_waits_and_empties_itself(technician, code):
    assert "Rien à revoir." in text_of(technician.get("/effacements"))
    prove(technician, Wipe("LATE1"))
    told = text_of(technician.get("/effacements"))
    assert "LATE1" in told
    assert "1 à rattacher" in told
    upload(technician, code, lshw(Disk("LATE1")))
    told = text_of(technician.get("/effacements"))
    assert "Rien à revoir." in told
    assert "1 acceptée" in told


def test_a_raw_report_is_handed_out_as_it_came_and_only_a_report(technician, signed_in, client, code):
    content = lshw(Disk())
    upload(technician, code, content)
    [digest] = set(re.findall(r"/rapports/([0-9a-f]{64})", technician.get(f"/appareils/{code}").text))
    answer = technician.get(f"/rapports/{digest}")
    assert answer.data == content
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="lshw-{digest[:12]}.json"'
    assert technician.get(f"/api/v1/reports/{digest}").data == content
    assert technician.get("/rapports/" + "0" * 64).status_code == 404
    assert technician.get("/rapports/..%2Fetc%2Fpasswd").status_code == 404
    assert signed_in(Role.PRESCRIBER).get(f"/rapports/{digest}").status_code == 403


def test_a_file_of_ours_that_is_no_report_is_not_handed_out(app, technician):
    from refurb.kernel.deeds import files as kept

    with app.app_context():
        digest = kept.keep(b"a signed paper")
    assert technician.get(f"/rapports/{digest}").status_code == 404


def test_a_drive_is_taken_out_and_destroyed_on_its_pages(app, signed_in, technician, code):
    upload(technician, code, lshw(Disk("A1"), Disk("B2")))
    with app.app_context():
        ids = {drive.serial: drive.id for drive in db.session.scalars(select(Drive))}
    where = f"/appareils/{code}/supports/{ids['A1']}"
    assert technician.get(f"{where}/retirer").status_code == 200
    assert technician.submit(f"{where}/retirer").status_code == 303
    again = technician.submit(f"{where}/retirer")
    assert (again.status_code, "n'est plus dans cet appareil" in text_of(again)) == (409, True)
    assert technician.submit(f"/appareils/{code}/supports/{ids['B2']}/detruire", {"note": ""}).status_code == 422
    how = {"method": "drilled", "note": "plateaux percés", "slip": "BSD-118", "witness_id": ""}
    answer = technician.submit(f"/appareils/{code}/supports/{ids['B2']}/detruire", how)
    assert answer.status_code == 303
    assert "Support détruit" in text_of(technician.get("/effacements"))
    own = technician.submit("/effacements/destructions/1/confirmer")
    assert (own.status_code, "une autre personne, avec son propre compte" in text_of(own)) == (409, True)
    assert signed_in(Role.COORDINATOR).submit("/effacements/destructions/1/confirmer").status_code == 303
    told = text_of(technician.get(f"/appareils/{code}"))
    assert "plateaux percés (bordereau BSD-118)" in told
    assert "N'est plus dans cette machine depuis" in told
    assert "1 à traiter" in told


def test_a_drive_of_another_device_is_not_found_here(app, technician, code):
    with app.app_context():
        other = evidence.arrive()[0].code
    upload(technician, code, lshw(Disk()))
    with app.app_context():
        number = db.session.scalars(select(Drive.id)).one()
    assert technician.submit(f"/appareils/{other}/supports/{number}/detruire", {"note": "x"}).status_code == 404


def test_who_may_not_is_told_so(signed_in, code):
    desk = signed_in(Role.DESK)
    assert desk.get(f"/appareils/{code}/rapports/deposer").status_code == 403
    assert desk.get("/effacements").status_code == 403
    assert desk.submit("/effacements/deposer").status_code == 403


# The JSON door ---------------------------------------------------------------------------------------------------------------


def api(client, path, **options):
    return client.post(f"/api/v1{path}", headers={"X-CSRFToken": client.token()}, **options)


def test_the_api_reads_a_body_and_several_files(technician, app, code):
    answer = api(technician, f"/devices/{code}/hardware-reports?filename=machine.json", data=lshw(Disk()), content_type="application/json")
    assert answer.status_code == 201, answer.json
    assert [report["filename"] for report in answer.json["reports"]] == ["machine.json"]
    assert answer.json["device"]["serial"] == "VI14K00731"
    answer = api(
        technician, f"/devices/{code}/hardware-reports", data=files(lshw(Disk()), smartctl(Disk())), content_type="multipart/form-data"
    )
    assert answer.status_code == 201, answer.json
    assert [report["tool"] for report in answer.json["reports"]] == ["smartctl"]
    assert [report["tool"] for report in answer.json["known"]] == ["lshw"]


def test_the_api_judges_a_log_once(technician, app, code):
    api(technician, f"/devices/{code}/hardware-reports", data=lshw(Disk()))
    with app.app_context():
        content = nwipe(Wipe(), Wipe("Z9"))
    answer = api(technician, "/erasure-reports", data=content)
    assert answer.status_code == 201, answer.json
    assert [(each["serial"], each["status"], each["counts"], each["device"]) for each in answer.json["erasures"]] == [
        ("CHV0001", "accepted", True, code),
        ("Z9", "unmatched", False, None),
    ]
    again = api(technician, "/erasure-reports", data=content)
    assert (again.status_code, again.json["known"]) == (200, True)


def test_the_api_refuses_with_codes(technician, app, code):
    answer = api(technician, f"/devices/{code}/hardware-reports", data=b"")
    assert (answer.status_code, answer.json["fields"]["files"][0]["code"]) == (422, "report.empty")
    answer = api(technician, "/erasure-reports", data=b"%PDF-1.4")
    assert (answer.status_code, answer.json["fields"]["file"][0]["code"]) == (422, "report.damaged")
    with app.app_context():
        assert db.session.scalar(select(Device.model)) is None
