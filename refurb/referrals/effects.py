"""What follows the moves of a referral: the mail that tells its author to look, without a name in it."""

from flask import current_app
from flask_babel import force_locale

from refurb.accounts.models import Account
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import effect
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.mail import Letter, send
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.referrals.models import Referral
from refurb.referrals.states import TELL_PRESCRIBER, referral_machine


def letter_to_prescriber(referral: Referral, account: Account) -> Letter:
    """The reference, where it stands, and the address to look: nothing that names or describes the person."""
    card, happened = home(), last_event(referral)
    with force_locale(account.language):
        word = str(referral_machine.looks[referral.state].word)
        text = current_app.jinja_env.get_template("referrals/prescriber_mail.txt").render(
            reference=referral.reference,
            word=word,
            url=f"{current_app.config['BASE_URL']}/orientations/{referral.reference}",
            home=card,
        )
        subject = _("Orientation %(reference)s : %(state)s", reference=referral.reference, state=word)
    return Letter(
        key=f"{TELL_PRESCRIBER}-{referral.id}-{happened.position if happened else 0}",
        to=account.email,
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=account.language,
    )


@effect(TELL_PRESCRIBER, _l("Nouvelle d'une orientation à sa structure"))
def tell_prescriber(*, subject_kind: str, subject_id: int) -> None:
    """Tell whoever wrote the referral where it stands now; nobody is told who left, or who sits in the office and knows."""
    del subject_kind
    referral = db.session.get(Referral, subject_id)
    if referral is None:
        raise NotFound
    account = referral.prescriber
    if not account.is_active or account.role is not Role.PRESCRIBER:
        return
    letter = letter_to_prescriber(referral, account)
    db.session.rollback()  # A slow mail server holds no transaction open.
    send(letter)
