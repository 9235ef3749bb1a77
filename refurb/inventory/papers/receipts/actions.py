"""Note what a gift is worth, as its donor declares or whoever receives has checked; issue its receipt; note that a year is declared.

Knowingly given without right, a receipt is fined (CGI, article 1740 A): each deed asks for the legal basis first.
"""

from typing import Any

from refurb.directory.fiscal.models import FiscalBasis
from refurb.directory.fiscal.queries import fiscal_basis
from refurb.directory.letterhead.models import Letterhead
from refurb.directory.letterhead.queries import letterhead, signatory_of
from refurb.directory.models import Organisation
from refurb.documents.actions import Draft, issue, says_the_same
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.rules import gift_is_accepted
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NothingChanged, NothingToAttest
from refurb.inventory.papers.label_codes import without_label_codes
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.papers.receipts.models import GiftValuation, ReceiptDeclaration, TaxReceipt
from refurb.inventory.papers.receipts.pdf import postal_lines, tax_receipt
from refurb.inventory.papers.receipts.queries import declaration_of, is_forgotten, live_receipt, total_of, valuation_of, was_forgotten
from refurb.inventory.papers.receipts.words import ARTICLE_OF, VALUER_OF, Article, ValuedBy
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class NoFiscalBasis(Conflict):
    """Nobody has entered why this territory may give receipts, or it was closed."""

    code = "receipt.no_basis"


class NoReceiptForThis(Conflict):
    """There are receipts of what companies and private persons give, and of nothing else."""

    code = "receipt.not_for_this"


class ArticleClosed(Conflict):
    """The legal basis is for the other kind of donor."""

    code = "receipt.article_closed"


class NotValued(Conflict):
    """Nobody has said what the gift is worth: a company in writing, or whoever receives for a private person's."""

    code = "receipt.not_valued"


class ReceiptForgotten(Conflict):
    """The receipt of this gift was given, and forgotten at its term: a second one would be given without right."""

    code = "receipt.forgotten"


class NothingKept(Conflict):
    """Nothing of what came was kept: nothing was given."""

    code = "receipt.nothing_kept"


class DonorIncomplete(Conflict):
    """The form asks for more of the donor than is on record: the whole address, and of a company its SIREN."""

    code = "receipt.donor_incomplete"


class IssuerIncomplete(Conflict):
    """The form asks for more of the issuer than the letterhead says: its street, its SIRET or RNA."""

    code = "receipt.issuer_incomplete"


class NobodySigns(Conflict):
    """A receipt is signed by somebody who was named to: nobody is, today."""

    code = "receipt.nobody_signs"


class YearGoesOn(Conflict):
    """A year is declared once it is over."""

    code = "receipt.year_goes_on"


class YearForgotten(Conflict):
    """The receipts of the year were forgotten at their term: what the register says of it by now is not what was given."""

    code = "receipt.year_forgotten"


_TOLD = {ValuedBy.DONOR: ("method", "donor_form", "told_on"), ValuedBy.RECEIVER: ("basis", "told_on")}


def article_for(donation: Donation) -> Article:
    """By which article a gift may have a receipt. Raises `NoFiscalBasis`, `NoReceiptForThis`, `ArticleClosed`."""
    return _article(donation)[0]


def may_have_receipt(donation: Donation) -> bool:
    """Whether receipts are given of such a gift at all."""
    try:
        article_for(donation)
    except Conflict:
        return False
    return True


def _article(donation: Donation) -> tuple[Article, FiscalBasis]:
    basis = fiscal_basis()
    if basis is None:
        raise NoFiscalBasis
    article = ARTICLE_OF.get(donation.legal_origin)
    if article is None or donation.donor.is_home:
        raise NoReceiptForThis
    if not (basis.companies if article is Article.COMPANIES else basis.individuals):
        raise ArticleClosed
    return article, basis


