"""An export: everything in open formats, explained, with no secret in it; into an empty folder, whole or not there."""

import csv
import hashlib
import json

import pytest
from sqlalchemy import func, select

from refurb.documents.models import Paper
from refurb.keeping.exports import export_all
from refurb.keeping.restores import PlaceNotEmpty
from refurb.kernel.deeds.database import db
from tests.support.story import people


def table_of(folder, name):
    with (folder / "tableaux" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_everything_leaves_openly(lived, tmp_path):
    folder = tmp_path / "export"
    with lived.app_context():
        counted = export_all(folder)
        assert counted["papers"] == db.session.scalar(select(func.count()).select_from(Paper)) == 1
        digest = db.session.scalar(select(Paper.file))
    [paper] = table_of(folder, "papers")
    assert paper["Référence (reference)"] == lived.extensions["told"]
    lines = [json.loads(line) for line in (folder / "json" / "papers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[0]["reference"] == lived.extensions["told"]
    with (folder / "fichiers.csv").open(encoding="utf-8-sig", newline="") as file:
        [kept] = csv.DictReader(file, delimiter=";")
    assert kept["Fichier"] == f"fichiers/papers/{lived.extensions['told']}-file.pdf"
    assert hashlib.sha256((folder / kept["Fichier"]).read_bytes()).hexdigest() == digest
    text = (folder / "LISEZ-MOI.md").read_text(encoding="utf-8")
    assert "**papers** (1)" in text
    assert "NOMS PROTÉGÉS" in text
    assert folder.stat().st_mode & 0o077 == 0
    assert {each["Courriel (email)"] for each in table_of(folder, "accounts")} == set(people.EMAIL.values())
    everything = "".join(each.read_text(encoding="utf-8") for each in folder.glob("*/*.*l") if each.is_file())
    assert "$argon2" not in everything


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_is_written_over(lived, tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "theirs").write_text("x")
    with lived.app_context(), pytest.raises(PlaceNotEmpty):
        export_all(tmp_path / "export")
    assert [each.name for each in (tmp_path / "export").iterdir()] == ["theirs"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_ends_in_the_middle_leaves_nothing(lived, tmp_path, monkeypatch):
    monkeypatch.setattr("refurb.keeping.exports.fetch", lambda _: 1 / 0)
    with lived.app_context(), pytest.raises(ZeroDivisionError):
        export_all(tmp_path / "export")
    assert not list(tmp_path.glob("*export*"))
