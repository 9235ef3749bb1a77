"""The demonstration: it fills an empty installation once, with every state of every life cycle, and every role finds its pages open."""

import itertools
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask, g, session
from flask.testing import FlaskClient
from sqlalchemy import String, func, select
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from config.settings import Settings
from refurb import create_app, demo, wiring
from refurb.accounts.actions import open_session
from refurb.accounts.queries import account_by_email, actor_of
from refurb.accounts.sessions import begin
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.demo.diary import Diary
from refurb.demo.people import PASSWORD, PEOPLE
from refurb.directory.models import Organisation
from refurb.documents.models import Paper, PaperKind, PaperStatus, Signing
from refurb.documents.queries import changed_papers
from refurb.documents.signing_pages import copy_page
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.evidence import Erasure
from refurb.inventory.papers.years.queries import YEARLY
from refurb.inventory.words.devices import FlagKind
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import Event, broken_links
from refurb.kernel.deeds.personal import NamesClosed
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.telephones import spell_phone
from refurb.lending.loans.queries import late_count
from refurb.lending.models import Borrower, ComponentCount, Item, Loan
from refurb.lending.reservations.models import Reservation
from refurb.lending.words import ComponentState
from refurb.referrals.aftersales.words import TicketState
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.waiting import waiting_list
from refurb.referrals.committees.words import CommitteeState
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import ReferralState
from tests.support import hostile
from tests.support.client import CheckingClient, checking, tags
from tests.support.commands import run
from tests.support.databases import BACKENDS
from tests.support.printed import text_of
from tests.support.tagged import faults
from tests.support.templates import sharing

SUBJECTS = {
    each.class_.KIND: each.class_ for each in Base.registry.mappers if getattr(each.class_, "KIND", None) and hasattr(each.class_, "state")
}
"""Every kind that a machine moves."""

# Where the ARCEP lets fiction telephone, and the top-level domain that nobody can have (RFC 2606).
PHONE = re.compile(r"(?:(?:\+33|0)1 ?99 ?00|(?:\+33|0)6 ?39 ?98)(?: ?\d\d){2}")
LOOKS_LIKE_A_PHONE = re.compile(r"(?<![\w.-])(?:\+33 ?|0)[1-9](?:[ .]?\d\d){4}(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")

TOLD: list[str] = []


@pytest.fixture(scope="module", params=BACKENDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demonstration that has just been filled, on each database; the tests below only read it."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_templates")[False], folder / "refurb.sqlite3")
        yield from _fill(folder, f"sqlite:///{folder / 'refurb.sqlite3'}")
        return
    postgres = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_templates")[False]
    name = f"demo_{template}"
    postgres.drop_database(name)
    yield from _fill(folder, postgres.create_database(name, template))
    postgres.drop_database(name)


def _fill(folder: Path, url: str) -> Iterator[Flask]:
    environ = {
        "REFURB_HOME": str(folder),
        "REFURB_SECRET_KEY": "only for the tests, and long enough",
        "REFURB_DATABASE_URL": url.replace("postgresql+psycopg://", "postgresql://"),
        "REFURB_BASE_URL": "http://refurb.example",
        "REFURB_DEMO": "true",
        "REFURB_ARGON2_TIME": "1",
        "REFURB_ARGON2_MEMORY_KIB": "8",
    }
    app = sharing(create_app(Settings.read(environ)))
    app.extensions["environ"] = environ
    app.testing = True
    with app.app_context():
        demo.fill(TOLD.append)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def inside(filled: Flask) -> Iterator[Flask]:
    """Inside the filled application."""
    with filled.app_context():
        yield filled


