"""A backup: whole or not there, private, as of one instant while others write, with no more in it than is asked for."""

import errno
import json
import os
import shutil
from typing import NamedTuple

import pytest
from sqlalchemy import text

from refurb.keeping import backups
from refurb.keeping.archive import ArchiveWriter, manifest_of
from refurb.keeping.backups import OURS, AtWork, BackupOrder, NoFolder, NoRoom, archives_in, forget_old, label_of, make_backup
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import digest_of, keep


class Usage(NamedTuple):
    """What a disk says of itself, in bytes."""

    total: int
    used: int
    free: int


NO_ROOM = Usage(10**9, 10**9, 1000)


@pytest.fixture
def instance(lived):
    with lived.app_context():
        yield lived


@pytest.fixture
def order(tmp_path):
    return BackupOrder(tmp_path / "backups")


def manifest(place):
    with place.open("rb") as file:
        return manifest_of(file)


def test_it_says_what_is_in_it(instance, order, backend):
    made = make_backup(order)
    said = manifest(made)
    assert (said.database, said.rows["donations"], said.rows["papers"]) == (backend, 1, 1)
    assert said.revision == db.session.scalar(text("SELECT version_num FROM alembic_version"))
    assert len(said.held) == 1
    assert {"settings.env", "history/register", "history/key"} <= set(said.parts)
    assert said.head
    label = json.loads(label_of(made).read_text())
    assert label["archive"] == {"size": made.stat().st_size, "sha256": digest_of(made.read_bytes())}
    for place in (made, label_of(made), order.folder):
        assert place.stat().st_mode & 0o077 == 0


def test_what_others_are_writing_is_not_in_it_and_holds_nobody_up(instance, order):
    with db.engine.connect() as writer:
        if db.engine.dialect.name == "sqlite":
            writer.exec_driver_sql("COMMIT")
            writer.exec_driver_sql("BEGIN IMMEDIATE")
        writer.execute(text("INSERT INTO codes (code, subject_kind, subject_id) VALUES ('HALFDONE', 'device', 9)"))
        before = manifest(make_backup(order)).rows["codes"]
        writer.commit()
    assert manifest(make_backup(BackupOrder(order.folder, why="upgrade-0001"))).rows["codes"] == before + 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_full_disk_leaves_nothing(instance, order, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ArchiveWriter, "finish", full)
    with pytest.raises(OSError, match="No space"):
        make_backup(order)
    assert archives_in(order.folder) == []
    assert [each.name for each in order.folder.iterdir()] == [".lock"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_too_little_room_is_told_before(instance, order, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: NO_ROOM)
    with pytest.raises(NoRoom) as refused:
        make_backup(order)
    assert refused.value.facts["free"] == 1000


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_a_crash_left_is_no_backup_and_goes(instance, order):
    left = order.folder / ".refurb-20260101T000000Z.tar.draft"
    left.mkdir(parents=True)
    (left / "refurb-20260101T000000Z.tar").write_bytes(b"half")
    assert archives_in(order.folder) == []
    made = make_backup(order)
    assert archives_in(order.folder) == [made]
    assert not left.exists()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_two_at_once(instance, order):
    with backups._alone(order.folder), pytest.raises(AtWork):
        make_backup(order)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_folder_that_cannot_be(instance, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoFolder):
        make_backup(BackupOrder(tmp_path / "file" / "backups"))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_files_beside_are_kept_once_and_go_with_the_last_that_needs_them(instance, order, monkeypatch):
    beside = BackupOrder(order.folder, files="beside")
    first = make_backup(beside)
    stored = sorted((order.folder / "files").glob("??/??/*"))
    assert [each.name for each in stored] == list(manifest(first).held)
    assert not any(name.startswith("files/") for name in manifest(first).parts)
    digest = keep(b"another")
    label = label_of(first).read_text()
    older = first.with_name("refurb-20200101T000000Z.tar")
    first.rename(older)
    label_of(first).rename(label_of(older))
    label_of(older).write_text(json.dumps({**json.loads(label), "held": {digest: 7}}))
    second = make_backup(beside)
    mark = order.folder / "files" / OURS
    mark.unlink()
    forget_old(order.folder, keep=2)
    assert (order.folder / "files" / digest[:2] / digest[2:4] / digest).exists()
    mark.touch()
    assert forget_old(order.folder, keep=1) == [older.name]
    assert archives_in(order.folder) == [second]
    assert (order.folder / "files" / digest[:2] / digest[2:4] / digest).exists()  # The second needs it, too.
    label_of(second).write_text(json.dumps({"held": {}}))
    forget_old(order.folder, keep=1)
    assert not list((order.folder / "files").glob("??/??/*"))
