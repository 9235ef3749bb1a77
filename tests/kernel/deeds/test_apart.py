"""What is done apart: answered from another process, and stopped there when it asks for too much."""

import os
import threading
import time

import pytest

from refurb.kernel.deeds import apart as apart_module
from refurb.kernel.deeds.apart import Bounds, NoPlace, TooMuchWork, apart
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import StrayWrite
from refurb.spreadsheets.errors import ListUnreadable


def test_the_answer_comes_from_a_process_of_its_own():
    first, second = apart("os:getpid"), apart("os:getpid")
    assert len({first, second, os.getpid()}) == 3


def test_a_refusal_is_raised_here():
    with pytest.raises(ListUnreadable) as caught:
        apart("refurb.spreadsheets.packed:read_packed", b"PK\x03\x04")
    assert caught.value.code == "list.broken_workbook"


def test_no_setting_goes_along(monkeypatch):
    monkeypatch.setenv("REFURB_SECRET_KEY", "nobody else's")
    apart_module._warm._process.kill()  # The next one begins with what stands around it now.
    assert apart("os:getenv", "REFURB_SECRET_KEY") is None


@pytest.mark.parametrize(
    "name, given, bounds",
    [
        ("time:sleep", 60, Bounds(clock_s=0.1)),
        ("builtins:bytearray", 2**30, Bounds(memory_mib=256)),
        ("os:abort", None, Bounds()),
        ("os:no_such_function", None, Bounds()),
    ],
    ids=["time", "memory", "crash", "fault"],
)
def test_what_asks_for_too_much_is_stopped_and_the_next_is_answered(name, given, bounds):
    begun = time.monotonic()
    with pytest.raises(TooMuchWork):
        apart(name, *([] if given is None else [given]), bounds=bounds)
    assert time.monotonic() - begun < 10
    assert apart("builtins:len", "four") == 4


def test_a_warm_process_that_was_killed_is_begun_again():
    apart("os:getpid")
    apart_module._warm._process.kill()
    assert apart("builtins:len", "four") == 4


def test_only_so_many_wait_for_the_files_of_others():
    others = [threading.Thread(target=apart, args=("time:sleep", 0.3)) for _ in range(apart_module.AT_ONCE + apart_module.WAITING)]
    for each in others:
        each.start()
    while apart_module._places._waiting < apart_module.WAITING:
        time.sleep(0.001)
    with pytest.raises(NoPlace):
        apart("os:getpid")
    for each in others:
        each.join()


def test_nothing_is_done_apart_while_writers_wait(context):
    with pytest.raises(StrayWrite), unit_of_work():
        apart("os:getpid")
