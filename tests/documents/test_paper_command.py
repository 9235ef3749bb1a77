"""`refurb papers verify`: recomputes every stored sum, names what changed, and exits 1."""

import json

import pytest
from sqlalchemy import text

from refurb import commands
from refurb.documents.models import PaperKind
from refurb.kernel.deeds.database import db
from tests.support.story import gifts


@pytest.fixture
def verify(app):
    """Run the command on the test's application."""

    def run():
        result = app.test_cli_runner().invoke(commands.verify_papers)
        return result.exit_code, result.output.strip()

    return run


@pytest.fixture
def paper(app):
    with app.app_context():
        donation = gifts.received(1)
        issued = gifts.issued(donation, PaperKind.DONATION)
        place = app.config["FILES"] / issued.file[:2] / issued.file[2:4] / issued.file
        return issued.reference, place


def test_untouched_papers_are_as_issued(paper, verify):
    assert verify() == (0, "every paper is as it was issued")


def test_a_changed_byte_of_the_file_is_named(paper, verify):
    reference, place = paper
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.chmod(0o600)
    place.write_bytes(bytes(content))
    assert verify() == (1, f"changed_file: {reference}")


def test_a_missing_file_is_named(paper, verify):
    reference, place = paper
    place.unlink()
    assert verify() == (1, f"missing_file: {reference}")


def test_a_changed_content_is_named(app, paper, verify):
    reference, _place = paper
    with app.app_context(), db.engine.begin() as connection:
        content = connection.execute(text("SELECT content FROM papers")).scalar_one()
        told = json.loads(content) if isinstance(content, str) else content
        told["lead"] = told["lead"].replace("1 unité", "9 unités")
        connection.execute(text("UPDATE papers SET content = :content"), {"content": json.dumps(told)})
    assert verify() == (1, f"changed_content: {reference}")
