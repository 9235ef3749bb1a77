"""Tells whoever asked machines for an organisation what became of it, and when what is reserved soon is not any more."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.accounts.models import Account
from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l, day
from refurb.referrals.cases.readers import Reader
from refurb.referrals.endowed import Endowment, EndowmentState
from refurb.referrals.endowments.actions import TELL_END
from refurb.referrals.endowments.states import TELL_ENDOWMENT, endowment_machine
from refurb.referrals.endowments.texts import ENDOWMENT_NEWS


def _reader(endowment: Endowment) -> Reader | None:
    """Whoever asked, while she has an account; else the address of the organisation."""
    account = db.session.get(Account, endowment.asked_by)
    if account is not None and account.is_active:
        return Reader(account.email, account.language)
    return Reader(endowment.organisation.email, "fr") if endowment.organisation.email else None


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Endowment, facts.get("endowment_id") or facts.get("subject_id"))
    if found is None:
        return None
    reader = _reader(found)
    return About(found.reference, f"/dotations/{found.reference}", reader.address if reader else None, Permission.REFERRAL_DECIDE)


def news_of_endowment(endowment: Endowment, key: str, to: str) -> Letter:
    """Where a request stands, in the language of the moment."""
    return write_letter(
        ENDOWMENT_NEWS, key=key, to=to, state=str(endowment_machine.looks[endowment.state].word).lower(), **_named(endowment)
    )


def end_of_reservation(endowment: Endowment, key: str, to: str) -> Letter:
    """Until when its machines are reserved, in the language of the moment."""
    assert endowment.held_until is not None, "it is granted"
    until = day(endowment.held_until)
    return write_letter(ENDOWMENT_NEWS, key=key, to=to, subject="end_subject", body="end", until=until, **_named(endowment))


def _named(endowment: Endowment) -> dict[str, Any]:
    link = page_address(f"/dotations/{endowment.reference}")
    return {"reference": endowment.reference, "organisation_named": endowment.organisation.name, "link": link}


@letter(TELL_ENDOWMENT, _l("Nouvelle d'une demande d'appareils à sa structure"), _about)
def tell_endowment(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell whoever asked what the request came to by an event."""
    del subject_kind
    found = db.session.get(Endowment, subject_id)
    if found is None:
        raise NotTold
    refuse_overtaken(found, event)
    reader = _reader(found)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        return news_of_endowment(found, f"{TELL_ENDOWMENT}-{found.id}-{event or 0}", reader.address)


@letter(TELL_END, _l("Fin prochaine d'une réservation, à la structure"), _about)
def tell_end(*, endowment_id: int, until: str) -> Letter:
    """Tell whoever asked that what is reserved soon is not any more, unless it was fetched or decided anew."""
    found = db.session.get(Endowment, endowment_id)
    if found is None or found.state is not EndowmentState.GRANTED or found.held_until is None or found.held_until.isoformat() != until:
        raise NotTold
    reader = _reader(found)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        return end_of_reservation(found, f"{TELL_END}-{found.id}-{until}", reader.address)
