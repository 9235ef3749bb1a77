"""Backup, restore and upgrade are killed again and again at any moment: what stands afterwards is whole, or known not to be."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from config.settings import CHECKOUT, UNFINISHED
from refurb.keeping.archive import manifest_of
from refurb.keeping.backups import archives_in

KILLS = int(os.environ.get("KEEPING_KILLS") or 40)
AT_WORK = 1.2
"""Seconds within which a command is killed once it has begun to write."""


def environ_of(home):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("REFURB_")}
    return {**clean, "REFURB_HOME": str(home)}


def refurb(home, *arguments):
    command = [sys.executable, "-c", "from refurb.cli import main; main()", *arguments]
    return subprocess.Popen(command, cwd=CHECKOUT, env=environ_of(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def killed(home, seconds, has_begun, *arguments):
    """Whether a command was killed so many seconds after it had begun, before it had ended."""
    process = refurb(home, *arguments)
    while process.poll() is None and not has_begun():
        time.sleep(0.005)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return was_running


def done(home, *arguments):
    process = refurb(home, *arguments)
    told, _ = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return told.strip().rpartition("\n")[2]


@pytest.fixture
def begun(tmp_path, sqlite_templates):
    """An instance with forty megabytes of files that no row names."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(sqlite_templates[True], home / "refurb.sqlite3")
    (home / "settings.env").write_text("REFURB_SECRET_KEY=of the home, and long enough too\n")
    for number in range(40):
        place = home / "files" / f"{number:02x}" / "00" / f"{number:02x}00{'0' * 60}"
        place.parent.mkdir(parents=True)
        place.write_bytes(os.urandom(2**20))
    return home


@pytest.mark.soak
def test_a_killed_backup_is_none_and_the_next_one_is_whole(begun):
    drawn, folder = random.Random(31), begun / "backups"
    kills = sum(killed(begun, drawn.uniform(0, AT_WORK), lambda: list(folder.glob(".*.draft")), "backup") for _ in range(KILLS))
    assert kills > 0
    for each in archives_in(folder):
        with each.open("rb") as file:
            assert manifest_of(file).held
    done(begun, "backup")
    assert not list(folder.glob(".*.draft"))


@pytest.mark.soak
def test_a_killed_restore_is_known_and_begins_anew(begun, tmp_path):
    drawn, elsewhere = random.Random(32), tmp_path / "elsewhere"
    archive = done(begun, "backup")
    unfinished = 0
    for _ in range(KILLS):
        killed(elsewhere, drawn.uniform(0, AT_WORK), (elsewhere / "files").exists, "restore", archive, "--anyway")
        if (elsewhere / UNFINISHED).exists():
            unfinished += 1
            process = refurb(elsewhere, "backup")
            assert "restore" in process.communicate()[0]
            assert process.returncode == 2
        elif (elsewhere / "settings.env").exists():
            shutil.rmtree(elsewhere)
    assert unfinished > 0
    shutil.rmtree(elsewhere, ignore_errors=True)
    assert "verified" in done(elsewhere, "restore", archive, "--anyway")


@pytest.mark.soak
def test_a_killed_upgrade_goes_on(begun):
    drawn = random.Random(33)
    for _ in range(max(1, KILLS // 4)):
        done(begun, "db", "downgrade", "0012")
        for _ in range(2):
            copies = len(archives_in(begun / "backups"))
            killed(begun, drawn.uniform(0, AT_WORK), lambda copies=copies: len(archives_in(begun / "backups")) != copies, "upgrade")
            with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert connection.execute("PRAGMA foreign_key_check").fetchone() is None
        done(begun, "upgrade")
        with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection:
            assert connection.execute("SELECT count(*) FROM accounts").fetchone()[0] > 1
    assert "every chain is whole" in done(begun, "history", "verify")
