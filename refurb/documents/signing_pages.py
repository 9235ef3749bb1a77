"""How the pages of several rooms show a text that waits for its signature, and take it."""

from typing import Any

from werkzeug.wrappers import Response

from refurb.documents.content import from_json
from refurb.documents.erasing import still_said
from refurb.documents.models import Signing
from refurb.documents.schemas import SignatureTold
from refurb.documents.signing import printout, signing_of
from refurb.documents.wording import twin
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.forms import Form
from refurb.kernel.web.pages import download, page


def sign_form() -> Form:
    """How it was signed; a copy that is here comes to mind first."""
    return Form(SignatureTold, start={"way": "seen", "signed_on": today()})


def sign_page(signing: Signing, form: Form, *, who: str, action: str, back: str, printout: str) -> Response:
    """The text that was prepared, and the ways to sign it; `PaperForgotten` once it was erased."""
    need_names()
    still_said(signing)
    content = from_json(signing.content)
    return page(
        "documents/sign.html",
        form=form,
        signing=signing,
        title=content.title,
        text=twin(content),
        who=who,
        action=action,
        back=back,
        printout=printout,
    )


def printout_page(signing: Signing) -> Response:
    """The text to print and to sign, without a number; `NotFound` once it is issued: nobody signs a second one."""
    if not signing.awaits_signature:
        raise NotFound
    need_names()
    return download(printout(signing), f"{signing.reference}-a-signer.pdf", "application/pdf")


def copy_page(signing: Signing) -> Response:
    """The picture of the signed copy, or `NotFound`."""
    if signing.copy is None:
        raise NotFound
    need_names()
    return download(fetch(signing.copy), f"{signing.reference}.jpg", "image/jpeg")


def dump_signing(subject: Any) -> dict[str, Any] | None:
    """Where the signature of a deed stands, as the JSON door says it: `to_sign`, `drawn`, `seen` or `accepted`, and the sum of the text."""
    signing = signing_of(subject)
    if signing is None:
        return None
    return {
        "state": "to_sign" if signing.awaits_signature else plain(signing.way),
        "shown": signing.digest,
        "by_link": signing.by_link,
        "signed_on": plain(signing.signed_on),
        "recorded_at": plain(signing.signed_at),
    }


def witness_of(signing: Signing) -> str:
    """Who recorded the signature."""
    return wired().name_of(signing.signed_by) or ""
