"""The pages of borrowers: the list, a new one, one with loans and card."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home, organisations
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.labels.printing import Label, printed
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import address
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number
from refurb.lending.actions.borrowers import register_borrower
from refurb.lending.models import Borrower
from refurb.lending.queries.borrowers import borrower_by_code, borrowers
from refurb.lending.queries.loans import days_late, loans_of
from refurb.lending.schemas import NewBorrower
from refurb.lending.states import loan_machine
from refurb.lending.views.blueprint import blueprint

P = Permission


@blueprint.get("/emprunteurs")
@requires(P.BORROWER_READ)
def borrower_list(actor: Actor) -> Response:
    """Everybody who borrows, by name."""
    typed = request.args.get("q", "").strip()[:100]
    return page("lending/borrowers.html", found=borrowers(actor, typed, page_number()), typed=typed)


def _organisation_choices() -> list[tuple[str, Any]]:
    return [("", _("Non, pour elle-même ou son foyer")), *((str(each.id), each.name) for each in organisations())]


@blueprint.route("/emprunteurs/nouveau", methods=["GET", "POST"])
@requires(P.BORROWER_WRITE)
def new_borrower(actor: Actor) -> Response:
    """Somebody who has never borrowed here."""
    form = Form(NewBorrower, start={"name": request.args.get("nom", "")[:160]}, choices={"organisation_id": _organisation_choices()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            found = register_borrower(actor, **form.load())
            return go("lending.borrower", done=_("Carte créée pour %(name)s.", name=found.name), code=found.code)
        form.choices = {"organisation_id": _organisation_choices()}
    return page("lending/borrower_new.html", form=form)


@blueprint.get("/emprunteurs/<code>")
@requires(P.BORROWER_READ)
def borrower(actor: Actor, code: str) -> Response:
    """One borrower: what is out, what was."""
    found = borrower_by_code(actor, code)
    loans = loans_of(found)
    out = [(loan, line) for loan in loans for line in loan.lines if line.back_at is None]
    return page(
        "lending/borrower.html",
        borrower=found,
        out=sorted(out, key=lambda pair: pair[1].due_on),
        past=[loan for loan in loans if all(line.back_at for line in loan.lines)],
        late=sum(1 for _loan, line in out if line.due_on < today()),
        days_late=days_late,
        looks=loan_machine.looks,
        formats=label_formats().values(),
        may_lend=actor.may(P.LOAN_WRITE),
    )


@blueprint.get("/emprunteurs/<code>/carte.pdf")
@requires(P.BORROWER_WRITE)
def borrower_card(actor: Actor, code: str) -> Response:
    """The card to print: its code opens the counter's departure page, and says nothing to anybody else."""
    found = borrower_by_code(actor, code)
    made = label_formats().get(request.args.get("format", "ruban-62"))
    if made is None:
        raise NotFound
    card = Label(
        code=found.code,
        url=address(found.code, current_app.config["BASE_URL"]),
        title=found.name,
        facts=(found.organisation.name,) if found.organisation else (),
        organisation=home().name,
        help_line=_("Carte d'emprunt, à présenter au comptoir."),
    )
    return download(printed([card], made), f"carte-{found.code}.pdf", "application/pdf")


def dump(found: Borrower, _actor: Actor) -> dict[str, Any]:
    """A borrower as the API says it."""
    return {
        "code": found.code,
        "name": found.name,
        "organisation": found.organisation.name if found.organisation else None,
        "phone": spell_phone(found.phone),
        "email": found.email,
        "url": url_for("lending.borrower", code=found.code),
    }
