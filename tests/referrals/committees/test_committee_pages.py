"""The pages of a session: without a name in their source, by plain posts, closed to who leaves the room."""

import datetime as dt

import pytest
from sqlalchemy import event

from refurb.kernel.deeds import reads, worker
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.referrals.committees.actions.agenda import add_file
from refurb.referrals.committees.actions.plans import add_member
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.words import Seat
from tests.referrals.quotas.test_quotas import promise
from tests.support.client import checking
from tests.support.story import families, people, sittings

NAMES = ("Zoë", "O&#39;Neil", "1987", "06 12 34", "0612345678", "Poitiers, ")


def assert_nobody(page):
    body = page.text[page.text.index("<main") :]
    assert [each for each in NAMES[:-1] if each in body] == []


def soon():
    return (now() + dt.timedelta(days=10)).strftime("%Y-%m-%dT14:00")


@pytest.mark.both_databases
def test_from_a_date_to_the_minutes_by_plain_posts(app, signed_in):
    with app.app_context():
        families.ready()
        for _ in range(2):
            families.waiting()
        extra = families.waiting().reference
    client = signed_in(Role.COORDINATOR)
    plan = {"title": "Commission", "starts_at": soon(), "place": "Mairie", "least_present": "1"}
    assert client.submit("/commissions/nouvelle", {**plan, "least_present": "0"}).status_code == 422
    here = client.submit("/commissions/nouvelle", plan).headers["Location"]
    assert client.submit(f"{here}/ordre-du-jour", {"most": "2"}).status_code == 303
    assert client.submit(f"{here}/dossiers/ajouter", {"reference": "OR-1999-0001", "because": "?"}).status_code == 422
    assert client.submit(f"{here}/dossiers/ajouter", {"reference": extra.lower(), "because": "Vue en urgence"}).status_code == 303
    assert "Vue en urgence" in client.get(here).text
    assert client.submit(f"{here}/membres", {"seat": "chair"}).status_code == 422
    assert client.submit(f"{here}/membres", {"seat": "chair", "name": "Josiane Thibaudeau"}).status_code == 303
    assert client.submit(f"{here}/dossiers/3/proposition", {"verdict": "later"}).status_code == 303
    assert client.submit(f"{here}/dossiers/3/sortir").status_code == 303
    assert client.submit(f"{here}/modifier", {**plan, "place": "Mairie de Saint-Éloi"}).status_code == 303
    assert_nobody(client.get(here))

    assert client.submit(f"{here}/ouvrir-la-seance").status_code == 303
    assert client.get(here).headers["Location"].endswith("/dossiers/1")
    stage = client.get(f"{here}/dossiers/1")
    assert_nobody(stage)
    assert "écran" in stage.text
    assert "depuis 0" not in stage.text, "what was sent today waits no day"
    wrong = client.submit(f"{here}/dossiers/1", {"verdict": "later", "reason": "other", "note": ""})
    assert wrong.status_code == 422
    assert 'value="later" data-key="3" checked' in wrong.text, "what was chosen is kept"
    noted = client.submit(f"{here}/dossiers/1", {"verdict": "allocate", "reason": "in_order"})
    assert noted.headers["Location"].endswith("/dossiers/2"), "on to the next"
    assert client.submit(f"{here}/clore", {"read_aloud": "1"}).status_code == 409
    last = client.submit(f"{here}/dossiers/2", {"verdict": "reserve", "reason": "no_stock"})
    assert last.headers["Location"].endswith("/clore")

    assert_nobody(client.get(f"{here}/clore"))
    assert client.submit(f"{here}/clore").status_code == 422
    assert client.submit(f"{here}/clore", {"read_aloud": "1"}).status_code == 303
    closed = client.get(here)
    assert_nobody(closed)
    assert "CR-" in closed.text
    assert client.submit(f"{here}/dossiers/2", {"verdict": "refuse", "reason": "duplicate"}).status_code == 409
    file = client.get(f"/orientations/{extra}").text
    assert "En commission" not in file, "it was taken off"
    assert "Vient en commission" not in file


def test_a_full_quota_closes_the_first_verdict_and_says_how_it_is_gone_over(app, signed_in):
    with app.app_context():
        committee = sittings.sitting(files=1, devices=1)
        promise(0)
        number = committee.id
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/commissions/{number}/dossiers/1").text
    assert 'data-key="1"' not in page
    assert "Attribuer n’est pas possible" in page
    over = client.get(f"/commissions/{number}/dossiers/1?depasser=1").text
    assert 'data-key="1"' in over
    assert 'name="over_quota"' in over
    sent = {"verdict": "allocate", "reason": "urgent", "over_quota": "1", "note": "Formation lundi"}
    assert client.submit(f"/commissions/{number}/dossiers/1", sent).status_code == 303


