"""The blueprint on which every page of ceremonies hangs."""

from flask import Blueprint, g

SECTION = "referrals.handovers"

blueprint = Blueprint("ceremonies", __name__)


@blueprint.before_request
def mark_section() -> None:
    """Ceremonies are reached from the hand-overs, in the navigation too."""
    g.section = SECTION
