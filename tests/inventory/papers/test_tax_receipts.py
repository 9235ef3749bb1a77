"""Tax receipts: none without a legal basis, never a value of ours, the forms' mentions, one a gift, and what is declared of a year."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfWriter
from sqlalchemy import select, update

from refurb.directory.fiscal.actions import FiscalChanged, close_receipts
from refurb.directory.fiscal.queries import fiscal_basis, fiscal_versions
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.inventory.donations.donor import donor_token
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import DonationLine
from refurb.inventory.papers.actions import NothingChanged
from refurb.inventory.papers.receipts import queries, retention
from refurb.inventory.papers.receipts.actions import (
    ArticleClosed,
    DonorIncomplete,
    IssuerIncomplete,
    NobodySigns,
    NoFiscalBasis,
    NoReceiptForThis,
    NothingKept,
    NotValued,
    ReceiptForgotten,
    YearForgotten,
    YearGoesOn,
    forget_letter,
    note_declared,
    refuse_receipt,
)
from refurb.inventory.papers.receipts.models import GiftValuation, TaxReceipt
from refurb.inventory.papers.receipts.queries import due_on, receipt_years, register_of, total_of, years_to_declare
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import FileToErase
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from tests.support.story import gifts, people, taxes
from tests.support.tagged import faults

COMPANY, INDIVIDUAL = LegalOrigin.COMPANY, LegalOrigin.INDIVIDUAL


def words(paper):
    return json.dumps(paper.content, ensure_ascii=False).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def refusal(donation):
    with pytest.raises(Exception) as caught:
        refuse_receipt(donation)
    return type(caught.value)


def test_without_a_basis_nothing_is_valued_and_nothing_issued(context):
    donation = taxes.given()
    assert refusal(donation) is NoFiscalBasis
    with pytest.raises(NoFiscalBasis):
        taxes.valued(donation)


def test_each_thing_that_is_missing_is_told(context):
    donation, other = taxes.given(), gifts.received(1, origin=LegalOrigin.ASSOCIATION)
    taxes.based(companies=False)
    assert refusal(donation) is ArticleClosed
    taxes.based()
    assert refusal(other) is NoReceiptForThis
    assert refusal(donation) is NotValued
    taxes.valued(donation)
    assert refusal(donation) is IssuerIncomplete
    with unit_of_work():
        donation.donor.siren = None
    assert refusal(donation) is DonorIncomplete


def test_nobody_signs_who_was_not_named_to(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    with unit_of_work():
        from refurb.directory.letterhead.models import Signatory

        db.session.execute(update(Signatory).values(signs_receipts=False))
    assert refusal(donation) is NobodySigns


def test_a_company_s_value_is_what_its_letter_says(context):
    taxes.opened()
    donation = taxes.given()
    for wrong in ({"letter": None}, {"cents": 0}):
        with pytest.raises(Invalid):
            taxes.valued(donation, **wrong)
    first, second = taxes.valued(donation), taxes.valued(donation, 99_000)
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    said = words(taxes.receipted(donation))
    mentions = (
        "***990,00 €***", "SAS", "999 001 007", "238 bis", "formulaire 16216", "valeur nette comptable", "Paule Frénet", "W862001234",
        "Zone de la Fiction", "86100 Châtellerault", "Déclaration de don manuel", "certifie sur l'honneur", "Équiper des foyers",
    )  # fmt: skip
    for each in mentions:
        assert each in said, each
    assert not re.search(r"60 ?%|66 ?%|déductible|économi", said), "no rate, and no saving"


def test_a_private_person_s_value_says_who_checked_and_on_what_basis(context):
    taxes.opened()
    donation = taxes.given(INDIVIDUAL)
    taxes.valued(donation, 8_000)
    said = words(taxes.receipted(donation))
    for each in ("***80,00 €***", "formulaire 11580", "article 200", "Trois annonces du même modèle.", people.actor(Role.COORDINATOR).name):
        assert each in said, each
    assert "SIREN" not in json.dumps(
        next(b for b in taxes_blocks(donation) if b["type"] == "facts" and b["items"][0][0] == "Nom et prénom")
    )


def taxes_blocks(donation):
    paper = db.session.scalars(select(Paper).where(Paper.kind == PaperKind.TAX, Paper.subject_id == donation.id)).one()
    return paper.content["blocks"]


def test_one_receipt_stands_and_another_value_replaces_it(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    first = taxes.receipted(donation)
    with pytest.raises(NothingChanged):
        taxes.receipted(donation)
    taxes.valued(donation, 50_000)
    second = taxes.receipted(donation)
    assert (first.status, second.replaces) == (PaperStatus.REPLACED, first)
    assert [(each.cents, each.is_live) for each in register_of(today().year)] == [(123_450, False), (50_000, True)]
    assert (total_of(today().year).receipts, total_of(today().year).cents) == (1, 50_000)


def test_the_database_keeps_one_receipt_and_one_value_a_gift_and_no_empty_amount(context):
    taxes.opened()
    donation = taxes.given()
    value = taxes.valued(donation)
    taxes.receipted(donation)
    other = gifts.issued(donation, PaperKind.DONATION).id
    value_facts = {"donation_id": donation.id, "cents": 1, "valued_by": "receiver", "basis": "x", "told_on": today(), "noted_at": now()}
    line = {"donation_id": donation.id, "valuation_id": value.id, "article": "200", "given_on": today(), "issued_on": today()}
    for made in (
        GiftValuation(**value_facts),
        GiftValuation(**value_facts | {"withdrawn_at": now(), "cents": 0}),
        GiftValuation(**value_facts | {"withdrawn_at": now(), "basis": None}),
        GiftValuation(**value_facts | {"withdrawn_at": now(), "valued_by": "donor", "basis": None, "method": "book", "donor_form": "SA"}),
        TaxReceipt(paper_id=other, cents=5, **line),
        TaxReceipt(paper_id=other, cents=0, ended_at=now(), **line),
    ):
        with pytest.raises(Conflict), unit_of_work():
            db.session.add(made)
            db.session.flush()


def test_the_paper_is_tagged_and_shows_the_address_in_its_window(context):
    taxes.opened()
    donation = taxes.given(count=3)
    taxes.valued(donation)
    paper = taxes.receipted(donation)
    assert faults(files.fetch(paper.file)) == []


def test_who_may(context):
    taxes.opened()
    donation = taxes.given()
    for role in (Role.TECHNICIAN, Role.DESK):
        with pytest.raises(Forbidden):
            taxes.valued(donation, who=people.actor(role))
    taxes.valued(donation)
    with pytest.raises(Forbidden):
        taxes.receipted(donation, people.actor(Role.TECHNICIAN))
    with pytest.raises(Forbidden), unit_of_work():
        close_receipts(people.actor(Role.COORDINATOR), seen=1)


def test_closed_again_nothing_is_issued_and_what_stands_stays(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    paper = taxes.receipted(donation)
    with pytest.raises(FiscalChanged), unit_of_work():
        close_receipts(people.actor(Role.ADMIN), seen=0)
    with unit_of_work():
        close_receipts(people.actor(Role.ADMIN), seen=1)
    assert fiscal_basis() is None
    assert [each.is_on for each in fiscal_versions()] == [False, True]
    assert refusal(donation) is NoFiscalBasis
    assert paper.status is PaperStatus.ISSUED


@pytest.mark.parametrize(
    ("year", "day"),
    [(2022, date(2023, 5, 3)), (2023, date(2024, 5, 3)), (2024, date(2025, 5, 5)), (2025, date(2026, 5, 5)), (2026, date(2027, 5, 4))],
)
def test_the_day_is_the_second_working_one_after_the_first_of_may(context, year, day):
    assert due_on(year) == day


def test_a_year_that_is_over_waits_until_it_is_declared_and_again_when_it_changed(context, monkeypatch):
    taxes.opened()
    donation, year = taxes.given(), today().year
    taxes.valued(donation)
    taxes.receipted(donation)
    coordinator = people.actor(Role.COORDINATOR)
    assert years_to_declare() == []
    with pytest.raises(YearGoesOn), unit_of_work():
        note_declared(coordinator, year)
    from refurb.inventory.papers.receipts import actions

    for room in (queries, actions):
        monkeypatch.setattr(room, "today", lambda: date(year + 1, 1, 2))
    assert [(each.year, each.is_late) for each in years_to_declare()] == [(year, False)]
    with unit_of_work():
        note_declared(coordinator, year)
    assert years_to_declare() == []
    with unit_of_work():
        db.session.execute(update(TaxReceipt).values(cents=1))
    assert [each.year for each in years_to_declare()] == [year]


def test_after_six_years_the_receipt_is_empty_and_the_letter_goes(context):
    taxes.opened()
    donation = taxes.given()
    value = taxes.valued(donation)
    paper, letter = taxes.receipted(donation), value.letter
    long_ago, this_year = today() - timedelta(days=7 * 366), today().replace(month=1, day=1)
    receipts, values = retention.TERMS
    with unit_of_work():
        assert receipts() == values() == 0
    with unit_of_work():
        db.session.execute(update(TaxReceipt).values(issued_on=this_year.replace(year=this_year.year - 6)))
        assert receipts() == 0, "six years from the end of the year, so that it goes whole"
        db.session.execute(update(TaxReceipt).values(issued_on=long_ago))
        db.session.execute(update(GiftValuation).values(noted_at=now() - timedelta(days=6 * 366)))
    db.session.expire_all()
    with unit_of_work():
        assert (receipts(), values()) == (1, 1)
    assert paper.forgotten_at is not None
    assert "Menuiseries" not in words(paper)
    assert letter in set(db.session.scalars(select(FileToErase.digest)))
    assert refusal(donation) is ReceiptForgotten, "no second one"


def test_what_a_forgotten_value_was_is_no_value_any_more(context):
    taxes.opened()
    donation = taxes.given()
    value = taxes.valued(donation)
    with unit_of_work():
        forget_letter(value)
    assert refusal(donation) is NotValued


def test_a_year_past_its_term_is_declared_no_more(context):
    taxes.opened()
    donation, old = taxes.given(), today().year - 7
    taxes.valued(donation)
    taxes.receipted(donation)
    with unit_of_work():
        db.session.execute(update(TaxReceipt).values(issued_on=date(old + 1, 1, 5), given_on=date(old, 12, 30)))
    assert [each.year for each in years_to_declare()] == [each for each in (old + 1,) if each in queries.YEARS]
    with pytest.raises(YearForgotten), unit_of_work():
        note_declared(people.actor(Role.COORDINATOR), old)


def test_a_gift_of_before_the_register_is_in_the_year_of_its_receipt(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    taxes.receipted(donation)
    with unit_of_work():
        db.session.execute(update(TaxReceipt).values(given_on=date(2019, 3, 1)))
    assert receipt_years() == [today().year]


def test_a_gift_of_which_nothing_was_kept_has_no_receipt(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    with unit_of_work():
        db.session.execute(update(DonationLine).values(received=0))
    assert refusal(donation) is NothingKept


def test_the_table_adds_up_to_what_the_receipt_says_first(context):
    taxes.opened()
    donation = taxes.given(count=3)
    taxes.valued(donation)
    with unit_of_work():
        one = db.session.scalars(select(Device).where(Device.donation_id == donation.id)).first()
        one.kind = DeviceKind.DESKTOP
    content = taxes.receipted(donation).content
    table = next(each for each in content["blocks"] if each["type"] == "table")
    assert table["total"][-1] == "3"
    assert "3 unités" in content["lead"]


def test_the_register_keeps_the_name_that_the_receipt_bears(context):
    taxes.opened()
    donation = taxes.given()
    taxes.valued(donation)
    taxes.receipted(donation)
    before = donation.donor.name
    with unit_of_work():
        donation.donor.name = "Menuiserie Rebaptisée"
    assert [each.donor for each in register_of(today().year)] == [before]


def test_a_value_noted_again_unchanged_offers_nothing(app, signed_in):
    with app.app_context():
        people.settle()
        taxes.opened()
        donation = taxes.given()
        taxes.valued(donation)
        taxes.receipted(donation)
        taxes.valued(donation)
        reference = donation.reference
        db.session.remove()
    shown = signed_in(Role.COORDINATOR).get(f"/dons/{reference}/recu-fiscal").text
    assert "ce document reste valable" in shown.replace("\u202f", " "), re.sub("<[^>]*>|\\s+", " ", shown)


def test_an_association_reads_that_it_gets_no_receipt(app, signed_in):
    with app.app_context():
        people.settle()
        taxes.opened()
        token = donor_token(gifts.received(1, origin=LegalOrigin.ASSOCIATION))
        db.session.remove()
    assert "Pas de reçu fiscal" in signed_in(Role.COORDINATOR).get(f"/dons/suivi/{token}").text


def test_a_company_s_letter_and_a_declared_year_by_json(app, signed_in, monkeypatch):
    with app.app_context():
        people.settle()
        taxes.opened()
        own, private = taxes.given().reference, taxes.given(INDIVIDUAL).reference
        year = today().year
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    marked = {"headers": {"X-CSRFToken": client.token()}}
    told = {"euros": "1234,50", "method": "book", "donor_form": "SAS", "told_on": "2026-03-01"}
    bare = client.put(f"/api/v1/donations/{own}/value", data=told, content_type="multipart/form-data", **marked)
    assert (bare.status_code, list(bare.get_json()["fields"])) == (422, ["file"])
    blank, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(210, 297)
    writer.write(blank)
    letter = (io.BytesIO(blank.getvalue()), "lettre.pdf")
    sent = client.put(f"/api/v1/donations/{own}/value", data=told | {"file": letter}, content_type="multipart/form-data", **marked)
    assert sent.get_json()["cents"] == 123_450
    checked = {"euros": "80", "basis": "Trois annonces.", "told_on": "2026-03-01"}
    assert client.put(f"/api/v1/donations/{private}/value", json=checked, **marked).get_json()["cents"] == 8_000
    assert client.post(f"/api/v1/donations/{own}/tax-receipt", json={}, **marked).status_code == 201
    path = f"/api/v1/tax-receipts/{year}/declaration"
    assert client.post(path, **marked).get_json()["code"] == "receipt.year_goes_on"
    monkeypatch.setattr("refurb.inventory.papers.receipts.actions.today", lambda: date(year + 1, 1, 2))
    assert client.post(path, **marked).get_json()["cents"] == 123_450


def test_by_the_pages_from_the_basis_to_the_register(app, signed_in):
    with app.app_context():
        people.settle()
        reference = taxes.given(INDIVIDUAL).reference
        db.session.remove()
    admin, client = signed_in(Role.ADMIN), signed_in(Role.COORDINATOR)
    assert "Aucun reçu pour ce don" in client.get(f"/dons/{reference}/recu-fiscal").text
    assert client.get(f"/dons/{reference}/recu-fiscal/valeur").status_code == 409
    told = {
        "seen": "0", "standing": "general_interest", "purpose": "Équiper des foyers.", "ruling": "obtained", "decided_by": "Le conseil",
        "decided_on": "2026-03-02",
    }  # fmt: skip
    wrong = admin.submit("/coordonnees/recus-fiscaux", told)
    assert wrong.status_code == 422
    assert "Équiper des foyers." in wrong.text
    right = told | {"individuals": "1", "ruling_reference": "2026/04", "ruling_on": "2026-03-01"}
    assert admin.submit("/coordonnees/recus-fiscaux", right).status_code == 303
    assert client.submit(f"/dons/{reference}/recu-fiscal/valeur", {"euros": "0", "basis": "x", "told_on": "2026-03-01"}).status_code == 422
    value = {"euros": "80,50", "basis": "Trois annonces.", "told_on": "2026-03-01"}
    assert client.submit(f"/dons/{reference}/recu-fiscal/valeur", value).status_code == 303
    assert "80,50" in client.get(f"/dons/{reference}/recu-fiscal").text
    assert "Aucun reçu en" in client.get("/dons/recus-fiscaux").text


def test_the_register_leaves_as_a_table_and_the_donor_reads_the_receipt(app, signed_in):
    with app.app_context():
        people.settle()
        taxes.opened()
        donation = taxes.given()
        taxes.valued(donation)
        reference, token = taxes.receipted(donation).reference, donor_token(donation)
        own, year = donation.reference, today().year
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert "1 234,50" in client.get(f"/dons/recus-fiscaux/{year}").text.replace("\u202f", " ")
    table = client.get(f"/dons/recus-fiscaux/{year}/registre.csv")
    assert reference in table.text
    assert client.get(f"/dons/{own}/recu-fiscal").status_code == 200
    assert client.get(f"/dons/{own}/recu-fiscal/lettre").data == taxes.LETTER
    shown = client.get(f"/dons/suivi/{token}").text
    assert reference in shown
    assert "Pas de reçu fiscal" not in shown
    assert client.get(f"/dons/suivi/{token}/{reference}.pdf").status_code == 200
    assert client.get(f"/api/v1/tax-receipts/{year}").get_json()["cents"] == 123_450
