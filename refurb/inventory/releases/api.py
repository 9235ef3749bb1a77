"""The JSON door of a donation's release list: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response

from refurb.inventory.blueprint import api
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.models.donations import Donation
from refurb.inventory.releases.actions import ask_releases, prove_releases
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.releases.schemas import AskedLocks, ProvenReleases
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


def _row(each: Release) -> dict[str, Any]:
    said, proven = each.said_at, each.proven_at
    return {
        "number": each.id,
        "lock": each.lock,
        "serial": each.serial,
        "said_at": said.isoformat() if said else None,
        "proven_at": proven.isoformat() if proven else None,
        "proof": each.proof,
    }


def _listed(donation: Donation) -> Response:
    listed = releases_of(donation)
    return answer({"pending": listed.pending, "without_serial": listed.nameless, "releases": [_row(each) for each in listed.all]})


@api.route("/donations/<reference>/releases", methods=["GET"])
@requires(P.DONATION_READ)
def releases_json(actor: Actor, reference: str) -> Response:
    """What the donor has to release, console by console."""
    return _listed(donation_by_reference(actor, reference))


@api.route("/donations/<reference>/releases", methods=["POST"])
@requires(P.DONATION_WRITE)
def releases_ask_json(actor: Actor, reference: str) -> Response:
    """List the serials to release from some consoles: « locks », among autopilot, apple, absolute, bios."""
    facts = load(AskedLocks, json_body())
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        ask_releases(actor, donation, **facts)
        return _listed(donation)


@api.route("/donations/<reference>/releases/proofs", methods=["POST"])
@requires(P.DEVICE_FLAG)
def releases_prove_json(actor: Actor, reference: str) -> Response:
    """Note by what machines are known to be free: the « numbers » of the lines, the « proof », a « note »."""
    facts = load(ProvenReleases, json_body())
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        prove_releases(actor, donation, **facts)
        return _listed(donation)
