"""The public check page: what the QR of a paper leads to, for everybody, and the comparison of a file with the one issued."""

import io

import pytest
from sqlalchemy import text

from refurb.documents import views
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import new_code
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.web.brake import Brake
from tests.documents.papers import scanned, words
from tests.support.client import checking
from tests.support.story import evidence, families, gifts, people
from tests.support.story.machines import devices_of


def certificate(app, kind=PaperKind.ERASURE):
    """Code, reference, PDF and id of a paper that was issued."""
    with app.app_context():
        donation = gifts.received(2)
        gifts.wiped(donation, "WD-0001")
        paper = gifts.issued(donation, kind)
        return paper.code, paper.reference, fetch(paper.file), paper.id


def send(client, code, content, name="attestation.pdf"):
    return client.post(f"/verifier/{code}", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def grouped(digest):
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4))


def test_the_qr_leads_to_the_check_page_for_a_stranger(app, client):
    _code, reference, pdf, _id = certificate(app)
    (address,) = scanned(pdf, page=len(words(pdf)) - 1)
    answer = client.get(address.removeprefix("HTTP://REFURB.EXAMPLE"))
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert reference in page.text


def test_it_leads_there_for_somebody_signed_in_too(app, signed_in):
    code, reference, _pdf, _id = certificate(app)
    client = signed_in(Role.DESK)
    assert reference in client.get(f"/s/{code.lower()}", follow_redirects=True).text


def test_it_says_kind_number_date_issuer_status_and_sums_and_nothing_else(app, client):
    code, reference, _pdf, paper_id = certificate(app)
    page = client.get(f"/verifier/{code}").text
    with app.app_context():
        paper = db.session.get(Paper, paper_id)
        for told in (
            reference,
            "Attestation d’effacement",
            "Le Relais numérique",
            "Émis",
            grouped(paper.content_digest),
            grouped(paper.file),
        ):
            assert told in page, told
    for digest in (grouped(paper.content_digest), grouped(paper.file)):  # Any three digits may stand in a sum.
        page = page.replace(digest, "")
    for secret in ("Menuiseries", "DN-", "WD-0001", "732", "Marais"):
        assert secret not in page, secret


def test_of_a_paper_that_names_a_person_no_sum_is_shown_and_its_pdf_is_recognised_all_the_same(app, client):
    with app.app_context():
        paper = families.handed_over().paper
        code, sums, pdf = paper.code, (paper.content_digest, paper.file), fetch(paper.file)
    page = client.get(f"/verifier/{code}").text
    assert "Bon de remise" in page
    assert "Empreinte" not in page
    assert not any(grouped(each) in page or each in page for each in sums)
    assert "C’est le document émis, à l’octet près" in send(client, code, pdf).text


def test_a_stranger_who_guesses_at_papers_is_braked(app, client, monkeypatch):
    code, *_ = certificate(app)
    monkeypatch.setattr(views, "code_guesses", Brake(3, 60.0))
    guesses = [f"/verifier/{new_code()}", f"/verifier?code={new_code()}", f"/verifier/{new_code()}", f"/verifier?code={new_code()}"]
    assert [client.get(each).status_code for each in guesses] == [404, 404, 404, 429]
    assert client.get(f"/verifier/{code}").status_code == 429
    assert send(client, code, b"%PDF").status_code == 429


def test_the_pdf_that_was_issued_is_recognised(app, client):
    code, _reference, pdf, _id = certificate(app)
    answer = send(client, code, pdf)
    assert answer.status_code == 200
    assert "C’est le document émis, à l’octet près" in answer.text


