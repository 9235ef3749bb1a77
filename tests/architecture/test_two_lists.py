"""Two lists that never meet: what leaves the house about donors or a ceremony knows no name of a family, and joins no serial to a person.

Shown twice: by walking what the code that writes outwards can reach, and by reading all that it writes about an evening whose families,
codes and serials are known.
"""

import ast
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_family, mail_ceremony_guest, own_address
from refurb.ceremonies.guests.pdf import letter_pdf
from refurb.ceremonies.guests.queries import guests_of, invited_families
from refurb.ceremonies.guests.rules import TAKEN_BACK_WITHIN
from refurb.ceremonies.guests.words import GuestKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.codes import spell
from tests.support.client import checking
from tests.support.story import families, gala

PACKAGE = Path(__file__).parents[2] / "refurb"
OUTWARD = {
    "ceremonies/guests/donors.py",
    "ceremonies/guests/effects.py", "ceremonies/guests/figures.py", "ceremonies/guests/own.py", "ceremonies/guests/pdf.py",
    "ceremonies/guests/shown.py", "ceremonies/guests/texts.py", "ceremonies/guests/samples.py", "inventory/donations/effects",
    "inventory/donations/texts.py", "inventory/papers/pdf", "inventory/papers/views/donor.py", "inventory/papers/fates.py",
    "inventory/papers/receipts/pdf.py",
    "ceremonies/after/pdf.py", "ceremonies/after/figures.py", "ceremonies/consents/effects.py", "ceremonies/consents/own.py",
    "ceremonies/consents/pdf.py", "ceremonies/consents/receipt.py", "ceremonies/testimonies/effects.py",
    "ceremonies/guests/text_messages.py",
}  # fmt: skip
"""Whatever writes letters, pages without an account and papers to donors and guests."""
NAMING = {"Beneficiary", "Referral"}
"""The models by which somebody who receives is named; a turn leads to them only through an allocation."""
STEPS = {"beneficiary", "referral", "first_name", "last_name", "fetched_by", "serial", "serial_folded"}
"""The steps by which a row would lead there, and to a serial."""
OWN_PAPERS = {"serial"}
"""What the donor's papers bear of her own machines: their makers' serials."""
THE_ADDRESS = {"ceremonies/guests/reached.py"}
"""The one file by which a letter reaches a family; it reads an address and no name."""


THE_NUMBER = {"ceremonies/guests/texted.py"}
"""The one file by which a message reaches a family's telephone; it reads a number and no name."""


def files():
    for each in sorted(OUTWARD):
        path = PACKAGE / each
        yield from (sorted(path.rglob("*.py")) if path.is_dir() else [path])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_what_writes_outwards_is_there():
    assert all((PACKAGE / each).exists() for each in (*OUTWARD, *THE_ADDRESS, *THE_NUMBER))


def test_what_writes_outwards_imports_nobody_who_receives():
    found = {
        f"{path.relative_to(PACKAGE)}: {alias.name}"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in NAMING or (node.module or "").startswith(("refurb.referrals.cases", "refurb.referrals.households"))
    }
    assert found == set()


def test_what_writes_outwards_takes_no_step_towards_a_name():
    found = set()
    for path in files():
        of_donors = not str(path.relative_to(PACKAGE)).startswith("ceremonies")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in STEPS - (OWN_PAPERS if of_donors else set()):
                found.add(f"{path.relative_to(PACKAGE)}:{node.lineno} .{node.attr}")
    assert found == set()


def test_the_one_file_that_reaches_a_family_reads_no_name():
    for each in (*THE_ADDRESS, *THE_NUMBER):
        steps = {node.attr for node in ast.walk(tree(PACKAGE / each)) if isinstance(node, ast.Attribute)}
        unread = {"first_name", "last_name", "name", "phone", "birth_year", "serial"} - ({"phone"} if each in THE_NUMBER else set())
        assert steps & unread == set()


def test_no_page_of_a_guest_names_a_family_in_its_template():
    own = (PACKAGE / "templates/ceremonies/guests/own.html").read_text() + (PACKAGE / "templates/ceremonies/door/screen.html").read_text()
    for said in (r"\.turn\b", "beneficiary", "allocation", "referral", "serial", r"device\."):
        assert not re.search(said, own), said


