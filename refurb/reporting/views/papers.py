"""The list of papers as a file: it stands above papers and spreadsheets, neither of which knows the other."""

from refurb.documents.queries import papers_listed
from refurb.documents.views import papers_asked
from refurb.documents.words import PAPER_KINDS, paper_look
from refurb.kernel.deeds.access import Actor, Permission
from refurb.reporting.views.blueprint import blueprint
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

COLUMNS = (
    SheetColumn("numero", lambda row: row.reference, 16),
    SheetColumn("document", lambda row: PAPER_KINDS[row.kind], 30),
    SheetColumn("titre", lambda row: row.title, 36),
    SheetColumn("emis_le", lambda row: row.issued_on, 12),
    SheetColumn("etat", lambda row: paper_look(row).word, 22),
    SheetColumn("octets", lambda row: row.size, 12),
)


@exported(blueprint, "/documents", Permission.PAPER_READ)
def papers_file(actor: Actor) -> SheetFile:
    """The papers that the list shows, one a row, without what they say."""
    return SheetFile.listed("documents", COLUMNS, papers_listed(actor, **papers_asked()))
