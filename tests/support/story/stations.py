"""The workshop's USB key in the story: its token, the script saved from the service, and the tools that the machine on the bench has."""

import os
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from refurb.accounts.actions import make_station, secret_of
from refurb.directory.actions import fresh_code
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people

PATIENCE = 60.0
_TOOL = '#!/bin/sh\n[ "$1" = --scan ] && {{ echo "/dev/sda -d scsi # /dev/sda, SCSI device"; exit 0; }}\ncat "{printed}"\nexit 4\n'
# Notes what it was called with, works like the real one, and as often as asked loses the answer on the way back.
_CURL = """#!/bin/sh
echo "$@" >>"{folder}/called"
{real} "$@"; ended=$?
[ -s "{folder}/lose" ] || exit $ended
: >"{folder}/lose"
exit 56
"""


def token(role: Role = Role.STATION) -> str:
    """The token of a key that the technician made."""
    who = people.actor(Role.TECHNICIAN)
    with unit_of_work():
        return secret_of(make_station(who, name="clé verte", role=role))


def printed_label() -> str:
    """The code of a label that was printed in advance, and is on nothing."""
    with unit_of_work():
        return fresh_code().code


@dataclass
class Key:
    """A USB key with the agent on it, in a machine whose tools print what they are told to."""

    folder: Path
    service: str
    secret: str
    said: str = field(default="", init=False)

    def __post_init__(self) -> None:
        (self.folder / "tools").mkdir(parents=True)
        with urllib.request.urlopen(f"{self.service}/agent", timeout=PATIENCE) as answer:
            (self.folder / "agent").write_bytes(answer.read())
        real = subprocess.run(["sh", "-c", "command -v curl"], capture_output=True, text=True, check=True).stdout.strip()
        self._put("curl", _CURL.format(folder=self.folder, real=real))
        self.set()

    def _put(self, name: str, script: str) -> None:
        place = self.folder / "tools" / name
        place.write_text(script, encoding="utf-8")
        place.chmod(0o755)

    def set(self, **changes: str) -> None:
        """Write refurb.conf; one try only, unless PAUSES says otherwise."""
        settings = {"SERVICE": self.service, "TOKEN": self.secret, "PAUSES": ""} | changes
        (self.folder / "refurb.conf").write_text("".join(f"{name}={value}\r\n" for name, value in settings.items()), encoding="utf-8")

    def machine(self, **printed: bytes) -> None:
        """Put the key into a machine: its tools print these."""
        for name, content in printed.items():
            (self.folder / f"{name}.printed").write_bytes(content)
            self._put(name, _TOOL.format(printed=self.folder / f"{name}.printed"))

    def lose_an_answer(self) -> None:
        """The next answer arrives at the service's end only."""
        (self.folder / "lose").write_text("1", encoding="utf-8")

    def run(self, *told: str, shell: tuple[str, ...] = ("sh",)) -> int:
        """Run the script in a shell without a terminal; what it said is in `said`."""
        path = f"{self.folder / 'tools'}:{os.environ['PATH']}"
        done = subprocess.run(
            [*shell, "agent", *told], cwd=self.folder, env={"PATH": path, "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.said = done.stdout.decode()
        return done.returncode

    @property
    def called(self) -> str:
        """Every command line of curl, as any process may read it."""
        place = self.folder / "called"
        return place.read_text(encoding="utf-8") if place.exists() else ""

    @property
    def waiting(self) -> list[Path]:
        """What waits in the spool."""
        spool = self.folder / "refurb-spool"
        return sorted(each for each in spool.iterdir() if each.is_dir()) if spool.is_dir() else []
