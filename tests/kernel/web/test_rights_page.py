"""The page that tells who may open what is the one that the tables would draw."""

from refurb.commands import PACKAGE
from refurb.kernel.web import rights


def test_the_page_is_what_the_tables_say(app):
    path = PACKAGE.parent / "docs" / "roles.md"
    assert path.read_text(encoding="utf-8") == rights.refreshed(path.read_text(encoding="utf-8"), app), "run `refurb roles`"