def test_who_sits_sees_her_sessions_and_not_the_file_for_which_she_leaves(app):
    with app.app_context():
        partner = people.organisation("CCAS")
        member = people.somebody(Grant(Role.MEMBER), email="membre@refurb.example")
        people.somebody(Grant(Role.MEMBER), email="autre-membre@refurb.example", name="Une Autre")
        families.ready()
        families.waiting(people.other_prescriber())
        committee = sittings.prepared(files=1, devices=1)
        with unit_of_work():
            add_member(people.actor(Role.COORDINATOR), committee, seat=Seat.MEMBER, account_id=member.id, organisation_id=partner.id)
        sittings.fire(committee, "open")
        number, theirs, mine = committee.id, *[each.referral.reference for each in sittings.lines(committee)]
    client, stranger = checking(app), checking(app)
    client.sign_in("membre@refurb.example")
    stranger.sign_in("autre-membre@refurb.example")

    assert client.get("/").headers["Location"].endswith("/commissions")
    assert f"/commissions/{number}" in client.get("/commissions").text
    shown = client.get(f"/commissions/{number}/dossiers/1")
    assert theirs in shown.text
    assert 'name="verdict"' not in shown.text
    assert_nobody(shown)
    out = client.get(f"/commissions/{number}/dossiers/2").text
    assert "Vous sortez pour le dossier" in out
    assert mine not in out
    assert client.get(f"/commissions/{number}/clore").status_code == 200
    assert client.submit(f"/commissions/{number}/dossiers/1", {"verdict": "refuse", "reason": "duplicate"}).status_code == 403
    assert f"/commissions/{number}" not in stranger.get("/commissions").text
    for page in ("", "/dossiers/1", "/clore"):
        assert stranger.get(f"/commissions/{number}{page}").status_code == 404


def test_a_member_is_noted_as_gone_and_stays_on_the_list(app, signed_in):
    with app.app_context():
        committee = sittings.sitting(files=1, devices=1)
        number, chair = committee.id, committee.members[0].id
    client = signed_in(Role.COORDINATOR)
    refused = client.submit(f"/commissions/{number}/membres/{chair}", {"deed": "remove"})
    assert refused.status_code == 409
    assert sittings.CHAIR in refused.text
    assert client.submit(f"/commissions/{number}/membres/{chair}", {"deed": "away"}).status_code == 303
    assert client.submit(f"/commissions/{number}/membres/{chair}", {"deed": "comes"}).status_code == 303
    told = {"member_id": str(chair), "word": "Connaît la famille"}
    assert client.submit(f"/commissions/{number}/dossiers/1/recusation", told).status_code == 303
    assert "connaît la famille" in client.get(f"/commissions/{number}/dossiers/1").text.lower()
    assert client.submit(f"/commissions/{number}/dossiers/1/recusation", {"back": str(chair)}).status_code == 303


def test_what_keeps_a_session_from_closing_is_told_file_by_file(app, signed_in):
    with app.app_context():
        committee = sittings.sitting(files=1, devices=1)
        sittings.accept(committee)
        number, referral = committee.id, sittings.lines(committee)[0].referral
        families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
        reference = referral.reference
    client = signed_in(Role.COORDINATOR)
    refused = client.submit(f"/commissions/{number}/clore", {"read_aloud": "1"})
    assert refused.status_code == 409
    assert f"{reference} n’attend plus" in refused.text
    assert "Sortir de l’ordre du jour" in client.get(f"/commissions/{number}/dossiers/1").text
    assert client.submit(f"/commissions/{number}/dossiers/1/sortir").status_code == 303


def test_the_page_of_a_file_says_before_which_session_it_is(app, signed_in):
    with app.app_context():
        committee = sittings.prepared(files=1, devices=1)
        reference, number = sittings.lines(committee)[0].referral.reference, committee.id
    client, partner = signed_in(Role.COORDINATOR), signed_in(Role.PRESCRIBER)
    for page in (f"/orientations/{reference}", f"/orientations/{reference}/attribuer", "/attente?besoin=monitor"):
        assert "Une décision directe sort ce dossier de l’ordre du jour." in client.get(page).text, page
    assert "Commission du" in partner.get(f"/orientations/{reference}").text
    with app.app_context():
        committee = db.session.get_one(type(committee), number)
        sittings.fire(committee, "open")
        sittings.accept(committee)
        sittings.fire(committee, "close")
        paper = committee.paper.reference
    assert paper in client.get(f"/orientations/{reference}").text
    assert client.get(f"/documents/{paper}").status_code == 200


