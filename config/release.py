"""`make release`: see that this commit may be released, and build what is given out. It changes nothing and sends nothing anywhere."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from config.settings import CHECKOUT

DIST: Final = CHECKOUT / "dist"
VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_SECTION: Final = re.compile(r"^## (.+)$", re.MULTILINE)
UPGRADES: Final = ("tests/architecture/test_upgrade.py", "tests/keeping/test_upgrades.py", "tests/keeping/test_demonstrations.py")
DEMONSTRATIONS: Final = "tests/keeping/demonstrations"
IMAGE: Final = "config/deploy/Dockerfile"


def unready(version: str, changelog: str, tags: Collection[str], changed: str, kept: Collection[str]) -> Iterator[str]:
    """Why a commit may not be released under a version, a line each.

    `changed` is what git says of files that are not committed, `kept` the names of the demonstrations that an upgrade is tried on.
    """
    if changed.strip():
        yield f"the tree is not clean:\n{changed.rstrip()}"
    if not VERSION.fullmatch(version):
        yield f"{version} is no version such as 1.2.0"
    if f"v{version}" in tags:
        yield f"v{version} was released before: raise `version` in pyproject.toml"
    for each in sorted(set(tags) - set(kept)):
        yield f"no demonstration of {each} is kept in {DEMONSTRATIONS}, so no upgrade from it is tried: CONTRIBUTING.md says how"
    sections = _SECTION.findall(changelog)
    newest = sections[0] if sections else ""
    if not re.fullmatch(rf"{re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", newest):
        yield f"the changelog begins with « {newest} » and not with « {version} (YYYY-MM-DD) »"
    elif not re.search(r"^- ", _body(changelog), re.MULTILINE):
        yield f"the changelog says nothing of {version}"


def demonstrations_kept() -> list[str]:
    """Of which releases a demonstration is kept."""
    return [each.name.partition(".sql")[0] for each in (CHECKOUT / DEMONSTRATIONS).glob("*.sql.xz")]


def _body(changelog: str) -> str:
    """What stands below the first section's heading."""
    return _SECTION.split(changelog)[2]


def _said(*command: str, folder: Path = CHECKOUT) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def _source(folder: Path) -> None:
    """The committed files, with the catalogues that the service reads."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=CHECKOUT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    for each in folder.glob("refurb/translations/*/LC_MESSAGES/*.po"):
        _said(str(_tool("pybabel")), "--quiet", "compile", "--input-file", str(each), "--output-file", str(each.with_suffix(".mo")))


def _tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def build(out: Path) -> list[Path]:
    """Build the source archive and the wheel of the commit into a folder; what was built."""
    with tempfile.TemporaryDirectory(prefix="refurb-release-") as name:
        source = Path(name)
        _source(source)
        # Archives say when the commit was made, not when they were.
        environ = os.environ | {"SOURCE_DATE_EPOCH": _said("git", "log", "-1", "--format=%ct").strip()}
        command = [str(CHECKOUT / ".tools/bin/uv"), "build", "--quiet", "--offline", "--sdist", "--wheel", "--out-dir", str(out)]
        subprocess.run(command, cwd=source, env=environ, check=True)
    return sorted(each for each in out.iterdir() if each.suffix in {".gz", ".whl"})


def sums(files: Collection[Path]) -> dict[str, str]:
    """The SHA-256 of some files, by their names."""
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def begin_an_instance(wheel: Path) -> None:
    """See that what stands in a wheel is whole: its own code and migrations make the tables of an empty home."""
    with tempfile.TemporaryDirectory(prefix="refurb-wheel-") as name:
        code, home = Path(name) / "code", Path(name) / "home"
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(code)  # noqa: S202 - of our own making
        settings = {"REFURB_HOME": str(home), "REFURB_SECRET_KEY": "only to try what was built, once"}
        begun = f"import sys; sys.path[:0] = [{str(code)!r}]; sys.argv = ['refurb', 'upgrade']; from refurb.cli import main; main()"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("REFURB_")}
        subprocess.run([sys.executable, "-c", begun], cwd=name, env=kept | settings, check=True)
        if not (home / "refurb.sqlite3").exists():
            raise FileNotFoundError(f"{wheel.name} made no database")


def image_builder() -> str | None:
    """The program that can build the image here: docker, or podman, whose service answers; None where neither does."""
    for name in ("docker", "podman"):
        if shutil.which(name) and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


def _run(*command: str) -> None:
    sys.stdout.write(f"$ {' '.join(command)}\n")
    sys.stdout.flush()
    subprocess.run(command, cwd=CHECKOUT, check=True)


def main() -> None:
    """Check, build twice, compare, and say the sums; ends with status 1 where something is missing."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    faults = list(unready(version, changelog, _said("git", "tag").split(), _said("git", "status", "--porcelain"), demonstrations_kept()))
    if faults:
        sys.exit("\n".join(f"not released: {each}" for each in faults))
    _run(str(_tool("pytest")), "-q", "-p", "no:cacheprovider", *UPGRADES)
    shutil.rmtree(DIST, ignore_errors=True)
    built = build(DIST)
    with tempfile.TemporaryDirectory(prefix="refurb-again-") as again:
        if sums(build(Path(again))) != sums(built):
            sys.exit("not released: built twice, it is not the same twice")
    begin_an_instance(next(each for each in built if each.suffix == ".whl"))
    builder = image_builder()
    if builder:
        _run(builder, "build", "--file", IMAGE, "--tag", f"refurb:{version}", ".")
    else:
        _run(str(_tool("pytest")), "-q", "-p", "no:cacheprovider", "tests/config/test_deploy.py")
        sys.stdout.write("no docker and no podman that answers: the image was not built, its file was checked\n")
    for name, digest in sums(built).items():
        sys.stdout.write(f"{digest}  dist/{name}\n")


if __name__ == "__main__":
    main()
