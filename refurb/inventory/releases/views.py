"""The pages of a donation's release list: what is asked, the file for each console, what was proven."""

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.donor import has_email
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.models.donations import Donation
from refurb.inventory.releases.actions import NothingToRelease, ask_releases, prove_releases
from refurb.inventory.releases.formats import NAMES, file_for, is_writable
from refurb.inventory.releases.queries import ReleaseList, letters_about, releases_of
from refurb.inventory.releases.schemas import AskedLocks, ProvenReleases
from refurb.inventory.words.releases import LOCKS, RELEASE_PROOFS, Lock
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

P = Permission


def console_file(listed: ReleaseList, word: str) -> Response:
    """The file for one console: the serials that are not proven to be free. Raises `NotFound` where it has none."""
    lock = Lock(word) if word in set(Lock) else None
    rows = [each for each in listed.by_lock.get(lock, ()) if each.proven_at is None] if lock else []
    if lock is None or not rows:
        raise NotFound
    name, mimetype = NAMES[lock]
    return download(file_for(lock, [(each.serial, each.manufacturer, each.model) for each in rows]), name, mimetype, inline=False)


def _page(donation: Donation, asking: Form, proving: Form) -> Response:
    listed = releases_of(donation)
    people = names_of({each.proven_by for each in listed.all if each.proven_by})
    return page(
        "inventory/releases/releases.html", status=max(asking.status, proving.status), donation=donation, listed=listed, asking=asking,
        proving=proving, locks=LOCKS, proofs=RELEASE_PROOFS, people=people, is_writable=is_writable, letters=letters_about(donation),
        has_address=has_email(donation),
    )  # fmt: skip


@blueprint.route("/dons/<reference>/liberations", methods=["GET", "POST"])
@requires(P.DONATION_READ)
def donation_releases(actor: Actor, reference: str) -> Response:
    """The list; posting asks for consoles more."""
    found = donation_by_reference(actor, reference)
    form = Form(AskedLocks, field_of={NothingToRelease: "locks"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            count = ask_releases(actor, found, **form.load())
            done = _n("%(num)s ligne ajoutée.", "%(num)s lignes ajoutées.", count)
            return go("inventory.donation_releases", done=done, reference=found.reference)
        found = donation_by_reference(actor, reference)
    return _page(found, form, Form(ProvenReleases))


@blueprint.post("/dons/<reference>/liberations/preuves")
@requires(P.DEVICE_FLAG)
def donation_releases_prove(actor: Actor, reference: str) -> Response:
    """Note by what machines are known to be free."""
    found = donation_by_reference(actor, reference)
    form = Form(ProvenReleases)
    with form.catching(), unit_of_work():
        count = prove_releases(actor, found, **form.load())
        done = _n("%(num)s machine libérée.", "%(num)s machines libérées.", count)
        return go("inventory.donation_releases", done=done, reference=found.reference)
    return _page(donation_by_reference(actor, reference), Form(AskedLocks), form)


@blueprint.get("/dons/<reference>/liberations/<lock>")
@requires(P.DONATION_READ)
def donation_releases_file(actor: Actor, reference: str, lock: str) -> Response:
    """The file that one console takes."""
    return console_file(releases_of(donation_by_reference(actor, reference)), lock)
