"""The organisation's certificate on its papers: signed, still PDF/UA and PDF/A, an appended change told as one, and clear refusals."""

from datetime import timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter
from sqlalchemy import text

from refurb.documents.certificate import AlreadyChosen, choose_certificate
from refurb.documents.first_day import certificate_point
from refurb.documents.models import PaperKind
from refurb.documents.pades import CertificateStanding, CertificateUnusable, certificate, sign_pdf
from refurb.documents.page import render
from refurb.documents.queries import changed_papers
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Forbidden
from refurb.kernel.speech.sentences import sentence
from tests.documents.papers import DONATION, drawn_signature
from tests.documents.test_check_page import send
from tests.support.story import gifts, people
from tests.support.tagged import faults


def made(place, *, begins=-1, ends=400):
    """A certificate of its own, for a password « secret », valid between two numbers of days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Le Relais numérique")])
    use = x509.KeyUsage(True, True, False, False, False, False, False, False, False)  # The library's own order.
    told = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now() + timedelta(days=begins))
        .not_valid_after(now() + timedelta(days=ends))
        .add_extension(use, critical=True)
        .sign(key, hashes.SHA256())
    )
    place.write_bytes(pkcs12.serialize_key_and_certificates(b"papers", key, told, None, BestAvailableEncryption(b"secret")))


@pytest.fixture
def signing(app, context, tmp_path, monkeypatch):
    """Sign with a certificate."""

    def settle(password="secret", **days):
        made(tmp_path / "papers.p12", **days)
        monkeypatch.setitem(app.config, "PAPER_CERTIFICATE", tmp_path / "papers.p12")
        monkeypatch.setitem(app.config, "PAPER_CERTIFICATE_PASSWORD", password)

    return settle


def judged(pdf):
    """What a reader of PDF says of the one signature: whether it is intact, and covers the whole file."""
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    told = validate_pdf_signature(signature, ValidationContext(trust_roots=[signature.signer_cert]))
    return told.intact and told.valid, told.bottom_line and told.coverage.name == "ENTIRE_FILE"


def test_a_paper_is_signed_and_stays_what_readers_and_archives_need(signing):
    signing()
    paper = gifts.issued(gifts.received(1), PaperKind.DONATION)
    pdf = fetch(paper.file)
    assert judged(pdf) == (True, True)
    assert paper.sealed_by == "Le Relais numérique"
    assert not faults(pdf)
    assert list(changed_papers()) == []
    assert certificate().standing is CertificateStanding.GOOD


def test_what_is_not_signed_is_drawn_twice_alike(context):
    told = {"verify_url": "https://relais.example/v/1", "digest": "0" * 64, "images": {"drawn": drawn_signature()}}
    assert render(DONATION, **told) == render(DONATION, **told)
    assert b"/AcroForm" not in render(DONATION, **told)
    assert gifts.issued(gifts.received(1), PaperKind.DONATION).sealed_by is None


def test_a_flipped_byte_breaks_it_and_an_appended_change_is_told(signing):
    signing()
    drawn = render(DONATION, verify_url="https://r.example/v/1", digest="0" * 64, images={"drawn": drawn_signature()}, field="Signature")
    pdf = sign_pdf(drawn)
    assert pdf.startswith(drawn)
    flipped = bytearray(pdf)
    flipped[200] ^= 1
    assert judged(bytes(flipped))[0] is False
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Attestation de 4 200 euros"})
    longer = BytesIO()
    writer.write(longer)
    assert longer.getvalue().startswith(pdf)
    assert judged(longer.getvalue())[1] is False


def test_the_check_page_says_who_signed_and_that_something_was_appended(app, client, signing):
    signing()
    paper = gifts.issued(gifts.received(1), PaperKind.DONATION)
    code, pdf = paper.code, fetch(paper.file)
    db.session.rollback()
    page = client.get(f"/verifier/{code}").text
    assert "avec le certificat « Le Relais numérique »" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "à l’octet près" in send(client, code, pdf).text
    appended = send(client, code, pdf + b"\n1 0 obj\n<<>>\nendobj\n").text
    assert "puis quelque chose y a été ajouté" in appended
    assert "Ce n’est pas le document émis" in appended
    assert "ajouté" not in send(client, code, b"x" + pdf).text


@pytest.mark.parametrize(
    ("settled", "standing", "told"),
    [
        ({"begins": -9, "ends": -1}, CertificateStanding.EXPIRED, "a expiré le"),
        ({"begins": 3}, CertificateStanding.NOT_YET, "ne vaut pas encore"),
        ({"password": "faux"}, CertificateStanding.UNREADABLE, "mot de passe est faux"),
    ],
)
def test_one_that_cannot_sign_is_told_to_the_administration_and_nothing_is_issued(signing, settled, standing, told):
    signing(**settled)
    donation = gifts.received(1)
    assert certificate().standing is standing
    with pytest.raises(CertificateUnusable) as refused:
        gifts.issued(donation, PaperKind.DONATION)
    assert told in sentence(refused.value)
    db.session.rollback()
    assert certificate_point().is_broken
    signing()  # Renewed: the number that was not used is the next one's.
    assert gifts.issued(donation, PaperKind.DONATION).number == 1
    assert certificate_point().is_ready


def test_a_file_that_is_gone_or_is_no_certificate_is_told_too(app, context, signing, tmp_path, monkeypatch):
    (tmp_path / "other.p12").write_bytes(b"no certificate")
    for place in ("gone.p12", "other.p12"):
        monkeypatch.setitem(app.config, "PAPER_CERTIFICATE", tmp_path / place)
        assert certificate().standing is CertificateStanding.UNREADABLE
    assert certificate_point().is_broken


@pytest.mark.both_databases
def test_the_administration_issues_without_it_for_a_reason_and_with_it_again(signing):
    signing(begins=-9, ends=-1)
    donation, administrator = gifts.received(1), people.actor(Role.ADMIN)
    with pytest.raises(Forbidden):
        choose_certificate(people.actor(Role.COORDINATOR), signs=False, reason="expiré")
    with unit_of_work():
        choose_certificate(administrator, signs=False, reason="Le nouveau certificat arrive lundi.")
    paper = gifts.issued(donation, PaperKind.DONATION)
    assert (paper.sealed_by, bool(paper.signed_code)) == (None, True)
    assert certificate_point().is_ready
    with pytest.raises(AlreadyChosen), unit_of_work():
        choose_certificate(administrator, signs=False, reason="encore")
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE certificate_choices SET reason = NULL"))
    with unit_of_work():
        choose_certificate(administrator, signs=True)
    with pytest.raises(CertificateUnusable):
        gifts.issued(gifts.received(1), PaperKind.DONATION)


def test_it_is_chosen_on_a_page(signing, signed_in):
    signing(begins=-9, ends=-1)
    client = signed_in(Role.ADMIN)
    assert "a expiré le" in client.get("/documents/certificat").text
    assert client.submit("/documents/certificat", {"signs": "0", "reason": ""}).status_code == 422
    assert client.submit("/documents/certificat", {"signs": "0", "reason": "Le nouveau arrive lundi."}).status_code == 303
    assert "Le nouveau arrive lundi." in client.get("/documents/certificat").text
    late = client.submit("/documents/certificat", {"signs": "0", "reason": "Le certificat a expiré."})
    assert (late.status_code, "quelqu’un l’a choisi entre-temps" in late.text) == (409, True), "who presses second turns nothing back on"
    assert 'name="signs" value="1"' in late.text
    assert client.submit("/documents/certificat", {"signs": "1"}).status_code == 303
    assert client.submit("/documents/certificat", {"signs": "1"}).status_code == 409
    assert signed_in(Role.COORDINATOR).get("/documents/certificat").status_code == 403


def test_without_a_certificate_there_is_nothing_to_choose(signed_in):
    assert signed_in(Role.ADMIN).get("/documents/certificat").status_code == 404
