"""What people ask about their own data: told, handed over, erased early where nothing binds them."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.holds import freeze
from refurb.kernel.deeds.persons import Bound, NoSuchFile
from refurb.kernel.deeds.security import LookPart, SecurityEvent, SecurityKind, note, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.telephones import spell_phone
from refurb.lending.models import Borrower
from refurb.referrals.cases.lines import lines_of, machines_of
from refurb.retention.actions import (
    NotKnownYet,
    RequestIsOver,
    answer_request,
    erase_early,
    note_request,
    say_given,
    say_known,
    ties_of,
)
from refurb.retention.archive import archive_of_tonight
from refurb.retention.dossier import as_data, as_pdf, known_of, looks_at
from refurb.retention.queries import bursts, count_requests, due_rows, find_file, find_request, looks, readers, term_of, to_look_at
from refurb.retention.words import AskedWay, RightKind
from tests.support.story import desk, families, people


def asked(typed, kind=RightKind.ERASE):
    with unit_of_work():
        told = {"kind": kind, "way": AskedWay.COUNTER, "received_on": date(2026, 10, 31)}
        return note_request(people.actor(Role.COORDINATOR), find_file(typed), **told)


def test_a_request_is_answered_within_a_month_by_whoever_knows_the_person(context):
    referral, who = families.submitted(), people.actor(Role.COORDINATOR)
    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
    found = asked(f" {referral.reference.lower()} ")
    assert (found.answer_by, count_requests(), to_look_at(who)) == (date(2026, 11, 30), 1, 1)
    with pytest.raises(NotKnownYet), unit_of_work():
        say_given(who, found)
    with pytest.raises(NotKnownYet), unit_of_work():
        erase_early(who, found)
    with unit_of_work():
        say_known(who, found)
        say_given(who, found)
    with unit_of_work():
        erase_early(who, find_request(found.reference))
    person = db.session.get_one(type(referral), referral.id).beneficiary
    assert (person.name, person.phone, person.birth_decade) == ("Nom effacé", None, 1980)
    with pytest.raises(RequestIsOver), unit_of_work():
        answer_request(who, found, answer="Encore")
    with pytest.raises(NoSuchFile):
        find_file("OR-1999-0001")


def test_nothing_is_erased_while_something_binds(context):
    loan, who = desk.lent(desk.kit()), people.actor(Role.COORDINATOR)
    found = asked(spell(loan.borrower.code))
    freeze_until = today() + timedelta(days=30)
    with unit_of_work():
        say_known(who, found)
        freeze(who, Borrower.KIND, loan.borrower_id, loan.borrower.code, reason="Litige", review_on=freeze_until)
    assert [each.until for each in ties_of(found)] == [loan.lines[0].due_on, freeze_until]
    with pytest.raises(Bound), unit_of_work():
        erase_early(who, found)
    assert db.session.get_one(Borrower, loan.borrower_id).forgotten_at is None


def test_what_we_know_is_told_the_same_as_data_and_to_read(context):
    handover = families.handed_over(note="Sonnez deux fois", commune="Chauvigny")
    referral = handover.allocation.referral
    with unit_of_work():
        note(SecurityKind.FILE_OPENED, people.actor(Role.COORDINATOR), referral.reference)
    file = find_file(referral.reference)
    values = [str(fact.value) for part in known_of(file) for fact in part.facts]
    data = json.loads(json.dumps(as_data(file)))
    assert [each["valeur"] for part in data["parties"] for each in part["donnees"]] == values
    assert {"Sonnez deux fois", "Chauvigny", "1987", spell_phone("+33612345678")} <= set(values)
    assert len(data["lectures"]) == len(looks_at(file)) == 1
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(file))).pages)
    read = "".join(read.split())
    assert "Zoë" in read
    assert [value for value in values[1:] if "".join(value.split()) not in read] == []
    assert "àsigner" not in read


def test_the_archive_holds_what_the_night_asks_and_its_papers(context):
    handover = families.handed_over()
    referral = handover.allocation.referral
    loan = desk.lent(desk.kit())
    desk.back(loan)
    with at(now() + timedelta(days=800)):
        (row,) = due_rows(term_of("referrals.served"))
        assert row.reference == referral.reference
        with unit_of_work():
            packed = archive_of_tonight(people.actor(Role.COORDINATOR))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        manifest = json.loads(archive.read("manifeste.json"))
        names = set(archive.namelist())
        assert {each["fichier"] for each in manifest["parties"]} == names - {"manifeste.json"}
        assert {"tableaux/referrals.served.csv", "tableaux/lending.loans.csv", "documents/BR-2026-0001.pdf"} <= names
        given = archive.read("tableaux/referrals.served.handover_lines.csv").decode("utf-8-sig").splitlines()
        assert given[0].split(";")[:2] == ["handover_id", "code"]
        assert [line.split(";")[1] for line in given[1:]] == [each.code for each in machines_of(lines_of(handover))]
        assert "O'Neil" in archive.read("tableaux/referrals.served.csv").decode()
        assert b"search" not in archive.read("tableaux/referrals.served.csv").splitlines()[0]


def test_unusual_reading_comes_up_and_says_from_where_and_as_what(context):
    who = people.actor(Role.COORDINATOR)
    with unit_of_work():
        for minute in range(25):
            with at(now() + timedelta(seconds=minute)):
                note(SecurityKind.FILE_OPENED, who, f"OR-2026-{minute:04d}")
        note(SecurityKind.JOURNAL_READ, people.actor(Role.ADMIN))
    write_noted()
    (found,) = bursts()
    assert (found.account_id, found.count, found.usual) == (who.id, 25, 0)
    assert set(readers()) == {who.id, people.actor(Role.ADMIN).id}
    (line,) = db.session.scalars(looks(account_id=who.id, about="OR-2026-0003", since=today()))
    assert (line.part, line.network) == (LookPart.NAMES, None)
    assert db.session.scalar(select(SecurityEvent.part).where(SecurityEvent.kind == SecurityKind.JOURNAL_READ)) is None


def test_whoever_may_not_does_not(context):
    families.submitted()
    file = find_file("OR-2026-0001")
    for role in (Role.DESK, Role.PRESCRIBER, Role.TECHNICIAN):
        with pytest.raises(Exception, match="forbidden"), unit_of_work():
            note_request(people.actor(role), file, kind=RightKind.ACCESS, way=AskedWay.MAIL, received_on=today())
        with pytest.raises(Exception, match="forbidden"):
            archive_of_tonight(people.actor(role))
    assert SERVICE.may
