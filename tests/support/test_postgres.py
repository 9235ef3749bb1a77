"""The server that tests stand on: it starts from either set of binaries, as anyone, and leaves nothing behind."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy

from tests.support import postgres as support
from tests.support.postgres import BINARIES_VARIABLE, Cluster, find_binaries


def databases(cluster):
    engine = sqlalchemy.create_engine(cluster.url("postgres"))
    with engine.connect() as connection:
        names = set(connection.execute(sqlalchemy.text("SELECT datname FROM pg_database")).scalars())
    engine.dispose()
    return names


@pytest.fixture(params=["", "wheel"], ids=["first-found", "wheel"])
def cluster(request, monkeypatch):
    monkeypatch.setenv(BINARIES_VARIABLE, request.param)
    with Cluster() as started:
        yield started


def test_a_server_starts_and_copies_a_template(cluster):
    engine = sqlalchemy.create_engine(cluster.create_database("template"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE label (code text)"))
        connection.execute(sqlalchemy.text("INSERT INTO label VALUES ('é')"))
    engine.dispose()

    copy = sqlalchemy.create_engine(cluster.create_database("copy", template="template"))
    with copy.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT code FROM label")).scalar() == "é"
    cluster.drop_database("copy")  # although the pool is connected
    copy.dispose()

    assert "copy" not in databases(cluster)


def test_a_server_that_stops_leaves_nothing(cluster):
    folder, process = cluster.sockets, cluster._process

    cluster.stop()
    cluster.stop()

    assert not folder.exists()
    assert process.poll() is not None


def test_a_server_dies_with_a_run_that_is_killed():
    code = """if True:
        import os, signal
        from tests.support.postgres import Cluster
        cluster = Cluster().start()
        print(cluster.sockets, cluster._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    folder, pid = killed.stdout.split()
    try:
        deadline = time.monotonic() + 20
        while Path(folder, "data", "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not Path(folder, "data", "postmaster.pid").exists(), f"process {pid} still runs"
    finally:
        shutil.rmtree(folder)


def test_the_binaries_of_a_closed_folder_are_copied_for_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv(BINARIES_VARIABLE, "wheel")
    wheel = find_binaries()
    package = wheel.parents[1]
    closed = tmp_path / "closed"
    for source in [package, package.with_name(f"{package.name}.libs")]:
        shutil.copytree(source, closed / source.name, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setenv(BINARIES_VARIABLE, str(closed / wheel.relative_to(package.parent)))

    with Cluster() as cluster:
        assert "postgres" in databases(cluster)
        copied = (cluster.sockets / package.name).exists()
        assert copied == (os.geteuid() == 0)


def test_the_run_has_one_server_for_all_its_workers(postgres, request):
    assert (postgres.sockets / ".s.PGSQL.5432").exists()
    worker = getattr(request.config, "workerinput", None)
    assert (worker is None) == (support._of_the_run._sockets is not None)
