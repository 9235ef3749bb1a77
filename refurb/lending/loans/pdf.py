"""What the loan agreement says: a loan for use (prêt à usage, code civil, art. 1875 to 1891), with the condition report at departure."""

from collections.abc import Sequence
from datetime import date

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Heading, Paragraph, Signature, Signatures, Table
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n, day
from refurb.lending.guarantees.models import Certificate, Deposit
from refurb.lending.guarantees.queries import deposits_of, insurances_of, trained_for
from refurb.lending.guarantees.words import CERTIFICATE_KINDS, DEPOSIT_KINDS
from refurb.lending.loans.texts import LOAN_TEXT
from refurb.lending.models import Borrower, ComponentCount, Loan, LoanLine
from refurb.lending.terms import loan_policy
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
            blocks=(*_things(text, lines), *_conditions(text, _said(loan, lines)), _signatures(who)),
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
    funded = map(Paragraph, _funded(lines))
    return Heading(text.say("headings.things")), things, *funded, Heading(text.say("headings.report")), report


def _funded(lines: Sequence[LoanLine]) -> list[str]:
    """Who paid for what, in a sentence for each funder that wants to be named on what speaks of it."""
    named: dict[str, list[str]] = {}
    for line in lines:
        if line.item.funder and line.item.logo_due:
            named.setdefault(line.item.funder, []).append(line.item.name)
    return [_("Financé par %(funder)s : %(things)s.", funder=funder, things=", ".join(things)) for funder, things in named.items()]


def _state(count: ComponentCount) -> str:
    word = str(COMPONENT_STATES[ComponentState(count.state_out)])
    return _("%(state)s : %(note)s", state=word, note=count.note_out) if count.note_out else word


def _conditions(text: Wording, said: Sequence[str]) -> tuple[Block, ...]:
    paragraphs = [text.say(f"conditions.{name}") for name in ("loan_for_use", "care", "loss", "back")]
    return (Heading(text.say("headings.conditions")), *map(Paragraph, [*paragraphs, *said]), Claim(text.say("conditions.no_deposit")))


def _said(loan: Loan, lines: Sequence[LoanLine]) -> list[str]:
    leaving = [(line.item.site_id, line.item.product.category, line.due_on) for line in lines]
    return [*guarantees_said(loan.borrower, local(loan.started_at).date(), leaving), *deposits_said(loan.borrower)]


def guarantees_said(borrower: Borrower, out_on: date, leaving: Sequence[tuple[int, str, date]]) -> list[str]:
    """What was shown for what leaves on a day, by place, category and day of return: each insurance until then, and each training."""
    asked = [(loan_policy().for_whom(borrower.kind, site).terms(category), due_on) for site, category, due_on in leaving]
    insured = [due_on for terms, due_on in asked if terms.insurance]
    said = [_insured(each) for each in insurances_of(borrower, out_on, max(insured))] if insured else []
    trained = {terms.key: terms for terms, _due_on in asked if terms.training}.values()
    trainings = [(each, trained_for(borrower, each.key, out_on)) for each in trained]
    return said + [
        _("Formation suivie, %(name)s : le %(day)s.", name=terms.name, day=day(found.valid_on)) for terms, found in trainings if found
    ]


def _insured(found: Certificate) -> str:
    told = {"kind": str(CERTIFICATE_KINDS[found.kind]), "day": day(found.until_on) if found.until_on else "–"}
    return _("%(kind)s, jusqu'au %(day)s : %(by)s.", **told, by=found.said) if found.said else _("%(kind)s, jusqu'au %(day)s.", **told)


def deposits_said(borrower: Borrower) -> list[str]:
    """What was left though nobody asks for it, each in a sentence, with the régie that holds it."""
    return [
        _("Laissé sans y être obligé, le %(day)s : %(what)s.", day=day(each.left_on), what=deposit_said(each))
        for each in deposits_of(borrower)
    ]


def deposit_said(deposit: Deposit) -> str:
    """What was left, of which sum, and with which régie, in a few words."""
    kind = str(DEPOSIT_KINDS[deposit.kind]).lower()
    if deposit.cents is not None:
        kind = _("%(kind)s de %(sum)s", kind=kind, sum=euros(deposit.cents))
    return _("%(kind)s, régie %(name)s", kind=kind, name=deposit.regie) if deposit.regie else kind


def _signatures(who: str) -> Signatures:
    """The borrower's first: it is the one that is waited for."""
    return Signatures((Signature(_("L'emprunteur"), who, room=True), Signature(_("Pour le prêteur"), home().full_name, room=True)))
