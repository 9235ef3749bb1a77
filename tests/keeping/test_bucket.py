"""Files in a bucket, against a server of moto: the same promises as in a folder, and backup, restore, rehearsal and export over it."""

import pytest

from refurb.keeping.backups import BackupOrder, make_backup
from refurb.keeping.exports import export_all
from refurb.keeping.lost import lost_files
from refurb.keeping.rehearsals import rehearse
from refurb.keeping.restores import FilesMissing, Place, restore
from refurb.kernel.deeds.bucket_store import bucket_at
from refurb.kernel.deeds.file_stores import FileLost, StorageAway, StorageMissing, key_of
from refurb.kernel.deeds.files import BEGUN, copy_file, digest_of, fetch, is_kept, keep, kept_files, open_file, probe
from refurb.monitoring.queries import look
from tests.conftest import settings
from tests.support.buckets import serving_buckets
from tests.support.commands import run
from tests.support.serving import free_port

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def buckets():
    with serving_buckets() as server:
        yield server


def move_to(app, url):
    """Have an application keep its files in a bucket."""
    app.config["FILES_URL"] = url
    app.config["SETTINGS"] = settings(app.config["HOME"], app.config["SQLALCHEMY_DATABASE_URI"], files_url=url)


@pytest.fixture
def stored(context, buckets):
    """The application, with its files in a bucket of its own."""
    move_to(context, buckets.new())
    return context


def objects(app):
    """The keys of everything in its bucket, below the prefix."""
    return [each["path"] for some in bucket_at(app.config["FILES_URL"])._store.list() for each in some]


def test_kept_once_and_found_again(stored, home, tmp_path):
    digest = keep(b"rapport")
    assert keep(b"rapport") == digest == digest_of(b"rapport")
    assert fetch(digest) == b"rapport"
    assert (is_kept(digest), is_kept("0" * 64)) == (True, False)
    assert [(each.digest, each.size) for each in kept_files()] == [(digest, 7)]
    assert sorted(objects(stored)) == [".refurb", key_of(digest)]
    with open_file(digest) as file:
        assert file.read() == b"rapport"
    copy_file(digest, tmp_path)
    assert (tmp_path / key_of(digest)).read_bytes() == b"rapport"
    assert not (home / "files").exists()
    for deed in (fetch, open_file, lambda each: copy_file(each, tmp_path)):
        with pytest.raises(FileLost):
            deed("0" * 64)


def test_another_bucket_is_told_and_never_written(stored, buckets):
    digest = keep(b"rapport")
    for other in (buckets.new(), f"s3://key:secret@none/?endpoint={buckets.address}"):
        stored.config["FILES_URL"] = other
        for deed in (lambda: fetch(digest), lambda: keep(b"autre"), probe):
            with pytest.raises(StorageMissing):
                deed()
    stored.config["FILES_URL"] = buckets.new()
    assert not look().is_ready
    assert objects(stored) == []


def test_a_bucket_that_does_not_answer_is_told(stored):
    keep(b"rapport")
    stored.config["FILES_URL"] = f"s3://key:secret@bucket?endpoint=http://127.0.0.1:{free_port()}"
    with pytest.raises(StorageAway):
        fetch("0" * 64)


def test_another_node_finds_what_this_one_kept(stored, home):
    digest = keep(b"rapport")
    (home / BEGUN).unlink()  # As in the home of a node that has kept nothing yet.
    assert fetch(digest) == b"rapport"
    assert keep(b"autre")
    assert (home / BEGUN).exists()
    assert probe() is None
    assert look().checks["storage"].ok


def test_backed_up_and_put_back_into_a_folder_or_another_bucket(lived, place, back, buckets, tmp_path):
    with lived.app_context():
        keep(b"une photo")
        move_to(lived, buckets.new())
        told = run_command(lived, "files", "take-over", str(lived.config["FILES"]))
        held = [each.digest for each in kept_files()]
        assert told == f"{len(held)} files, each held against its sum"
        assert list(lost_files()) == []
        archive = make_backup(BackupOrder(tmp_path / "inside"))
        beside = make_backup(BackupOrder(tmp_path / "beside", files="beside"))
        upgraded = make_backup(BackupOrder(tmp_path / "home", files="home"))
    assert len(held) == 2

    done = back(archive)
    assert (done.findings, done.settings.files_url) == ([], None)
    assert sum(1 for each in (place.home / "files").rglob("*") if each.name in held) == len(held)

    url = buckets.new()
    elsewhere = Place(tmp_path / "third", {**place.environ, "REFURB_FILES_URL": url}, place.make_app)
    done = restore(beside, elsewhere)
    assert (done.findings, done.settings.files_url) == ([], url)
    assert not (elsewhere.home / "files").exists()
    assert f"REFURB_FILES_URL={url}" in (elsewhere.home / "settings.env").read_text()

    # What is neither in the archive nor in a folder may be in the bucket already.
    assert restore(upgraded, Place(tmp_path / "fourth", elsewhere.environ, place.make_app)).findings == []
    with pytest.raises(FilesMissing):
        restore(upgraded, Place(tmp_path / "fifth", {**place.environ, "REFURB_FILES_URL": buckets.new()}, place.make_app))


def run_command(app, *arguments):
    told = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": app.config["SECRET_KEY"],
        "FILES_URL": app.config["FILES_URL"],
    }
    done = run(app.config["HOME"], *arguments, **{f"REFURB_{name}": value for name, value in told.items()})
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_a_rehearsal_restores_from_the_archive_alone(lived, place, buckets, tmp_path):
    with lived.app_context():
        digest = next(kept_files()).digest
        move_to(lived, buckets.new())
        run_command(lived, "files", "take-over", str(lived.config["FILES"]))
        assert rehearse(place.make_app).findings == []  # none was made yet: one for the occasion
        make_backup(BackupOrder(lived.config["SETTINGS"].backups))
        bucket_at(lived.config["FILES_URL"])._store.delete(key_of(digest))
        assert rehearse(place.make_app).findings == []  # it is in the archive
        assert [each.split()[-1] for each in lost_files()] == [digest[:12]]


def test_an_export_gives_the_files(lived, buckets, tmp_path):
    with lived.app_context():
        move_to(lived, buckets.new())
        run_command(lived, "files", "take-over", str(lived.config["FILES"]))
        export_all(tmp_path / "export")
        assert list((tmp_path / "export" / "fichiers").rglob("*.pdf"))