def count(table, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_it_works_and_its_history_and_papers_are_whole(inside):
    assert count(Device) > 50
    assert list(broken_links(db.session())) == []
    assert list(changed_papers()) == []


# A committee that sits keeps everybody else from deciding; what comes back from a family has tests of its own.
NOT_SHOWN = {"committee": {CommitteeState.IN_SESSION}, "ticket": {TicketState.SWAP, TicketState.TAKEN_BACK}}


@pytest.mark.parametrize("machine", wiring.MACHINES, ids=lambda machine: machine.kind)
def test_every_state_of_every_life_cycle_is_there(inside, machine):
    subject = SUBJECTS[machine.kind]
    assert {*db.session.scalars(select(subject.state).distinct()), *NOT_SHOWN.get(machine.kind, ())} == set(machine.states)


def test_things_happened_weeks_ago_and_nothing_in_the_future(inside):
    first, last = db.session.execute(select(func.min(Event.at), func.max(Event.at)).where(Event.subject_kind != "organisation")).one()
    assert last <= now()
    assert now() - first > timedelta(days=60)
    numbers = db.session.scalars(select(Paper.number).where(Paper.kind == PaperKind.HANDOVER).order_by(Paper.issued_at)).all()
    assert numbers == sorted(numbers)


def test_ten_were_announced_and_nine_came(inside):
    assert count(DonationLine, DonationLine.announced == 10, DonationLine.received == 9) == 1


def test_the_bench_has_what_stops_it(inside):
    assert count(Erasure, Erasure.status == ErasureStatus.REFUSED) > 0
    assert count(Erasure, Erasure.status == ErasureStatus.UNMATCHED) == 1
    raised = set(db.session.scalars(select(Flag.kind).where(Flag.lifted_at.is_(None))))
    assert raised >= {FlagKind.BIOS_LOCKED, FlagKind.SECOND_LOOK}


def test_people_wait_for_days_or_weeks_and_one_exception_has_its_reason(inside):
    waiting = db.session.scalars(select(Referral.submitted_at).where(Referral.state == ReferralState.WAITING)).all()
    ages = sorted((now() - each).days for each in waiting)
    assert len(ages) >= 6
    assert 3 <= ages[0] < 14
    assert ages[-1] > 30
    found = {order().priority_of(row.school_children, row.situation, row.usage).key for row in db.session.execute(waiting_list())}
    assert found <= {each.key for each in order().priorities}
    assert len(found) >= 3, "the committee gave to some of them"
    exceptions = db.session.scalars(select(Allocation.reason).where(Allocation.out_of_order)).all()
    assert len(exceptions) == 1
    assert exceptions[0]


def test_one_ceremony_is_to_come_and_one_was_held_without_somebody(inside):
    coming = db.session.scalars(select(Ceremony).where(Ceremony.state == CeremonyState.PLANNED)).one()
    assert len(coming.turns) == 3
    assert timedelta(days=13) < coming.starts_at - now() < timedelta(days=35)
    held = db.session.scalars(select(Ceremony).where(Ceremony.state == CeremonyState.CLOSED)).one()
    assert sorted(turn.state for turn in held.turns) == [Attendance.ABSENT, Attendance.SERVED, Attendance.SERVED]


def test_something_is_late_and_a_charger_is_missing(inside):
    assert late_count(SERVICE) >= 1
    missing = db.session.scalars(select(ComponentCount.name).where(ComponentCount.state_back == ComponentState.MISSING)).all()
    assert missing == ["Chargeur"]


def test_donors_have_their_papers_and_one_was_replaced(inside):
    assert count(Paper, Paper.kind == PaperKind.DONATION) >= 3
    assert count(Paper, Paper.kind == PaperKind.ERASURE, Paper.status == PaperStatus.REPLACED) >= 1


def test_only_the_mails_of_the_last_day_wait_for_a_server(inside):
    waiting = db.session.scalars(select(Effect.planned_at).where(Effect.done_at.is_(None))).all()
    assert waiting
    assert min(waiting) >= Diary().instant(1, "12:00")


def test_every_telephone_and_address_is_invented(inside):
    phones, emails = [], []
    for mapper in Base.registry.mappers:
        # Telephones and addresses have types of their own, which are texts in the database.
        columns = [column for column in mapper.columns if isinstance(getattr(column.type, "impl", column.type), String)]
        if not columns:
            continue
        for row in db.session.execute(select(*columns)):
            for column, text in zip(columns, row, strict=True):
                emails += EMAIL.findall(str(text or ""))
                if column.name == "phone" and text:
                    phones.append(text)
                elif column.name not in {"siren", "siret", "serial", "search"}:
                    phones += LOOKS_LIKE_A_PHONE.findall(str(text or ""))
    assert len(phones) > 20
    assert [each for each in phones if not PHONE.fullmatch(each)] == []
    assert len(emails) > 10
    assert [each for each in emails if not each.endswith(".example")] == []


def test_siren_numbers_have_a_right_key(inside):
    sirens = db.session.scalars(select(Organisation.siren).where(Organisation.siren.is_not(None))).all()
    assert len(sirens) >= 6
    assert all(_luhn(each) for each in sirens)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def test_a_second_time_changes_nothing(inside):
    before = count(Event)
    demo.fill()
    assert count(Event) == before


def test_how_to_sign_in_names_every_account(filled):
    text = demo.how_to_sign_in("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000" in text
    assert PASSWORD in text
    assert all(person.email in text and person.name in text for person in PEOPLE)


def test_the_command_prints_who_may_sign_in_and_nothing_else(filled):
    environ = filled.extensions["environ"]
    answer = run(Path(environ["REFURB_HOME"]), "demo", **environ)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == demo.how_to_sign_in("http://refurb.example") + "\n"


def test_whoever_waits_is_told(filled):
    assert len(TOLD) > 3
    assert all("\n" not in line for line in TOLD)


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_real_instance_is_not_filled(make_app):
    with make_app().app_context():
        with pytest.raises(demo.NotADemonstration):
            demo.fill()
        assert count(Organisation) == 0


def test_a_fill_that_is_interrupted_leaves_nothing(make_app, monkeypatch):
    monkeypatch.setattr("refurb.demo.diary._EVERY", 20)

    def stop(text: str) -> None:
        if "gestes" in text:
            raise KeyboardInterrupt

    with make_app(demo="true").app_context():
        with pytest.raises(KeyboardInterrupt):
            demo.fill(stop)
        assert (count(Organisation), count(Event)) == (0, 0)


ON_SQLITE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
"""Pages look the same on either database."""

# --- every role's pages -----------------------------------------------------------------------------------------------


def links(html: str) -> list[str]:
    """The addresses that a page leads to."""
    told = (dict(attrs).get("href") for opens, name, attrs, _ in tags(html) if opens and name == "a")
    return [each for each in told if each]


def walk(app: Flask, client: CheckingClient, who: str, *, of_each: int = 1, begun: Iterable[str] = ("/",)) -> dict[str, int]:
    """Open the home page, or where one begins, and of each route that pages lead to some addresses drawn from its own; their status."""
    routes = app.url_map.bind("refurb.example")
    opened: dict[str, int] = {}
    seen: Counter[str] = Counter()
    draw, waiting = Random(who), list(begun)
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        try:
            endpoint = routes.match(path, "GET", return_rule=True)[0].endpoint
        except HTTPException as error:
            opened[address] = error.code or 0
            continue
        if address in opened or endpoint == "static" or seen[endpoint] >= of_each:
            continue
        seen[endpoint] += 1
        response = client.get(address)
        opened[address] = response.status_code
        if response.location:
            waiting.append(response.location)
        elif response.mimetype == "text/html":
            found = [urljoin(address, each) for each in links(response.text) if not each.startswith(("#", "mailto:", "tel:"))]
            own = [urlsplit(each)._replace(fragment="").geturl() for each in found if not urlsplit(each).netloc]
            waiting += draw.sample(own, len(own))
    return opened


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.key)
def test_every_page_that_a_role_is_led_to_opens(filled, person):
    client = checking(filled)
    client.sign_in(person.email)
    opened = walk(filled, client, person.key)
    assert len(opened) > 2
    assert {address: status for address, status in opened.items() if status not in {200, 302}} == {}


# --- hostile arguments ------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_no_argument_of_an_address_is_a_fault(filled):
    client = checking(filled)
    client.sign_in(PEOPLE[0].email)
    names, values, pages = hostile.argument_names(), itertools.cycle(hostile.TEXTS), hostile.rules(filled, "GET")
    asked = [hostile.asked_with(rule.rule, next(values), names) for rule in pages if not rule.arguments]
    asked += [path for rule in pages for path in hostile.hostile_paths(rule, ("a\0b",), ("9" * 25, "2147483648"))]
    assert len(asked) > 200
    # As it is answered: what a careful reader would say of each page is asked elsewhere.
    answers = ((path, FlaskClient.open(client, path, buffered=True).status_code) for path in asked)
    # Whoever watches the service is told 503 where something stands still, as the worker does here.
    assert [(path, status) for path, status in answers if status >= 500 and (status, urlsplit(path).path) != (503, "/sante")] == []


# --- names closed to whoever has no second factor ---------------------------------------------------------------------

WHERE_PEOPLE_ARE = (
    "/attente", "/ceremonies", "/comptoir", "/documents", "/emprunteurs", "/materiel", "/orientations", "/prets", "/recherche",
    "/remises", "/s/",
)  # fmt: skip
WITH_NAMES = ("coordinator", "ccas", "adviser")


class Listening:
    """A client that keeps what it was told, and opens what people stand on alone: a test above opens the rest."""

    def __init__(self, client):
        self.client, self.said = client, {}

    def get(self, address):
        if not address.startswith(WHERE_PEOPLE_ARE) and urlsplit(address).path != "/":
            return Response(status=204)
        answer = self.client.get(address)
        self.said[address] = answer.text if answer.mimetype.startswith(("text/", "application/json")) else ""
        return answer


def come_in(app, key, *, proved):
    """Somebody of the demonstration, with a second factor behind the session or without."""
    client = checking(app)
    with app.test_request_context():
        account = account_by_email(next(each.email for each in PEOPLE if each.key == key))
        with unit_of_work():
            secret = open_session(account, "Firefox", proved=proved)
        begin(actor_of(account), secret)
        opened = dict(session)
    with client.session_transaction() as kept:
        kept.update(opened)
    return client


def personal(app):
    """Every name, number and address of a person who receives or borrows."""
    with app.app_context():
        people = [*db.session.query(Beneficiary), *db.session.query(Borrower)]
        said = {text for each in people for text in (each.name, each.phone, each.email, spell_phone(each.phone)) if text}
        db.session.remove()
    return {text for text in said if len(text.strip()) > 4}


@ON_SQLITE
@pytest.mark.parametrize("key", WITH_NAMES)
def test_no_page_names_anybody_to_who_has_no_second_factor(filled, key):
    secrets = personal(filled)
    assert len(secrets) > 20
    client = Listening(come_in(filled, key, proved=False))
    opened = walk(filled, client, key, of_each=4)
    assert len(opened) > 20
    assert [(address, told) for address, text in client.said.items() for told in secrets if told in text] == []
    assert {address: status for address, status in opened.items() if status not in {200, 204, 302, 303, 403, 404}} == {}


@ON_SQLITE
def test_with_one_the_same_pages_name_them(filled):
    secrets = personal(filled)
    for key, address in (("adviser", "/emprunteurs"), ("ccas", "/orientations")):
        page = come_in(filled, key, proved=True).get(address).text
        assert any(told in page for told in secrets)
        assert "Les noms sont fermés" not in page


@ON_SQLITE
def test_nobody_is_found_by_name_and_a_reference_is(filled):
    with filled.app_context():
        referral = db.session.query(Referral).filter(Referral.submitted_at.is_not(None)).first()
        borrower = db.session.query(Loan).first().borrower
        reference, words, lent_to = referral.reference, referral.beneficiary.last_name, borrower.name
        code = borrower.code
        db.session.remove()
    client = come_in(filled, "coordinator", proved=False)
    assert f"/orientations/{reference}" not in client.get("/recherche", query_string={"q": words}).text
    assert f"/orientations/{reference}" in client.get("/recherche", query_string={"q": reference}, follow_redirects=True).text
    for page in ("/recherche", "/emprunteurs", "/prets"):
        assert code not in client.get(page, query_string={"q": lent_to}).text


@ON_SQLITE
def test_what_needs_a_name_is_refused_with_the_way_to_it(filled):
    with filled.app_context():
        reference = db.session.query(Referral).filter(Referral.submitted_at.is_not(None)).first().reference
        code = db.session.query(Borrower).first().code
        db.session.remove()
    client = come_in(filled, "coordinator", proved=False)
    for page in (f"/orientations/{reference}/joindre", f"/emprunteurs/{code}/modifier"):
        answer = client.get(page)
        assert (answer.status_code, "posez d" in answer.text) == (403, True), page


FILE = re.compile(r"\.(?:csv|xlsx|pdf|jpg|png|ics|json)$|^/api/")
NEVER_ASKED = {"token", "digest", "name"}
"""Arguments of addresses that serve no person's record: secrets of links, sums of pictures, names of policies."""


def known_values(app):
    """For each argument of an address a few values of each kind of record, persons' first."""
    with app.app_context():
        handed = list(db.session.scalars(select(Referral.reference).join(Allocation).join(Handover).limit(3)))
        waits = list(db.session.scalars(select(Referral.reference).where(Referral.state == ReferralState.WAITING).limit(1)))
        lent = list(db.session.scalars(select(Loan.reference).where(Loan.paper_id.is_not(None)).limit(2)))
        other = [db.session.scalars(select(each.reference)).first() for each in (Donation, Reservation)]
        issued = [db.session.scalars(select(Paper.reference).where(Paper.kind == kind)).first() for kind in PaperKind]
        codes = [db.session.scalars(select(each.code)).first() for each in (Borrower, Item, Device)]
        db.session.remove()
    return {"reference": [each for each in (*handed, *waits, *lent, *other, *issued) if each], "code": codes}


def files_of(app):
    """The address of every file and of every answer in JSON that a GET route gives for the records of the demonstration."""
    values, adapter = known_values(app), app.url_map.bind("refurb.example")
    for rule in hostile.rules(app, "GET"):
        asked = rule.arguments - set(rule.defaults or {})
        if not FILE.search(rule.rule) or asked & NEVER_ASKED:
            continue
        for each in itertools.product(*(values.get(name, [1, 2]) for name in asked)):
            yield adapter.build(rule.endpoint, {**(rule.defaults or {}), **dict(zip(asked, each, strict=True))})


def read_file(answer):
    """The words of a file, whatever its kind."""
    if answer.mimetype == "application/pdf":
        return text_of(answer.data)
    if answer.data.startswith(b"PK"):
        with ZipFile(BytesIO(answer.data)) as book:
            return "".join(unescape(book.read(each).decode()) for each in book.namelist())
    return str(answer.json) if answer.is_json else answer.data.decode(errors="replace")


@ON_SQLITE
def test_no_file_names_anybody_to_who_has_no_second_factor(filled):
    secrets = personal(filled)
    client, opened = come_in(filled, "coordinator", proved=False), {}
    for address in files_of(filled):
        with client.get(address) as answer:
            opened[address] = answer.status_code
            named = [told for told in secrets if told in read_file(answer)] if answer.status_code == 200 else []
        assert not named, address
    assert sum(status == 200 for status in opened.values()) > 40
    slips, agreements = ([each for each in opened if each.endswith(end)] for end in ("/bon.pdf", "/convention.pdf"))
    for addresses in (slips, agreements):
        assert 403 in {opened[each] for each in addresses}
        with come_in(filled, "coordinator", proved=True).get(next(each for each in addresses if opened[each] == 403)) as answer:
            assert any(told in read_file(answer) for told in secrets)


@ON_SQLITE
def test_every_kind_of_pdf_is_told_to_who_does_not_see_it_and_can_be_kept(filled):
    """One of each kind of paper, and one from every address that gives a PDF; labels are no pages, and cards are labels."""
    client, seen = come_in(filled, "coordinator", proved=True), {}
    with filled.app_context():
        # Those of a donor's year are issued once it is over, and nobody pays anything where the rule is as it came: their own tests look
        # at them (`inventory/papers/test_donor_years.py`, `referrals/cases/test_participation.py`).
        kinds = [kind for kind in PaperKind if kind not in {*YEARLY, PaperKind.PARTICIPATION}]
        issued = {kind: db.session.scalars(select(Paper.reference).where(Paper.kind == kind)).first() for kind in kinds}
        db.session.remove()
    assert all(issued.values())
    for address in (*(f"/documents/{each}.pdf" for each in issued.values()), *files_of(filled)):
        kind = re.sub(r"(?<=/)[^/]*\d[^/]*(?=/)", "", address)
        if address.endswith(".pdf") and kind not in seen and not re.search("etiquette|/carte", address):
            with client.get(address) as answer:
                if answer.status_code == 200:
                    seen[kind] = faults(answer.data)
    assert {kind: found for kind, found in seen.items() if found} == {}
    assert {"premiers-pas", "lettre", "bon", "convention"} <= {Path(kind).stem for kind in seen}


@ON_SQLITE
def test_the_picture_of_a_signed_copy_needs_the_names(filled):
    with filled.test_request_context():
        g.names_closed = True
        with pytest.raises(NamesClosed):
            copy_page(Signing(copy="0" * 64, reference="OR-2026-0001"))
