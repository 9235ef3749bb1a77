"""The files folder: kept once, found by hash, never outside."""

import errno
import os
import stat

import pytest

from refurb.kernel.deeds.file_stores import MARK, FileLost, StorageMissing
from refurb.kernel.deeds.files import BEGUN, digest_of, fetch, keep
from refurb.kernel.speech.errors import NotFound


def test_kept_and_found_again(context):
    digest = keep(b"rapport")
    assert keep(b"rapport") == digest == digest_of(b"rapport")
    assert fetch(digest) == b"rapport"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "z" * 64, "a" * 63, "A" * 64])
def test_only_hashes_are_looked_up(context, name):
    with pytest.raises(NotFound):
        fetch(name)


def test_what_is_gone_is_said_to_be_lost(context):
    with pytest.raises(FileLost):
        fetch("0" * 64)


def test_a_folder_that_is_not_mounted_is_told_and_never_made_anew(context, home, tmp_path):
    digest = keep(b"rapport")
    (home / "files").rename(tmp_path / "elsewhere")
    (home / "files").mkdir()  # What a disk is mounted on.
    for deed in (lambda: fetch(digest), lambda: keep(b"autre")):
        with pytest.raises(StorageMissing):
            deed()
    (home / "files").rmdir()
    with pytest.raises(StorageMissing):
        keep(b"autre")
    assert not (home / "files").exists()
    (tmp_path / "elsewhere").rename(home / "files")
    assert fetch(digest) == b"rapport"


def test_files_of_before_are_taken_over(context, home):
    digest = keep(b"rapport")
    (home / BEGUN).unlink()
    (home / "files" / MARK).unlink()
    assert keep(b"rapport") == digest
    assert (home / BEGUN).exists()


def test_the_name_of_a_file_stands_on_the_disk_as_the_file_does(context, home, monkeypatch):
    keep(b"rapport")
    synced = []

    def sync(descriptor, synced_in_truth=os.fsync):
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        synced_in_truth(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    keep(b"autre")
    assert synced[0] is False, "the file first"
    assert True in synced, "then its folder"


def test_a_full_disk_leaves_no_draft(context, home, monkeypatch):
    keep(b"rapport")

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(b"autre")
    assert [each.name for each in (home / "files").rglob("tmp*")] == []