@pytest.fixture
def evening(app):
    """A ceremony with two families and three guests, everything sent, one of them a guest under the address of a family."""
    with app.app_context():
        told = {"first_name": "Fatimetou", "last_name": "Ouldbrahim", "email": "fatimetou@chez.example"}
        allocations = families.allocated(**told), families.allocated(email="zoe@chez.example")
        ceremony = gala.planned(*allocations, capacity=3, programme="17 h Accueil")
        donor = allocations[0].device.donation.donor_id
        gala.guest(ceremony, "Mme Solange Quéméner", kind=GuestKind.DONOR, organisation_id=donor, is_named=True)
        gala.guest(ceremony, "M. Paul Roy", kind=GuestKind.PRESS)
        # Whoever is helped is invited for her association too: nobody learns that she is both.
        gala.guest(ceremony, "Mme Ouldbrahim", kind=GuestKind.PARTNER, email="fatimetou@chez.example")
        for each in (*guests_of(ceremony), *invited_families(ceremony)):
            gala.answer(each, "send")
        gala.answer(guests_of(ceremony)[0], "accept")
        gala.answer(guests_of(ceremony)[1], "wait")
        gala.answer(invited_families(ceremony)[0], "accept")
        yield ceremony


def secrets(ceremony):
    for turn in ceremony.turns:
        device, person = turn.allocation.device, turn.allocation.referral.beneficiary
        yield from (person.first_name, person.last_name, turn.allocation.referral.reference, device.code, spell(device.code))
        if device.serial:
            yield device.serial


def letters(kind, compose):
    for planned in db.session.scalars(select(Effect).where(Effect.kind == kind)):
        try:
            yield compose(**planned.facts)
        except (NotTold, NobodyToWriteTo):
            continue


def test_no_letter_of_an_evening_says_who_receives(app, evening):
    hidden = set(secrets(evening))
    with at(now() + TAKEN_BACK_WITHIN * 2):  # The invitations have left: who has one is told.
        gala.fire(evening, "cancel", reason="Salle en travaux.")
        written = [*letters(MAIL_GUEST, mail_ceremony_guest), *letters(MAIL_FAMILY, mail_ceremony_family)]
    assert len(written) >= 5
    for each in written:
        whole = each.subject + each.text + "".join(part.content.decode() for part in each.enclosures)
        said = {word for word in hidden if word in whole} - {word for word in hidden if word in (each.to, guest_name(each))}
        assert said == set(), (each.to, said)


def guest_name(letter):
    """Who is greeted by name is a guest, whoever else she is."""
    greeted = re.search(r"Bonjour (?:Mme|M\.) (?:\w+ )?(\w+),", letter.text.replace("\u00a0", " "))
    return greeted[1] if greeted else ""


def test_no_page_or_paper_of_a_guest_says_who_else_comes(app, evening):
    hidden = set(secrets(evening))
    donor, press, both = guests_of(evening)
    family = invited_families(evening)[0]
    for each, own in ((donor, ""), (press, ""), (both, "Ouldbrahim"), (family, "")):
        page = checking(app).get("/invitation/" + own_address(each).rsplit("/", 1)[1]).text
        assert {word for word in hidden - {own} if word in page} == set()
        if each.guest is not None:
            text = " ".join(part.extract_text() for part in PdfReader(BytesIO(letter_pdf(each))).pages)
            assert {word for word in hidden - {own} if word in text} == set()
    for each in (donor, press):
        page = checking(app).get("/invitation/" + own_address(each).rsplit("/", 1)[1]).text
        for other in {"Quéméner", "Roy", "Ouldbrahim"} - {each.guest.name.split()[-1]}:
            assert other not in page


def test_what_programs_read_of_an_evening_names_nobody(app, evening, signed_in):
    names = {turn.allocation.referral.beneficiary.last_name for turn in evening.turns}
    client, number = signed_in(Role.COORDINATOR), evening.id
    for door in (f"/api/v1/ceremonies/{number}", f"/api/v1/ceremonies/{number}/invitations"):
        assert {word for word in names if word in client.get(door).text} == set()
    screen = client.get(f"/ceremonies/{number}/grand-ecran").text
    assert {word for word in set(secrets(evening)) if word in screen} == set()


def test_a_donor_and_a_person_stand_in_no_row_together():
    """No table of ceremonies has a column for both; the one that knows a guest's organisation knows no turn."""
    for table in Base.metadata.sorted_tables:
        if table.name.startswith("ceremon"):
            leads = {key.column.table.name for key in table.foreign_keys}
            assert not ({"organisations", "donations"} & leads and {"beneficiaries", "referrals", "allocations", "ceremony_turns"} & leads)
