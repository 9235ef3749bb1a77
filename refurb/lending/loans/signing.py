"""An agreement is signed after its departure: seen or drawn at the desk, or by the link of a letter, void once the loan changed."""

from datetime import date

from sqlalchemy import select

from refurb.directory.letters import page_address
from refurb.documents.erasing import still_said
from refurb.documents.links import LinkBroken, make_addressed_link, open_addressed_link
from refurb.documents.models import PaperKind, SignatureWay, Signing
from refurb.documents.signing import AlreadySigned, call_off, lists_the_same, prepare, sign, signatory, signing_for
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.folding import fold
from refurb.lending.loans.actions import mail_agreement
from refurb.lending.loans.pdf import agreement
from refurb.lending.loans.rules import AllBack, NameDiffers, NoAddress, TextChanged
from refurb.lending.models import Loan
from refurb.lending.words import LoanState

MAIL_TO_SIGN = "mail_agreement_to_sign"

TO_SIGN = "loan to sign"
"""The purpose for which the link is signed: the number of the text that was prepared, and the address of whoever is to sign it."""


def to_sign_link(signing: Signing) -> str:
    """The token that stands in the letter: it opens this very text, and no later one."""
    return make_addressed_link(TO_SIGN, signing.id, _address(signing.id) or "")


def to_sign_address(signing: Signing) -> str:
    """The address in the letter."""
    return page_address(f"/signer-un-pret/{to_sign_link(signing)}")


def opened_to_sign(token: str) -> Signing:
    """Which text a token opens. Raises `LinkBroken`, `LinkExpired`, `PaperForgotten`."""
    found = db.session.get(Signing, open_addressed_link(TO_SIGN, token, _address))
    if found is None:
        raise LinkBroken
    still_said(found)
    return found


def _address(signing_id: int) -> str | None:
    signing = db.session.get(Signing, signing_id)
    loan = db.session.get(Loan, signing.subject_id) if signing is not None and signing.subject_kind == Loan.KIND else None
    return None if loan is None else loan.borrower.email or ""


def sign_loan(
    actor: Actor,
    loan: Loan,
    *,
    way: SignatureWay,
    signature: bytes | None = None,
    signed_on: date | None = None,
    copy: bytes | None = None,
    shown: str | None = None,
) -> Loan:
    """The agreement of a loan is signed: drawn on the screen, or on a copy that the actor has before the eyes; its paper is issued."""
    check(actor, Permission.LOAN_WRITE)
    lock(loan)
    signing = signing_for(loan)
    drawing = signature if way is SignatureWay.DRAWN else None
    loan.paper = sign(actor, signing, loan, drawing=drawing, signed_on=signed_on, copy=copy, shown=shown)
    loan.signature_file = signing.drawing
    record(loan, "signed", actor, way=way, paper=loan.paper.reference, digest=signing.digest)
    mail_agreement(loan)
    return loan


def send_to_sign(actor: Actor, loan: Loan) -> Signing:
    """Send a borrower the link under which the agreement is read and accepted.

    Where the loan changed since its text was prepared, that text is called off and a new one prepared: the link that was sent before opens
    nothing to sign any more.
    """
    check(actor, Permission.LOAN_WRITE)
    lock(loan)
    signing = signing_for(loan)
    if not signing.awaits_signature:
        raise AlreadySigned(reference=signing.paper.reference if signing.paper else signing.reference)
    _is_out(loan)
    if not loan.borrower.email:
        raise NoAddress
    if not is_as_prepared(loan, signing):
        call_off(signing)
        db.session.flush()
        signing = prepare(actor, PaperKind.LOAN, loan, agreement(loan), loan.reference)
    record(loan, "sent_to_sign", actor, digest=signing.digest)
    promised = plan(MAIL_TO_SIGN, loan_id=loan.id, signing_id=signing.id)
    db.session.flush()
    promised.facts = {**promised.facts, "effect_id": promised.id}
    return signing


def letter_to_sign(signing: Signing) -> Effect | None:
    """The last letter that was promised with the link of this text, if any was."""
    about = Effect.facts["signing_id"].as_integer() == signing.id
    return db.session.scalar(select(Effect).where(Effect.kind == MAIL_TO_SIGN, about).order_by(Effect.id.desc()).limit(1))


def is_as_prepared(loan: Loan, signing: Signing) -> bool:
    """Whether the text that waits for its signature lists the things, days, counts and borrower as they are now."""
    return lists_the_same(signing, agreement(loan))


def _is_out(loan: Loan) -> None:
    if loan.state is LoanState.CLOSED:
        raise AllBack(reference=loan.reference)


def accept_by_link(signing: Signing, *, name: str | None, signature: bytes | None, shown: str) -> Loan:
    """Whoever borrows signs by the link of the letter: the name as it stands in the agreement typed, or a drawing; its paper is issued.

    `shown` is the sum of the text that was shown. Refused where it was signed or called off meanwhile, or the loan changed.
    """
    loan = db.session.get_one(Loan, signing.subject_id)
    lock(loan)
    lock(signing)
    if signing.called_off_at is not None or (signing.awaits_signature and not is_as_prepared(loan, signing)):
        raise TextChanged(reference=loan.reference)
    _is_out(loan)
    if signature is None and fold(name or "") not in {fold(loan.borrower.name), fold(signatory(signing))}:
        raise NameDiffers
    loan.paper = sign(SERVICE, signing, loan, drawing=signature, shown=shown, by_link=True)
    loan.signature_file = signing.drawing
    record(loan, "signed", SERVICE, way=signing.way, paper=loan.paper.reference, digest=signing.digest, by_link=True)
    mail_agreement(loan)
    return loan
