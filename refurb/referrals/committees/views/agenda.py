"""The agenda: made, added to, a proposal changed, a file taken off."""

from flask import g, request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.referrals.cases.queries.waiting import ready_count
from refurb.referrals.committees.actions.agenda import add_file, change_proposal, drop_file, make_agenda
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.queries import agenda_of, committee_for, line_among, postponed
from refurb.referrals.committees.schemas import MOST_FILES, AgendaAsked, FileAdded, ProposalChanged
from refurb.referrals.committees.shown import proposal_said, reasons_now
from refurb.referrals.committees.views.plans import SECTION
from refurb.referrals.models import Referral

P = Permission
_USUAL = 40


def file_of(actor: Actor, reference: str) -> Referral:
    """The referral that somebody typed; `Invalid` beside its field where there is none."""
    try:
        return referral_for(actor, reference.strip().upper())
    except NotFound:
        raise Invalid({"reference": [Fault("committee.no_such_file")]}) from None


@blueprint.route("/commissions/<int:number>/ordre-du-jour", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_agenda(actor: Actor, number: int) -> Response:
    """Make the agenda from the waiting order, within stock and quotas."""
    g.section = SECTION
    found = committee_for(actor, number)
    form = Form(AgendaAsked, start={"most": min(_USUAL, MOST_FILES)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            count = make_agenda(actor, found, **form.load())
            done = _n("%(num)s dossier à l'ordre du jour.", "%(num)s dossiers à l'ordre du jour.", count)
            return go("referrals.committee", done=done, number=number)
        found = committee_for(actor, number)
    return page("referrals/committees/agenda.html", form=form, committee=found, ready=ready_count())


@blueprint.route("/commissions/<int:number>/dossiers/ajouter", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_add(actor: Actor, number: int) -> Response:
    """Put a file on the agenda besides, with a reason."""
    g.section = SECTION
    found = committee_for(actor, number)
    form = Form(FileAdded)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            line = add_file(actor, found, file_of(actor, told["reference"]), because=told["because"])
            done = _("%(reference)s est à l'ordre du jour.", reference=line.referral.reference)
            return go("referrals.committee", done=done, number=number)
        found = committee_for(actor, number)
    return page("referrals/committees/add.html", form=form, committee=found)


def _proposal_page(found: Committee, position: int, form: Form | None = None) -> Response:
    lines = agenda_of(found)
    line = line_among(lines, position)
    return page(
        "referrals/committees/proposal.html",
        form=form or Form(ProposalChanged, start={"verdict": line.proposal}),
        committee=found,
        line=line,
        proposal=proposal_said(line, lines),
        reasons=reasons_now(line, postponed([line])),
    )


@blueprint.route("/commissions/<int:number>/dossiers/<int:position>/proposition", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_proposal(actor: Actor, number: int, position: int) -> Response:
    """Propose otherwise than the rule does."""
    g.section = SECTION
    found, form = committee_for(actor, number), None
    if request.method == "POST":
        form = Form(ProposalChanged)
        with form.catching(), unit_of_work():
            line = line_among(agenda_of(found), position)
            change_proposal(actor, found, line, **form.load())
            done = _("Proposition changée : %(reference)s.", reference=line.referral.reference)
            return go("referrals.committee", done=done, number=number)
        found = committee_for(actor, number)
    return _proposal_page(found, position, form)


@blueprint.post("/commissions/<int:number>/dossiers/<int:position>/sortir")
@requires(P.REFERRAL_DECIDE)
def committee_drop(actor: Actor, number: int, position: int) -> Response:
    """Take a file off the agenda."""
    g.section = SECTION
    found = committee_for(actor, number)
    form = Form(ProposalChanged)
    with form.catching(), unit_of_work():
        line = line_among(agenda_of(found), position)
        reference = line.referral.reference
        drop_file(actor, found, line)
        return go("referrals.committee", done=_("%(reference)s n'est plus à l'ordre du jour.", reference=reference), number=number)
    return _proposal_page(committee_for(actor, number), position, form)
