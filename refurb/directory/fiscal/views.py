"""The page where the legal basis of tax receipts is entered, and closed."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from refurb.directory.fiscal.actions import FIELDS, FiscalChanged, close_receipts, save_basis
from refurb.directory.fiscal.queries import fiscal_versions
from refurb.directory.fiscal.schemas import FiscalFacts
from refurb.directory.fiscal.words import STANDINGS
from refurb.directory.letterhead.views import number_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("fiscal", __name__)
P = Permission


def _seen() -> int:
    return number_of(request.form.get("seen", "0"))


@blueprint.route("/coordonnees/recus-fiscaux", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def basis(actor: Actor) -> Response:
    """Say why tax receipts may be given; without it there are none."""
    known = fiscal_versions(1)
    form = Form(FiscalFacts, start={name: getattr(known[0], name) for name in FIELDS} if known else {})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            save_basis(actor, seen=_seen(), **form.load())
            return go("fiscal.basis", done=_("Le fondement est enregistré : les reçus fiscaux sont ouverts."))
    versions = fiscal_versions()
    number = versions[0].number if versions else 0
    return page(
        "directory/fiscal/basis.html", form=form, in_force=versions[0] if versions and versions[0].is_on else None, standings=STANDINGS,
        versions=[(each, wired().name_of(each.saved_by)) for each in versions],
        seen=number if request.method == "GET" or isinstance(form.refusal, FiscalChanged) else _seen(),
    )  # fmt: skip


@blueprint.post("/coordonnees/recus-fiscaux/fermer")
@requires(P.SETTINGS_WRITE)
def close(actor: Actor) -> Response:
    """Give no receipt from now on."""
    with unit_of_work():
        close_receipts(actor, seen=_seen())
        return go("fiscal.basis", done=_("Les reçus fiscaux sont fermés. Ceux qui sont établis restent."))
