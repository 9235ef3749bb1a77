"""The names of workers: of a process that is over, everybody on its machine can tell."""

import subprocess
import sys

from refurb.kernel.deeds.workers import is_dead, new_name


def name_of_another():
    command = [sys.executable, "-c", "from refurb.kernel.deeds.workers import new_name; print(new_name())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_process_that_is_over_is_dead_and_this_one_lives():
    assert is_dead(name_of_another())
    assert not is_dead(new_name())
    assert len(new_name()) <= 32


def test_of_another_machine_and_of_other_names_nothing_is_certain():
    machine, _, rest = name_of_another().partition(".")
    assert not is_dead(f"{machine[::-1]}x.{rest}")
    for name in ("another", "0123456789abcdef0123456789abcdef", f"{machine}.1", f"{machine}.zz.1.x"):
        assert not is_dead(name)
