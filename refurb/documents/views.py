"""The pages of papers: the list and the paper itself for those who may read it, the check page for everybody."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.documents.offline import key_json, offline_file
from refurb.documents.queries import find_paper, find_paper_by_code, names_a_person, paper_count, paper_years, papers_listed
from refurb.documents.reading import may_be_read
from refurb.documents.shown import drawing_of, shown
from refurb.documents.words import PAPER_ICONS, PAPER_KINDS, REPLACED_FOR, paper_look
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import digest_of, fetch
from refurb.kernel.deeds.paper_keys import paper_keys
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.speech.codes import find_code, read_code
from refurb.kernel.speech.errors import Fault, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.brake import code_guesses
from refurb.kernel.web.guards import find_actor, harmless, public, requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import download, page
from refurb.kernel.web.search import page_number

blueprint = Blueprint("documents", __name__)


def paper_pdf(paper: Paper) -> Response:
    """The PDF as it was issued, byte for byte. Raises `PaperForgotten`, and what its room has against its being read."""
    may_be_read(paper)
    return download(fetch(paper.file), f"{paper.reference}.pdf", "application/pdf")


def papers_asked() -> dict[str, Any]:
    """What the address asks of the list of papers."""
    kind, year = request.args.get("type", ""), request.args.get("annee", "")
    return {
        "typed": request.args.get("q", "").strip()[:100],
        "kind": PaperKind(kind) if kind in set(PaperKind) else None,
        "year": int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
    }


@blueprint.get("/documents")
@requires(Permission.PAPER_READ)
def documents(actor: Actor) -> Response:
    """The papers we issued."""
    asked = papers_asked()
    found = papers_listed(actor, **asked).page(page_number(), order_asked())
    return page(
        "documents/list.html", found=found, **asked, total=paper_count(actor), years=paper_years(actor), kinds=PAPER_KINDS,
        look_of=paper_look,
    )  # fmt: skip


def _opened(actor: Actor, reference: str) -> Paper:
    found = find_paper(actor, reference)
    if names_a_person(found):
        note(SecurityKind.FILE_OPENED, actor, found.reference)
    return found


@blueprint.get("/documents/<reference>.pdf")
@requires(Permission.PAPER_READ)
def pdf(actor: Actor, reference: str) -> Response:
    """The stored PDF."""
    return paper_pdf(_opened(actor, reference))


@blueprint.get("/documents/<reference>")
@requires(Permission.PAPER_READ)
def paper(actor: Actor, reference: str) -> Response:
    """The paper as a page: the same words as its PDF, in the same order."""
    found = _opened(actor, reference)
    if found.forgotten_at is not None:
        return page("documents/forgotten.html", paper=found, kind=PAPER_KINDS[found.kind])
    return page(
        "documents/paper.html",
        **shown(found, lambda digest: url_for("documents.drawing", reference=found.reference, digest=digest)),
        pdf_url=url_for("documents.pdf", reference=found.reference),
        other_url=lambda other: url_for("documents.paper", reference=other.reference),
    )


@blueprint.get("/documents/<reference>/signature/<digest>.png")
@requires(Permission.PAPER_READ)
def drawing(actor: Actor, reference: str, digest: str) -> Response:
    """A signature drawn on the paper."""
    found = find_paper(actor, reference)
    may_be_read(found)
    return download(fetch(drawing_of(found, digest)), "signature.png", "image/png")


@blueprint.get("/verifier")
@public
def check_any() -> Response:
    """Where somebody without a scanner types the code of a paper."""
    typed = request.args.get("code", "").strip()[:200]
    fault: Refusal | None = None
    if typed:
        try:
            return _check_page(_guarded(lambda: find_paper_by_code(read_code(typed))))
        except NotFound:
            fault = NotFound("paper.unknown_code")
        except Refusal as refusal:
            fault = refusal
    return page("documents/check_any.html", typed=typed, error=sentence(fault) if fault else "", status=fault.status if fault else 200)


def scanned_paper(paper_id: int) -> Response:
    """Where the QR of a paper leads, whoever scans it."""
    found = db.session.get(Paper, paper_id)
    if found is None:
        raise NotFound
    return redirect(url_for("documents.check", code=found.code), code=302)


def _guarded(find: Callable[[], Paper]) -> Paper:
    """The paper that a code leads to; a stranger who guesses at codes is braked. Raises `NotFound`, `UnreadableCode`, `TooManyGuesses`."""
    place = request.remote_addr or "?"
    if find_actor() is not None:
        return find()
    code_guesses.check(place)
    try:
        return find()
    except Refusal:
        code_guesses.miss(place)
        raise


def _paper_of(code: str) -> Paper:
    found = find_code(code)
    if found is None:
        raise NotFound
    return find_paper_by_code(found)


def _check_page(paper: Paper, *, same: bool | None = None, longer: bool = False, fault: Fault | None = None, digest: str = "") -> Response:
    return page(
        "documents/check.html",
        status=422 if fault else 200,
        paper=paper,
        # Of a paper whose only secret is a name, a sum would tell whoever guesses the name that it is right.
        sums=not names_a_person(paper),
        issuer=paper.content["issuer"]["name"],
        kind=PAPER_KINDS[paper.kind],
        icon_name=PAPER_ICONS[paper.kind],
        look=paper_look(paper),
        replaced=paper.status is PaperStatus.REPLACED,
        why=REPLACED_FOR.get(paper.successor.replaces_for) if paper.successor and paper.successor.replaces_for else None,
        same=same,
        longer=longer,
        error=sentence(fault) if fault else "",
        digest=digest,
    )


@blueprint.get("/verifier/<code>")
@public
def check(code: str) -> Response:
    """What everybody may know of a paper: kind, number, date, issuer, status, sums."""
    return _check_page(_guarded(lambda: _paper_of(code)))


@blueprint.post("/verifier/<code>")
@public
@harmless
def compare(code: str) -> Response:
    """Whether a file is, byte for byte, the PDF we issued; the file is read, compared and forgotten."""
    paper = _guarded(lambda: _paper_of(code))
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return _check_page(paper, fault=Fault("paper.no_file"))
    digest = digest_of(content)
    # A change that is appended leaves what was signed whole: the file begins as ours does, and goes on.
    longer = len(content) > paper.size and digest_of(content[: paper.size]) == paper.file
    return _check_page(paper, same=digest == paper.file, longer=longer, digest=digest)


@blueprint.get("/verifier/cles")
@public
def keys() -> Response:
    """Which keys sign our papers, and how to check one without us."""
    return page("documents/keys.html", keys=paper_keys().all())


@blueprint.get("/verifier/cles.json")
@public
def keys_json() -> Response:
    """The same for programs: `keys`, the oldest first, as `offline.key_json` tells each."""
    return jsonify({"issuer": home().full_name, "keys": [key_json(each) for each in paper_keys().all()]})


@blueprint.get("/verifier/hors-ligne.html")
@public
def offline() -> Response:
    """The file that checks papers without us, with the keys of today and of before."""
    file = offline_file(paper_keys().all(), home().full_name)
    # To be kept, and opened from a folder: no page of this site, whose policy lets no page bring its own script.
    return download(file, "verifier-nos-documents.html", "application/octet-stream", inline=False)
