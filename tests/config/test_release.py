"""What a release asks of a commit, and that what it builds is whole and twice the same."""

import re
import subprocess
import tarfile
import zipfile

import pytest

from config.release import begin_an_instance, build, sums, unready
from config.settings import CHECKOUT

CHANGELOG = "# Changelog\n\n## 1.2.0 (2027-03-01)\n\n### Added\n- **Something.** It is there.\n\n## 1.1.0 (2027-01-01)\n\n- It was there.\n"


def why(version="1.2.0", changelog=CHANGELOG, tags=("v1.1.0",), changed="", kept=("v1.1.0", "v1.2.0")):
    return " ".join(unready(version, changelog, tags, changed, kept))


def test_a_clean_commit_with_its_place_in_the_changelog_may_be_released():
    assert why() == ""


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"changed": " M refurb/cli.py\n"}, "not clean:\n M refurb/cli.py"),
        ({"version": "1.2"}, "no version"),
        ({"tags": ("v1.2.0",)}, "released before"),
        ({"kept": ("0002",)}, "no demonstration of v1.1.0 is kept"),
        ({"version": "1.3.0"}, "begins with « 1.2.0 (2027-03-01) »"),
        ({"changelog": CHANGELOG.replace("1.2.0 (2027-03-01)", "Unreleased")}, "begins with « Unreleased »"),
        ({"changelog": CHANGELOG.replace("- **Something.** It is there.\n", "")}, "says nothing of 1.2.0"),
        ({"changelog": ""}, "begins with «  »"),
    ],
)
def test_anything_else_is_told(what, told):
    assert told in why(**what)


@pytest.mark.soak
@pytest.mark.skipif(not (CHECKOUT / ".git").exists(), reason="no repository: this is a source archive")
def test_what_is_built_is_whole_and_the_same_again(tmp_path):
    built = build(tmp_path / "one")
    wheel, archive = built
    assert sums(built) == sums(build(tmp_path / "two"))
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert {"refurb/cli.py", "refurb/templates/base.html", "config/policy/loans.toml", "migrations/env.py"} <= names
    assert {"refurb/translations/en/LC_MESSAGES/messages.mo"} <= names
    assert [each for each in names if re.search(r"\.sql$", each)]
    tracked = subprocess.run(["git", "ls-files", "refurb", "migrations"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.splitlines()) <= names
    with tarfile.open(archive) as packed:
        inside = {each.partition("/")[2] for each in packed.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "refurb/cli.py", "migrations/env.py"} <= inside
    begin_an_instance(wheel)
