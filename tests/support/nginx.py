"""nginx for the test of its sample: the system's, else Debian's package, unpacked once into `.tools`.

Run as a program, it makes sure once that there is one; where none can be had it says so, and the test is skipped.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

TOOLS: Final = Path(__file__).resolve().parents[2] / ".tools"
UNPACKED: Final = TOOLS / "nginx"


def nginx_path() -> Path | None:
    """The program to run; None where there is none."""
    system = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return next((each for each in (system and Path(system), UNPACKED / "usr/sbin/nginx") if each and each.exists()), None)


def fetch_nginx() -> None:
    """Have apt fetch Debian's package, which it verifies, and unpack it; half a megabyte, and nothing is installed.

    Raises `OSError` and `subprocess.CalledProcessError`.
    """
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nginx-", dir=TOOLS) as name:
        folder = Path(name)
        if not _downloaded(folder):
            subprocess.run(["apt-get", "-qq", "update"], check=True, capture_output=True)
            _downloaded(folder, check=True)
        (package,) = folder.glob("nginx_*.deb")
        subprocess.run(["dpkg-deb", "--extract", package, folder / "unpacked"], check=True)
        shutil.rmtree(UNPACKED, ignore_errors=True)
        (folder / "unpacked").rename(UNPACKED)


def _downloaded(folder: Path, *, check: bool = False) -> bool:
    return subprocess.run(["apt-get", "-qq", "download", "nginx"], cwd=folder, check=check, capture_output=True).returncode == 0


if __name__ == "__main__":
    if nginx_path() is None:
        sys.stderr.write("Fetching an nginx for the test of its sample, once…\n")
        try:
            fetch_nginx()
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"no nginx could be had ({type(error).__name__}): the test of its sample will be skipped")
