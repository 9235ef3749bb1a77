"""What the loan agreement says: a loan for use (prêt à usage, code civil, art. 1875 to 1891), with the condition report at departure."""

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Heading, Paragraph, Signature, Signatures, Table
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n, day
from refurb.lending.loans.texts import LOAN_TEXT
from refurb.lending.models import Borrower, ComponentCount, Loan, LoanLine
from refurb.lending.words import COMPONENT_STATES, ComponentState
from refurb.lending.worth import euros, worth


def agreement(loan: Loan) -> Draft:
    """The agreement of a loan, as it stands when the things leave, to be signed. In French, the language of the act, whoever prints it."""
    with force_locale("fr"):
        text = LOAN_TEXT.in_force()
        who = borrower_named(loan.borrower)
        lines = list(loan.lines)
        what = _n("%(num)s matériel", "%(num)s matériels", len(lines))
        last = max(line.due_on for line in lines)
        return Draft(
            title=text.say("title"),
            lead=text.say(
                "lead",
                issuer=home().full_name,
                who=who,
                units=what,
                first=day(local(loan.started_at).date()),
                last=day(last),
            ),
            blocks=(*_things(text, lines), *_conditions(text), _signatures(who)),
            strong=(who, what, day(last)),
            wording=text.version,
        )


def borrower_named(borrower: Borrower) -> str:
    """A borrower as a paper names one: the person, and the organisation this person borrows for."""
    if borrower.organisation is None:
        return borrower.name
    return _("%(name)s, pour %(organisation)s", name=borrower.name, organisation=borrower.organisation.name)


def _things(text: Wording, lines: list[LoanLine]) -> tuple[Block, ...]:
    things = Table(
        _("Matériel prêté"),
        (Column(_("Code"), mono=True, width=28), Column(_("Matériel")), Column(_("À rendre le"), "end", 42)),
        tuple((spell(line.item.code), line.item.name, day(line.due_on)) for line in lines),
    )
    counts = [(line, count) for line in lines for count in line.counts]
    report = Table(
        _("État des lieux au départ"),
        (
            Column(_("Matériel")),
            Column(_("Élément compté")),
            Column(_("Présents"), "end", 20),
            Column(_("État"), width=38),
            Column(_("Valeur à l'unité"), "end", 26),
        ),
        tuple(
            (
                line.item.name,
                count.name,
                _("%(here)s sur %(all)s", here=count.quantity_out, all=count.quantity_expected),
                _state(count),
                euros(count.value_cents),
            )
            for line, count in counts
        ),
        (_("Valeur de remplacement"), "", "", "", worth((count.value_cents, count.quantity_out) for _line, count in counts)),
    )
    return Heading(text.say("headings.things")), things, Heading(text.say("headings.report")), report


def _state(count: ComponentCount) -> str:
    word = str(COMPONENT_STATES[ComponentState(count.state_out)])
    return _("%(state)s : %(note)s", state=word, note=count.note_out) if count.note_out else word


def _conditions(text: Wording) -> tuple[Block, ...]:
    paragraphs = (Paragraph(text.say(f"conditions.{name}")) for name in ("loan_for_use", "care", "loss", "back"))
    return (Heading(text.say("headings.conditions")), *paragraphs, Claim(text.say("conditions.no_deposit")))


def _signatures(who: str) -> Signatures:
    """The borrower's first: it is the one that is waited for."""
    return Signatures((Signature(_("L'emprunteur"), who, room=True), Signature(_("Pour le prêteur"), home().full_name, room=True)))