def questions(app, client, path, monkeypatch):
    """How many questions a page asks the database, those among them that are worked out once a process."""
    asked, read = [], reads._asked

    def hear(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    monkeypatch.setattr(reads, "_asked", lambda engine, text, *rest: asked.append(text) or read(engine, text, *rest))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
        monkeypatch.setattr(reads, "_asked", read)
    return len(asked)


def test_a_longer_agenda_asks_the_database_no_more(app, signed_in, monkeypatch):
    with app.app_context():
        short, long = sittings.prepared(files=2, devices=1), sittings.planned(title="Longue")
        with unit_of_work():
            add_member(people.actor(Role.COORDINATOR), long, seat=Seat.MEMBER, name="Une de plus")
        for _ in range(5):
            referral = families.waiting()
            with unit_of_work():
                add_file(people.actor(Role.COORDINATOR), long, referral, because="Essai")
        numbers = short.id, long.id
    client = signed_in(Role.COORDINATOR)
    client.get(f"/commissions/{numbers[0]}")  # What is read once a process is read.
    few, many = (questions(app, client, f"/commissions/{each}", monkeypatch) for each in numbers)
    assert few == many
    with app.app_context():
        for number in numbers:
            sittings.fire(db.session.get_one(Committee, number), "open")
    for page in ("/dossiers/1", "/clore"):
        client.get(f"/commissions/{numbers[0]}{page}")
        few, many = (questions(app, client, f"/commissions/{each}{page}", monkeypatch) for each in numbers)
        assert few == many


def test_by_json_from_a_date_to_the_minutes(app, signed_in):
    with app.app_context():
        families.ready()
        for _ in range(2):
            families.waiting()
        late = families.waiting().reference
    client = signed_in(Role.COORDINATOR)
    token = {"X-CSRFToken": client.token()}

    def send(path, method="post", **told):
        return getattr(client, method)(f"/api/v1/committees{path}", json=told, headers=token)

    made = send("", title="Commission", starts_at=soon(), place="Mairie", least_present=1)
    assert made.status_code == 201
    here = f"/{made.json['id']}"
    assert len(send(f"{here}/agenda", most=2).json["files"]) == 2
    assert len(send(f"{here}/files", reference=late, because="Urgence").json["files"]) == 3
    assert send(f"{here}/files/3/proposal", "put", verdict="later").json["files"][2]["proposal"] == "later"
    assert len(send(f"{here}/files/3", "delete").json["files"]) == 2
    chair = send(f"{here}/members", name="Josiane Thibaudeau", seat="chair").json["members"][0]["id"]
    other = send(f"{here}/members", name="M. Ferrand", seat="member").json["members"][1]["id"]
    assert send(f"{here}/members/{other}", "put", comes=False).json["members"][1]["comes"] is False
    assert len(send(f"{here}/members/{other}", "delete").json["members"]) == 1
    assert send(f"{here}/open").json["state"] == "in_session"
    assert send(f"{here}/files/1/recusals", member_id=chair, word="Voisine").json["files"][0]["recused"] == [chair]
    assert send(f"{here}/files/1/decision", "put", verdict="allocate").status_code == 422
    assert send(f"{here}/files/1/decision", "put", verdict="later", reason="next_time").json["code"] == "committee.nobody_stays"
    send(f"{here}/members", name="Mme Roy", seat="member")
    assert send(f"{here}/files/1/decision", "put", verdict="allocate", reason="in_order").json["files"][0]["device"]
    assert send(f"{here}/close", read_aloud=True).json["code"] == "committee.undecided"
    send(f"{here}/files/2/decision", "put", verdict="reserve", reason="no_stock")
    closed = send(f"{here}/close", read_aloud=True).json
    assert closed["state"] == "closed"
    assert closed["minutes"].startswith("CR-")
    assert client.get(f"/api/v1/committees{here}").json["files"][0]["allocation"]
    assert client.get("/api/v1/committees").json["total"] == 1
    assert send(f"{here}/close", read_aloud=True).json["code"] == "wrong_state"


def test_no_page_of_a_session_reads_a_name_that_it_does_not_show(app, signed_in):
    with app.app_context():
        here = f"/commissions/{sittings.prepared(files=2, devices=1).id}"
    client = signed_in(Role.COORDINATOR)
    client.get(here)
    with app.app_context():
        sittings.fire(db.session.get_one(Committee, int(here.rpartition("/")[2])), "open")
    for page in ("/dossiers/1", "/clore"):
        assert client.get(f"{here}{page}").status_code == 200
    with app.app_context():
        worker.write_notes(app)
        assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.NAMES_LISTED).all() == []


def test_another_presides_by_a_press_once_nobody_does(app, signed_in):
    with app.app_context():
        committee = sittings.sitting(files=1, devices=1)
        here, numbers = f"/commissions/{committee.id}/membres", [each.id for each in committee.members]
    client = signed_in(Role.COORDINATOR)
    press = 'name="deed" value="chair"'
    assert press not in client.get(here).text
    client.submit(f"{here}/{numbers[0]}", {"deed": "away"})
    assert client.get(here).text.count(press) == 2
    assert client.submit(f"{here}/{numbers[2]}", {"deed": "chair"}).status_code == 303
    assert press not in client.get(here).text