def value_gift(actor: Actor, donation: Donation, *, cents: int, letter: bytes | None = None, **facts: Any) -> GiftValuation:
    """Note what a gift is worth; what was said before is withdrawn.

    A company's `letter` is kept, and another figure needs another letter. `facts` are those of `CompanyValue` or of `PersonValue`.
    Raises `NoFiscalBasis`, `NoReceiptForThis`, `ArticleClosed`, `Invalid`.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    article = article_for(donation)
    if donation.received_on is None:
        raise NothingToAttest(reference=donation.reference)
    valued_by, former = VALUER_OF[article], valuation_of(donation)
    if cents <= 0:
        raise Invalid({"euros": [Fault("receipt.nothing_worth")]})
    if valued_by is ValuedBy.DONOR and letter is None:
        raise Invalid({"file": [Fault("receipt.no_letter")]})
    told = {name: facts.get(name) for name in _TOLD[valued_by]}
    if None in told.values():  # What comes in is of the other kind of donor.
        raise NoReceiptForThis
    if former is not None:
        former.withdrawn_at = now()
        db.session.flush()
    digest = keep(letter) if letter and valued_by is ValuedBy.DONOR else None
    made = GiftValuation(
        donation_id=donation.id, cents=cents, valued_by=valued_by, letter=digest, noted_at=now(), noted_by=actor.id, **told
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record(donation, "gift_valued", actor, valuation=made.id, by=valued_by, letter=digest)
    return made


def refuse_receipt(donation: Donation) -> tuple[Article, FiscalBasis, Letterhead, GiftValuation]:
    """Raise the refusal that says why no receipt can be issued, if anything does; for the button and the deed alike."""
    article, basis = _article(donation)
    if donation.received_on is None:
        raise NothingToAttest(reference=donation.reference)
    gift_is_accepted(donation)
    if was_forgotten(donation):
        raise ReceiptForgotten
    if not arrival_of(donation).received:
        raise NothingKept(reference=donation.reference)
    valuation, head = valuation_of(donation), letterhead()
    if valuation is None or valuation.forgotten_at is not None or valuation.valued_by is not VALUER_OF[article]:
        raise NotValued
    if not _is_complete(donation.donor, article):
        raise DonorIncomplete(donor=donation.donor.name)
    if head is None or not head.street or not head.postcode or not (head.siret or head.rna):
        raise IssuerIncomplete
    if signatory_of(PaperKind.TAX.value, today()) is None:
        raise NobodySigns
    return article, basis, head, valuation


def _is_complete(donor: Organisation, article: Article) -> bool:
    return bool(postal_lines(donor)) and (article is Article.INDIVIDUALS or bool(donor.siren))


def receipt_draft(actor: Actor, donation: Donation, replaces: Paper | None) -> Draft:
    """What the receipt would say now. Raises as `refuse_receipt` does."""
    article, basis, head, valuation = refuse_receipt(donation)
    return without_label_codes(tax_receipt(donation_record(donation), valuation, basis, head, article, actor, replaces))


def is_unchanged(actor: Actor, donation: Donation, standing: Paper) -> bool:
    """Whether a receipt issued now would say nothing that the one that stands does not; the page and the deed ask alike."""
    return says_the_same(standing, receipt_draft(actor, donation, standing.replaces))


def issue_receipt(actor: Actor, donation: Donation) -> Paper:
    """Issue the receipt (RF) of a gift; one that stands and says otherwise is annulled and replaced.

    Raises `NothingChanged`, and as `refuse_receipt` does.
    """
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    article, _basis, _head, valuation = refuse_receipt(donation)
    standing = live_receipt(donation)
    if standing and is_unchanged(actor, donation, standing.paper):
        raise NothingChanged(reference=standing.paper.reference)
    replaced = standing.paper if standing else None
    paper = issue(actor, PaperKind.TAX, donation, receipt_draft(actor, donation, replaced), replaces=replaced)
    if standing:
        standing.ended_at = now()
    db.session.flush()
    assert donation.received_on is not None
    line = TaxReceipt(
        paper_id=paper.id, donation_id=donation.id, valuation_id=valuation.id, article=article, cents=valuation.cents,
        given_on=donation.received_on, issued_on=paper.issued_on, donor=donation.donor.name,
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    record(donation, "issue_paper", actor, reference=paper.reference, replaces=replaced.reference if replaced else None)
    return paper


def note_declared(actor: Actor, year: int) -> ReceiptDeclaration:
    """Note that what the register says of a year was declared; said again, it is what stands by now.

    Raises `YearGoesOn`, `YearForgotten`.
    """
    check(actor, Permission.PAPER_ISSUE)
    if year >= today().year:
        raise YearGoesOn(year=year)
    if is_forgotten(year):
        raise YearForgotten(year=year)
    total = total_of(year)
    found = declaration_of(year) or ReceiptDeclaration(year=year)
    found.receipts, found.cents, found.declared_on, found.noted_by = total.receipts, total.cents, today(), actor.id
    db.session.add(found)
    db.session.flush()
    record(found, "receipts_declared", actor, year=year, receipts=total.receipts, cents=total.cents)
    return found


def forget_letter(valuation: GiftValuation) -> None:
    """At the term: the letter goes, and what was written of how the value was found."""
    let_go([valuation.letter])
    valuation.letter, valuation.basis = None, "–" if valuation.basis is not None else None
    valuation.forgotten_at = now()
