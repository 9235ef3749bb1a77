"""The PDF of one label of lending: the card of a borrower, the label of a thing."""

from flask import current_app, request
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.labels.printing import Label, printed
from refurb.kernel.speech.codes import address
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.pages import download


def label_pdf(code: str, title: str, fact: str | None, *, help_line: str, stem: str) -> Response:
    """A label of a code, in the format that the address asks for; `NotFound` for one that is none."""
    made = label_formats().get(request.args.get("format", "ruban-62"))
    if made is None:
        raise NotFound
    facts = (fact,) if fact else ()
    label = Label(code, address(code, current_app.config["BASE_URL"]), title, facts, home().name, help_line)
    return download(printed([label], made), f"{stem}-{code}.pdf", "application/pdf")
