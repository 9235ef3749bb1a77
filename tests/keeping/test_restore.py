"""A backup is put back: the same rows, files, papers and history, verified; into an empty place only, and whole or marked as not."""

from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import func, select, text

from config.settings import UNFINISHED, SettingError, read_settings_file, refuse_unfinished
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.factors.models import TrustedBrowser
from refurb.accounts.models import OpenSession
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.throttle import SignInLane
from refurb.documents.models import Paper
from refurb.keeping.archive import NoArchive
from refurb.keeping.backups import BackupOrder, make_backup
from refurb.keeping.restores import FilesMissing, PlaceNotEmpty, SourceInPlace, let_go
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import Event, broken_links
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.story import desk, people


def counted():
    return {name: db.session.scalar(select(func.count()).select_from(table)) for name, table in Base.metadata.tables.items()}


@pytest.fixture
def archive(lived, tmp_path):
    with lived.app_context():
        return make_backup(BackupOrder(tmp_path / "backups"))


def paper_file(app):
    with app.app_context():
        digest = db.session.scalar(select(Paper.file))
    return Path(app.config["FILES"]) / digest[:2] / digest[2:4] / digest


@pytest.mark.parametrize("backend", ["sqlite"])
def test_all_of_it_comes_back(lived, back, place, tmp_path):
    with lived.app_context():
        assert desk.product().picture == "tablette"  # A drawing of ours: no file of the storage.
        with unit_of_work() as session:
            session.add(SignInLane(lane="old", tries=3, last_at=now() - timedelta(days=1), open_at=now()))
        archive = make_backup(BackupOrder(tmp_path / "backups"))
        before = counted()
        paper = db.session.scalar(select(Paper))
        content = fetch(paper.file)
    done = back(archive)
    assert done.findings == []
    assert done.forgotten["accounts.sign_in_lanes"] == 1
    refuse_unfinished(place.home)
    assert read_settings_file(place.home / "settings.env")["REFURB_SECRET_KEY"] == lived.config["SECRET_KEY"]
    with place.make_app(done.settings).app_context():
        after = {"events": before["events"] + 2, "keeping_runs": 1, "sign_in_lanes": before["sign_in_lanes"] - 1}
        assert counted() == {**before, **after}
        again = db.session.scalar(select(Paper))
        assert (again.reference, fetch(again.file)) == (paper.reference, content)
        assert list(broken_links(db.session())) == []
        let_go()


def test_what_ended_in_the_middle_is_marked_and_begins_anew(archive, back, place, monkeypatch, backend):
    with monkeypatch.context() as patch:
        patch.setattr("refurb.keeping.restores.differing_rows", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            back(archive)
    with pytest.raises(SettingError, match="run `refurb restore` again"):
        refuse_unfinished(place.home)
    assert not (place.home / "settings.env").exists()
    done = back(archive)
    assert done.findings == []
    refuse_unfinished(place.home)
    with place.make_app(done.settings).app_context():
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 1
        if backend == "postgresql":  # The numbers go on after those that were given.
            last = db.session.scalar(select(func.max(Event.id)))
            assert db.session.scalar(text("SELECT nextval(pg_get_serial_sequence('events', 'id'))")) > last
        let_go()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_place_that_is_not_empty_is_left_alone(archive, back, place):
    place.home.mkdir()
    (place.home / "refurb.sqlite3").write_bytes(b"theirs")
    with pytest.raises(PlaceNotEmpty):
        back(archive)
    assert [each.name for each in place.home.iterdir()] == ["refurb.sqlite3"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_archive_inside_the_place_is_not_swept_away(archive, back, place, tmp_path):
    place.home.mkdir()
    (place.home / UNFINISHED).write_text("{}")
    inside = archive.rename(place.home / archive.name)
    with pytest.raises(SourceInPlace):
        back(inside)
    outside = inside.rename(tmp_path / archive.name)
    (place.home / "files").mkdir()
    with pytest.raises(SourceInPlace):
        back(outside, files=[place.home / "files"])
    assert (place.home / "files").exists()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_opened_an_account_then_opens_nothing_again(lived, back, place, tmp_path):
    with lived.app_context():
        instant, same = now(), {"account_id": people.actor(Role.ADMIN).id}
        later = instant + timedelta(days=1)
        with unit_of_work() as session:
            session.add(OpenSession(**same, digest="a" * 64, opened_at=instant, seen_at=instant, ends_at=later, browser=""))
            session.add(TrustedBrowser(**same, digest="b" * 64, browser="", made_at=instant, ends_at=later))
            session.add(PasswordLink(**same, digest="c" * 64, made_at=instant, ends_at=later))
            told = {"before": "a@b.example", "email": "c@d.example", "made_at": instant, "ends_at": later}
            session.add(AddressChange(**same, digest="d" * 64, **told))
        archive = make_backup(BackupOrder(tmp_path / "backups"))
    with place.make_app(back(archive).settings).app_context():
        after = counted()
        assert [after[each] for each in ("sessions", "trusted_browsers", "password_links", "address_changes")] == [0, 0, 0, 0]
        let_go()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_is_not_empty_is_left_alone(archive, back, place, lived):
    place.environ["REFURB_DATABASE_URL"] = lived.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with pytest.raises(PlaceNotEmpty):
        back(archive)
    with lived.app_context():
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_archive_is_refused_and_a_good_one_takes_its_place(archive, back, place, tmp_path):
    damaged = tmp_path / archive.name
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(NoArchive):
        back(damaged)
    assert (place.home / UNFINISHED).exists()
    assert back(archive).findings == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_was_wrong_before_the_backup_is_named(lived, back, place, tmp_path):
    paper_file(lived).write_bytes(b"%PDF changed")
    with lived.app_context():
        archive = make_backup(BackupOrder(tmp_path / "backups"))
    done = back(archive)
    assert any(each.startswith("changed_file: ") for each in done.findings)
    with pytest.raises(SettingError):
        refuse_unfinished(place.home)
    assert back(archive, anyway=True).findings == done.findings
    refuse_unfinished(place.home)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_files_that_are_elsewhere_are_found_or_missed(lived, back, tmp_path):
    with lived.app_context():
        archive = make_backup(BackupOrder(tmp_path / "backups", files="home"))
    with pytest.raises(FilesMissing) as refused:
        back(archive)
    assert refused.value.facts["count"] == 1
    assert back(archive, files=[Path(lived.config["FILES"])]).findings == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_encrypted_one_comes_back_with_its_key(lived, back, tmp_path):
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(str(identity))
    with lived.app_context():
        archive = make_backup(BackupOrder(tmp_path / "backups", recipients=(str(identity.to_public()),)))
    assert archive.name.endswith(".tar.age")
    assert back(archive, identity=tmp_path / "key").findings == []
