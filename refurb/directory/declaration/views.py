"""The page where the declaration of accessibility is made; what the public reads of it stands with the public pages."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from refurb.directory.declaration.actions import DeclarationChanged, declare_accessibility
from refurb.directory.declaration.models import AccessibilityDeclaration
from refurb.directory.declaration.queries import declarations
from refurb.directory.declaration.schemas import DeclarationFacts
from refurb.directory.declaration.standing import MENTIONS, conformity_of
from refurb.directory.letterhead.views import number_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("declaration", __name__)
P = Permission


@blueprint.route("/accessibilite/declaration", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def declare(actor: Actor) -> Response:
    """Say what an audit found; the public page says it from then on."""
    form = Form(DeclarationFacts, start=_start(declarations()))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_accessibility(actor, seen=number_of(request.form.get("seen", "0")), **form.load())
            return go("declaration.declare", done=_("La déclaration est publiée."))
    versions = declarations()
    is_told = isinstance(form.refusal, DeclarationChanged) or request.method == "GET"
    number = versions[0].number if versions else 0
    return page(
        "directory/declaration/declare.html",
        form=form,
        seen=number if is_told else number_of(request.form.get("seen", "0")),
        versions=[(each, MENTIONS[conformity_of(each, today())], wired().name_of(each.saved_by)) for each in versions],
        mention=MENTIONS[conformity_of(versions[0] if versions else None, today())],
    )


def _start(versions: list[AccessibilityDeclaration]) -> dict[str, Any]:
    """What the form begins with: the version asked for or in force; else today's date alone."""
    asked = number_asked("version")
    known = next((each for each in versions if each.number == asked), versions[0] if versions else None)
    return {name: getattr(known, name) for name in DeclarationFacts().fields} if known else {"declared_on": today()}