def test_a_changed_byte_is_detected_wherever_it_is(app, client):
    code, _reference, pdf, _id = certificate(app)
    for place in (0, len(pdf) // 2, len(pdf) - 1):
        changed = bytearray(pdf)
        changed[place] ^= 1
        answer = send(client, code, bytes(changed))
        assert "Ce n’est pas le document émis" in answer.text
        assert "à l’octet près" not in answer.text
    assert "Ce n’est pas le document émis" in send(client, code, pdf + b"\n").text


def test_comparing_needs_no_cookie_and_keeps_nothing(app):
    code, _reference, _pdf, _id = certificate(app)
    stranger = app.test_client(use_cookies=False)
    files = {path for path in app.config["FILES"].rglob("*") if path.is_file()}
    answer = send(stranger, code, b"%PDF another file")
    assert answer.status_code == 200
    assert {path for path in app.config["FILES"].rglob("*") if path.is_file()} == files


def test_no_file_is_said_beside_the_field(app, client):
    code, *_ = certificate(app)
    answer = client.post(f"/verifier/{code}", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choisissez d’abord le fichier PDF" in answer.text
    assert 'id="f-file-e"' in answer.text


def test_a_file_too_large_is_refused_with_a_page(make_app, app):
    code, *_ = certificate(app)
    small = make_app(max_upload_mib="1")
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = head + b"x" * (2 * 1024 * 1024) + b"\r\n--edge--\r\n"
    answer = checking(small).post(f"/verifier/{code}", data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code == 413
    assert "Traceback" not in answer.text


def test_a_replaced_paper_says_by_which_number(app, client):
    code, _reference, pdf, paper_id = certificate(app)
    with app.app_context():
        gift = db.session.get(Donation, db.session.get(Paper, paper_id).subject_id)
        gifts.read_drives(gift, "WD-0001", "WD-0002")
        evidence.wipe(evidence.Wipe("WD-0002"), note="later")
        newer = gifts.issued(gift, PaperKind.ERASURE).reference
    page = client.get(f"/verifier/{code}").text
    assert f"Remplacé par le document {newer}" in page
    assert "Motif" not in page, "nobody was asked why"
    assert "Annulée et remplacée" in page
    assert "il a été annulé et remplacé depuis" in send(client, code, pdf).text


@pytest.mark.both_databases
def test_why_it_was_replaced_is_chosen_where_it_is_replaced(app, signed_in):
    code, _reference, _pdf, paper_id = certificate(app)
    with app.app_context():
        people.settle()
        gift = db.session.get(Donation, db.session.get(Paper, paper_id).subject_id)
        gifts.read_drives(gift, "WD-0001", "WD-0002")
        evidence.wipe(evidence.Wipe("WD-0002"), note="later")
        path = f"/dons/{gift.reference}/documents/attestation-d-effacement"
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert "Une erreur y était écrite" in client.get(path).text
    api, headers = f"/api/v1/donations/{path.split('/')[2]}/papers", {"X-CSRFToken": client.token()}
    assert client.submit(path, {"replaces_for": "whim"}).status_code == 422
    assert client.post(api, json={"kind": "AE", "replaces_for": "whim"}, headers=headers).status_code == 422
    assert client.submit(path, {"replaces_for": "mistake"}).status_code == 303
    assert "Motif : Une erreur y était écrite" in client.get(f"/verifier/{code}").text.replace("\u202f", " ").replace("\u00a0", " ")
    with app.app_context(), pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE papers SET replaces_for = 'asked' WHERE replaces_id IS NULL"))


def test_why_it_was_replaced_is_said_by_json_too(app, signed_in):
    code, _reference, _pdf, paper_id = certificate(app)
    with app.app_context():
        people.settle()
        gift = db.session.get(Donation, db.session.get(Paper, paper_id).subject_id)
        gifts.read_drives(gift, "WD-0001", "WD-0002")
        evidence.wipe(evidence.Wipe("WD-0002"), note="later")
        path = f"/api/v1/donations/{gift.reference}/papers"
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    made = client.post(path, json={"kind": "AE", "replaces_for": "asked"}, headers={"X-CSRFToken": client.token()})
    assert (made.status_code, made.json["replaces_for"]) == (201, "asked")
    assert "À la demande de qui l’a reçu" in client.get(f"/verifier/{code}").text


def test_a_code_that_is_no_paper_is_not_found(app, client):
    with app.app_context():
        device = devices_of(gifts.received(1))[0].code
    assert client.get(f"/verifier/{device}").status_code == 404
    assert client.get("/verifier/RIEN").status_code == 404
    assert client.get("/verifier/%00").status_code == 404


def test_the_code_can_be_typed(app, client):
    code, reference, _pdf, _id = certificate(app)
    assert client.get("/verifier").status_code == 200
    assert reference in client.get("/verifier", query_string={"code": f" {code[:4].lower()}-{code[4:]} "}).text
    wrong = client.get("/verifier", query_string={"code": "bonjour"})
    assert wrong.status_code == 422
    assert 'value="bonjour"' in wrong.text


def test_the_pages_of_papers_are_for_those_who_may_read_them(app, client, signed_in):
    _code, reference, pdf, _id = certificate(app)
    reader = signed_in(Role.COORDINATOR)
    page = reader.get(f"/documents/{reference}")
    assert page.status_code == 200
    assert "WD-0001" in page.text
    stored = reader.get(f"/documents/{reference}.pdf")
    assert stored.data == pdf
    assert stored.mimetype == "application/pdf"
    assert reference in reader.get("/documents?q=menuiseries&type=AE").text
    assert "Aucun document ne correspond" in reader.get("/documents?q=introuvable").text
    assert reference not in reader.get("/documents?type=AD&annee=2020").text
    assert "/documents?type=AE&amp;tri=document" in reader.get("/documents?q=menuiseries&type=AE&tri=document").text, "the order stays"
    told = reader.get(f"/api/v1/papers/{reference}").json
    assert told["reference"] == reference
    assert told["status"] == "issued"
    assert "content" not in told
    for role in (Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER, Role.OBSERVER):
        other = signed_in(role)
        assert other.get(f"/documents/{reference}").status_code == 403
        assert other.get(f"/documents/{reference}.pdf").status_code == 403
    assert client.get(f"/documents/{reference}").status_code == 303
    assert reader.get("/documents/AD-1999-0001").status_code == 404
