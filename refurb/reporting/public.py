"""The pages that every public service owes its visitors: accessibility, personal data, legal notice, help, contact, site map."""

from typing import Any

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from refurb.directory.declaration.queries import declaration
from refurb.directory.declaration.standing import Conformity, conformity_of, rate_of
from refurb.directory.letterhead.words import LEGAL_FORMS, LegalForm
from refurb.directory.queries import home, home_organisation
from refurb.documents.links import LASTS_DAYS
from refurb.documents.wording import siret
from refurb.kernel.deeds.effects import BACK_OFF
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import page
from refurb.reporting.texts import ACCESSIBILITY_PAGE, CONTACT_PAGE, HELP_PAGE, LEGAL_PAGE, PRIVACY_PAGE, page_samples

blueprint = Blueprint("public", __name__)
_KNOWN_DAYS = 180


def privacy_facts() -> dict[str, Any]:
    """Around what the page about personal data is worded."""
    ours = home_organisation()
    is_public = ours is not None and ours.is_public_body
    return {
        "text": PRIVACY_PAGE.in_force(), "is_public_body": is_public, "link_days": LASTS_DAYS, "known_days": _KNOWN_DAYS,
        "terms": wired().terms, "kept": wired().kept,
    }  # fmt: skip


def legal_facts() -> dict[str, Any]:
    """Around what the legal notice is worded."""
    form = home().legal_form
    return {"text": LEGAL_PAGE.in_force(), "siret": siret, "legal_form": LEGAL_FORMS[LegalForm(form)] if form else None}


def accessibility_facts() -> dict[str, Any]:
    """Around what the declaration of accessibility is worded."""
    declared = declaration()
    state = conformity_of(declared, today())
    audited = declared if declared is not None and declared.audited_on is not None else None
    return {
        "text": ACCESSIBILITY_PAGE.in_force(), "address": current_app.config["BASE_URL"], "declared": declared, "audited": audited,
        "is_in_force": state is not Conformity.UNKNOWN, "is_full": state is Conformity.FULL, "is_partial": state is Conformity.PARTIAL,
        "rate": rate_of(audited) if audited else None,
    }  # fmt: skip


def help_facts() -> dict[str, Any]:
    """Around what the page of help is worded."""
    return {"text": HELP_PAGE.in_force(), "tries": len(BACK_OFF) + 1}


def contact_facts() -> dict[str, Any]:
    """Around what the page of contact is worded."""
    return {"text": CONTACT_PAGE.in_force()}


PAGE_SAMPLES = page_samples(
    {
        LEGAL_PAGE.name: ("_legal_tried", legal_facts),
        PRIVACY_PAGE.name: ("_privacy_tried", privacy_facts),
        ACCESSIBILITY_PAGE.name: ("_accessibility_tried", accessibility_facts),
        HELP_PAGE.name: ("_help_tried", help_facts),
        CONTACT_PAGE.name: ("_contact_said_tried", contact_facts),
    }
)


def _page(template: str) -> Response:
    return page(f"public/{template}.html", home=home())


@blueprint.get("/accessibilite")
@public
def accessibility() -> Response:
    """The declaration of accessibility, in the parts and the order of its model (RGAA 4.1.2; decree 2019-768)."""
    return page("public/accessibility.html", home=home(), **accessibility_facts())


@blueprint.get("/donnees-personnelles")
@public
def privacy() -> Response:
    """What is kept about people, why, for how long, and what they can ask (GDPR articles 13 and 14)."""
    return page("public/privacy.html", home=home(), **privacy_facts())


@blueprint.get("/mentions-legales")
@public
def legal() -> Response:
    """Who publishes (law 2004-575, article 6 III)."""
    return page("public/legal.html", home=home(), **legal_facts())


@blueprint.get("/aide")
@public
def help_page() -> Response:
    """What each of us does here, step by step."""
    return page("public/help.html", home=home(), **help_facts())


@blueprint.get("/contact")
@public
def contact() -> Response:
    """How to reach the territory."""
    return page("public/contact.html", home=home(), **contact_facts())


@blueprint.get("/plan-du-site")
@public
def site_map() -> Response:
    """Every page that somebody may want to find."""
    return _page("site_map")
