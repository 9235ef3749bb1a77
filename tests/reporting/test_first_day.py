"""The first day's list: each point computed from what is there, the next one first; the administrator's home until it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from refurb.accounts.invitations.actions import invite
from refurb.accounts.models import Account
from refurb.accounts.people.first_day import people_point
from refurb.directory.letterhead.actions import save_letterhead
from refurb.directory.letterhead.first_day import letterhead_point
from refurb.directory.letterhead.words import LegalForm
from refurb.directory.mailing.actions import save_mail_server
from refurb.directory.mailing.first_day import mailing_point
from refurb.directory.models import Organisation
from refurb.directory.organisations.first_day import organisations_point
from refurb.directory.policies.first_day import policies_point
from refurb.directory.sites.first_day import sites_point
from refurb.directory.sites.models import FIRST, Site
from refurb.inventory.labels.actions.label_runs import make_run
from refurb.inventory.labels.first_day import labels_point
from refurb.inventory.words.devices import DeviceKind
from refurb.keeping.first_day import keeping_point
from refurb.keeping.models import KeepingRun
from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.mail import MailSecurity, MailServer
from refurb.kernel.deeds.points import READY, TO_DO, TO_READ, UNDER_WAY, WAITING
from refurb.kernel.deeds.policy_versions import PolicyVersion
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.reporting.views.first_day import all_ready_since, next_point
from tests.support.story import evidence, people, places, rota


def admin():
    return people.actor(Role.ADMIN)


def test_the_letterhead_is_ready_when_it_says_where_and_how_to_answer(context):
    assert letterhead_point().look is TO_DO
    facts = {
        "name": "Le Relais",
        "short_name": "Le Relais",
        "legal_form": LegalForm.ASSOCIATION,
        "commune": "Poitiers",
        "street": "1 rue A",
    }
    with unit_of_work():
        save_letterhead(admin(), seen=0, **facts)
    assert letterhead_point().look is UNDER_WAY
    with unit_of_work():
        save_letterhead(admin(), seen=1, **facts, email="relais@refurb.example")
    assert letterhead_point().look is READY


def test_places_are_ready_when_each_has_its_hours(context):
    assert sites_point().look is TO_DO
    with unit_of_work():
        db.session.get_one(Site, FIRST).hours = "Tu 14:00-18:00"
    assert sites_point().look is READY
    rota.van()
    rota.stop(rota.begun())
    assert sites_point().look is READY, "the vehicle comes to its stops by the rota"
    places.second()
    assert sites_point().look is UNDER_WAY


def test_labels_are_ready_when_one_is_stuck(context):
    assert labels_point().look is TO_DO
    with unit_of_work():
        make_run(admin(), 1)
    assert labels_point().look is UNDER_WAY
    (device,) = evidence.arrive(DeviceKind.MONITOR, 1)
    evidence.label(device)
    assert labels_point().is_ready


def run_of(kind, outcome, days=0):
    at = now() - timedelta(days=days)
    return KeepingRun(
        kind=kind, asked_at=at, begun_at=at, ended_at=at, outcome=outcome, archive="refurb.tar", size=1,
        fault=None if outcome is KeepingOutcome.DONE else "OSError", facts={},
    )  # fmt: skip


def test_a_backup_that_nobody_read_back_is_not_ready_and_a_failure_breaks_it(context):
    assert keeping_point().look is TO_DO
    for kind, outcome, expected in (
        (KeepingKind.BACKUP, KeepingOutcome.DONE, "work"),
        (KeepingKind.REHEARSAL, KeepingOutcome.DONE, "ok"),
        (KeepingKind.REHEARSAL, KeepingOutcome.FAILED, "stop"),
    ):
        with unit_of_work() as session:
            session.add(run_of(kind, outcome))
        assert keeping_point().look.tone == expected


def save_server():
    server = MailServer("mail.relais.example", 587, MailSecurity.STARTTLS, None, None, "bonjour@relais.example")
    with unit_of_work():
        save_mail_server(admin(), server, tried_to="aude@refurb.example", dialogue=())


def undone(fault, **facts):
    with unit_of_work() as session:
        session.add(Effect(kind="mail_donor", facts={}, planned_at=now(), due_at=now(), fault=fault, **facts))


def test_mail_is_ready_when_a_letter_left_and_breaks_when_all_are_refused(context):
    assert (mailing_point().look, mailing_point().is_open) == (TO_DO, False)
    save_server()
    assert mailing_point().look is READY
    undone("mail.recipient_refused 550", given_up_at=now())
    assert mailing_point().look is READY, "that is one letter's affair"
    undone("mail.refuses_us 535", given_up_at=now())
    assert mailing_point().is_open
    save_server()
    assert mailing_point().look is READY, "what was given up before is not the new server's"


@pytest.fixture
def point(context):
    return keeping_point()


def test_what_is_broken_comes_first_and_what_waits_last(point):
    waits, open_, broken = (
        replace(point, waits=True, look=WAITING),
        replace(point, key="next"),
        replace(point, look=replace(READY, tone="stop")),
    )
    assert next_point([waits, open_]) is open_
    assert next_point([waits, open_, broken]) is broken
    assert next_point([replace(point, optional=True), replace(point, look=READY)]) is None


def test_all_is_ready_since_the_last(point):
    days = [datetime(2026, 3, each, tzinfo=UTC) for each in (2, 9)]
    ready = [replace(point, look=READY, since=each) for each in days]
    assert all_ready_since(ready) == days[1]
    assert all_ready_since([*ready, point]) is None


def test_it_is_the_administrators_home_and_locks_nothing(signed_in):
    client = signed_in(Role.ADMIN)
    home = client.get("/").text
    assert "Mettre Le Relais numérique en route" in home
    assert "Dire qui vous êtes" in home
    assert "Dons attendus" in client.get("/accueil").text
    assert "Les " in client.get("/mise-en-route").text
    assert "en route" not in signed_in(Role.COORDINATOR).get("/").text
    assert signed_in(Role.COORDINATOR).get("/mise-en-route").status_code == 403


def test_once_all_is_ready_the_home_is_the_days_work_again(app, signed_in, monkeypatch):
    with app.app_context():
        ready = replace(keeping_point(), look=READY, since=datetime(2026, 3, 9, tzinfo=UTC))
    wiring = app.extensions["refurb"]
    monkeypatch.setitem(app.extensions, "refurb", replace(wiring, points=[lambda: ready]))
    client = signed_in(Role.ADMIN)
    assert "Dons attendus" in client.get("/").text
    assert "Tout est prêt depuis le 9 mars 2026" in client.get("/mise-en-route").text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_structures_are_ready_with_one_that_refers(context):
    people.settle()
    assert organisations_point().look is READY
    with unit_of_work() as session:
        session.execute(update(Organisation).values(is_partner=False))
    assert (organisations_point().look, organisations_point().endpoint) == (TO_DO, "organisations.add")


def test_people_are_ready_when_somebody_else_can_sign_in(context):
    people.settle()
    assert people_point().is_ready
    with unit_of_work() as session:
        session.execute(update(Account).where(Account.email != people.EMAIL[Role.ADMIN]).values(is_active=False))
    assert people_point().look is TO_DO
    with unit_of_work():
        invite(admin(), name="Samira Benali", email="samira@relais.example", grants=[Grant(Role.TECHNICIAN)])
    assert (people_point().look, people_point().waits) == (UNDER_WAY, True)
    assert "Samira Benali" in people_point().now


def test_rules_are_to_read_until_one_is_adopted(context):
    people.settle()
    assert (policies_point().look, policies_point().is_open) == (TO_READ, True)
    with unit_of_work() as session:
        session.add(
            PolicyVersion(
                name="loans",
                number=90,
                text="",
                digest="0" * 12,
                in_force_from=today(),
                decided_by="Le bureau",
                reason="Relue",
                created_at=now(),
            )
        )
    assert policies_point().is_ready
