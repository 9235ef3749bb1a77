"""Activity sheets: a page or a PDF that only reads, with author and licence, of a partner or ours, corrected by whose it is."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.kernel.web.pdf_pages import pages_of
from refurb.kernel.web.pdfs import ReadPdf, read_pdf
from refurb.lending.sheets.actions import correct_sheet, share_sheet, withdraw_sheet
from refurb.lending.sheets.models import ActivitySheet
from refurb.lending.sheets.queries import activity_sheets, count_sheets, sheet_by_id
from refurb.lending.sheets.rules import check_change, may_change, may_share, sharing_organisations
from refurb.lending.sheets.words import Licence
from tests.support.story import desk, people

FACTS = {
    "title": "Premier parcours",
    "author": "Médiathèque de Charroux",
    "licence": Licence.CC_BY_SA,
    "public": "8 à 10 ans",
    "minutes": 60,
}


def written(add=None, *, locked=False):
    writer = PdfWriter()
    for _number in range(3):
        writer.add_blank_page(210, 297)
    if add:
        add(writer)
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def opens_a_program(writer):
    program = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(program)


def share(actor=None, pdf=None, **changes):
    facts = FACTS | ({} if pdf else {"text": "Posez le robot.\n\nAvancez."}) | changes
    with unit_of_work():
        return share_sheet(actor or people.actor(Role.DESK), pdf, **facts)


def facilitator(organisation_id):
    return Actor(people.actor(Role.DESK).id, "Animatrice", (Grant(Role.FACILITATOR, organisation_id),))


def test_a_page_is_shared_and_found_with_its_product(context):
    kit = desk.kit()
    sheet = share(products=[kit.product_id])
    assert [each.id for each in activity_sheets(kit.product)] == [sheet.id]
    assert count_sheets() == {kit.product_id: 1}
    assert sheet_by_id(sheet.id).licence is Licence.CC_BY_SA
    with unit_of_work():
        withdraw_sheet(people.actor(Role.DESK), sheet)
    with unit_of_work():
        withdraw_sheet(people.actor(Role.DESK), sheet)
    assert list(activity_sheets()) == []
    with pytest.raises(NotFound):
        sheet_by_id(sheet.id)


def test_a_pdf_is_measured_and_kept_as_it_was_sent(context):
    content = written()
    sheet = share(pdf=read_pdf(content))
    assert (sheet.pages, sheet.file_bytes, fetch(sheet.file)) == (3, len(content), content)
    with unit_of_work():
        correct_sheet(people.actor(Role.DESK), sheet, None, **FACTS | {"title": "Autre titre"})
    assert (sheet.title, sheet.pages) == ("Autre titre", 3), "the PDF stays where none is sent"
    with unit_of_work():
        correct_sheet(people.actor(Role.DESK), sheet, None, **FACTS, text="Une page")
    assert (sheet.file, sheet.text) == (None, "Une page")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a", "pdf.unreadable"),
        (b"%PDF-1.7\nnothing", "pdf.unreadable"),
        (written(locked=True), "pdf.locked"),
        (written(opens_a_program), "pdf.active"),
        (written(lambda writer: writer.add_attachment("virus.exe", b"MZ")), "pdf.active"),
    ],
)
def test_what_is_no_pdf_to_hand_on_is_refused(content, code):
    assert pages_of(content) == code


def test_a_refused_pdf_stands_beside_its_field(context):
    with pytest.raises(Invalid) as refused:
        read_pdf(b"GIF89a")
    assert [each.code for each in refused.value.fields["file"]] == ["pdf.unreadable"]
    with pytest.raises(Invalid):
        read_pdf(b"%PDF-" + b"0" * (11 * 2**20))


def test_neither_page_nor_pdf_and_both_are_refused(context):
    with pytest.raises(Invalid):
        share(text=None)
    with pytest.raises(Invalid):
        share(pdf=ReadPdf(written(), 3), text="et une page")
    assert db.session.query(ActivitySheet).count() == 0


def test_a_partner_shares_for_her_own_structure_and_touches_no_other(context):
    own, other = db.session.query(Organisation).filter(Organisation.is_home.is_(False)).limit(2)
    her = facilitator(own.id)
    sheet, ours = share(her), share()
    assert sheet.organisation_id == own.id
    assert sharing_organisations(her) == {own.id}
    assert may_share(her)
    assert not may_share(people.actor(Role.TECHNICIAN))
    assert may_change(her, sheet)
    assert may_change(people.actor(Role.DESK), sheet)
    with pytest.raises(Forbidden):
        check_change(her, ours)
    with pytest.raises(Invalid):
        share(her, organisation_id=other.id)
    with pytest.raises(Forbidden):
        share(people.actor(Role.TECHNICIAN))


def test_on_screen_from_the_form_to_the_catalogue(signed_in, client, app):
    with app.app_context():
        product = desk.kit().product_id
    form = {
        "title": "Suivre la ligne", "public": "9 à 12 ans", "minutes": "90", "author": "Centre social", "licence": "cc_by",
        "products": [str(product)], "text": "", "organisation_id": "",
    }  # fmt: skip
    agent = signed_in(Role.DESK)
    refused = agent.submit("/fiches/nouvelle", form)
    assert refused.status_code == 422
    assert 'value="Suivre la ligne"' in refused.text
    assert agent.submit("/fiches/nouvelle", form | {"licence": ""}).status_code == 422
    sent = agent.submit("/fiches/nouvelle", form | {"file": (io.BytesIO(written()), "fiche.pdf")})
    assert sent.status_code == 303
    assert "PDF, 3 pages" in client.get(f"/emprunter/{product}").text
    with client.get(f"{sent.location}/fiche.pdf") as file:
        assert (file.mimetype, file.headers["Content-Disposition"].partition(";")[0]) == ("application/pdf", "attachment")
    corrected = agent.submit(f"{sent.location}/corriger", form | {"text": "Posez le robot.\n\nAvancez."})
    assert corrected.status_code == 303
    shown = client.get(sent.location).text
    assert "CC BY 4.0" in shown
    assert "<p>Avancez.</p>" in shown
    assert client.get("/fiches").status_code == 200
    assert client.get(f"{sent.location}/fiche.pdf").status_code == 404
    assert agent.submit(f"{sent.location}/retirer").status_code == 303
    assert client.get(sent.location).status_code == 404
