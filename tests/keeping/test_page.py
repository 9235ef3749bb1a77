"""The page of backups: those who administer see, press and download; nobody else does."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from refurb.accounts.factors.models import CardCode
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import account_by_email
from refurb.keeping.backups import BackupOrder, make_backup
from refurb.keeping.models import KeepingRun
from refurb.keeping.queries import open_run
from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.security import SecurityEvent, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.conftest import settings
from tests.support.story import people


@pytest.fixture
def folder(app, tmp_path):
    told = {"backup_folder": str(tmp_path / "backups")}
    app.config["SETTINGS"] = settings(app.config["HOME"], app.config["SQLALCHEMY_DATABASE_URI"], **told)
    return tmp_path / "backups"


def test_pressing_asks_for_a_backup(app, folder, signed_in):
    client = signed_in(Role.ADMIN)
    assert "Pas encore de sauvegarde" in client.get("/sauvegardes").text
    assert client.submit("/sauvegardes/sauvegarder").status_code == 303
    assert client.submit("/sauvegardes/essayer").status_code == 303
    shown = client.get("/sauvegardes").text
    assert "Une sauvegarde est en cours" in shown
    assert "Un essai est en cours" in shown
    with app.app_context():
        assert open_run(KeepingKind.BACKUP).asked_by is not None


def test_an_archive_is_downloaded_and_that_is_logged(app, folder, signed_in):
    with app.app_context():
        made = make_backup(BackupOrder(folder))
    client = signed_in(Role.ADMIN)
    assert made.name in client.get("/sauvegardes").text
    with client.get(f"/sauvegardes/{made.name}") as answer:
        assert answer.data == made.read_bytes()
        assert "attachment" in answer.headers["Content-Disposition"]
    with app.app_context():
        write_noted()
        assert made.name in db.session.scalars(select(SecurityEvent.about)).all()


@pytest.mark.parametrize(("factor", "proved"), [(False, False), (True, True)])
def test_no_archive_without_a_second_factor_typed_just_now(app, folder, signed_in, factor, proved):
    client = signed_in(Role.ADMIN)
    with app.app_context():
        made = make_backup(BackupOrder(folder))
        with unit_of_work() as session:
            admin = account_by_email(people.EMAIL[Role.ADMIN])
            if factor:
                session.add(CardCode(account_id=admin.id, digest="0" * 64, made_at=now()))
            session.execute(update(OpenSession).values(proved=proved, proved_at=now() - timedelta(hours=1) if proved else None))
    answer = client.get(f"/sauvegardes/{made.name}")
    assert answer.status_code == (303 if factor else 403)
    assert factor is ("/compte/preuve" in answer.headers.get("Location", ""))


@pytest.mark.parametrize("name", ["refurb-20261129T021000Z.tar", ".lock", "refurb-20261129T021000Z.tar.json", "..%2Fsettings.env"])
def test_nothing_else_is(folder, signed_in, name):
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / "refurb-20261129T021000Z.tar.json").write_text("{}")
    assert signed_in(Role.ADMIN).get(f"/sauvegardes/{name}").status_code == 404


def test_a_failure_is_told_at_home_and_on_the_page(app, folder, signed_in):
    with app.app_context(), unit_of_work() as session:
        facts = {"needed": 3 * 10**9, "free": 10**6}
        session.add(
            KeepingRun(
                kind=KeepingKind.BACKUP, asked_at=now(), ended_at=now(), outcome=KeepingOutcome.FAILED, fault="keeping.no_room", facts=facts
            )
        )
    client = signed_in(Role.ADMIN)
    assert "Voir les sauvegardes" in client.get("/").text
    assert "il faut 3" in client.get("/sauvegardes").text
    assert "Voir les sauvegardes" not in signed_in(Role.COORDINATOR).get("/").text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TECHNICIAN, Role.OBSERVER])
def test_nobody_else_sees_them(folder, signed_in, role):
    assert signed_in(role).get("/sauvegardes").status_code == 403
