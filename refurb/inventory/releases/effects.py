"""The letter that tells a donor what to release, with the file that each console takes, and its one reminder."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.directory.letters import write_letter
from refurb.inventory.devices.actions.held import ASKED, MAIL_RELEASES
from refurb.inventory.donations.donor import LANGUAGE, NoEmail, about_donation, contact_told, donor_url, link_until, recipient_of
from refurb.inventory.models.donations import Donation
from refurb.inventory.releases.queries import ReleaseList, releases_of
from refurb.inventory.releases.texts import DONOR_RELEASES
from refurb.inventory.words.releases import LOCKS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, _n


def releases_letter(donation: Donation, told: str, key: str, link: str | None = None) -> Letter:
    """One of the two letters; `link` stands for the donor's own, where the letter is only looked at."""
    with force_locale(LANGUAGE):
        listed, page = releases_of(donation), f"{link or donor_url(donation)}/liberations"
        return write_letter(
            DONOR_RELEASES, key=key, to=recipient_of(donation), subject=f"{told}.subject", body=f"{told}.body", donation=donation.reference,
            machines=_by_console(listed, page), nameless=_nameless(listed), link=page, until=link_until(), contact=contact_told(),
        )  # fmt: skip


def _by_console(listed: ReleaseList, page: str) -> str:
    """Each console with how many machines are left in it, and where its file is; no serial travels by mail."""
    left = {lock: len([each for each in rows if each.is_open]) for lock, rows in listed.by_lock.items()}
    said = (
        _n("- %(lock)s : %(num)s machine", "- %(lock)s : %(num)s machines", count, lock=LOCKS[lock]) + f"\n  {page}/{lock.value}"
        for lock, count in left.items()
        if count
    )
    return "\n".join(said)


def _nameless(listed: ReleaseList) -> str:
    if not listed.nameless:
        return ""
    return _n(
        "%(num)s machine de votre liste n'a pas de numéro de série : répondez-nous avec le sien, nous l'ajoutons.",
        "%(num)s machines de votre liste n'ont pas de numéro de série : répondez-nous avec le leur, nous les ajoutons.",
        listed.nameless,
    )


def _about(facts: Mapping[str, Any]) -> About | None:
    return about_donation(db.session.get(Donation, facts["donation_id"]))


@letter(MAIL_RELEASES, _l("Machines à libérer, dit au donateur"), _about)
def mail_donor_releases(*, donation_id: int, first: int, told: str) -> Letter:
    """Tell what is new since the letter before, with all that is still open; a reminder where something is neither said nor proven."""
    donation = db.session.get(Donation, donation_id)
    if donation is None:
        raise NotFound
    opened = [each for each in releases_of(donation).all if each.is_open]
    is_due = any(each.id >= first for each in opened) if told == ASKED else bool(opened) and not _is_told_later(donation, first)
    if donation.state.will_not_come or not is_due:
        raise NotTold
    try:
        return releases_letter(donation, told, f"{MAIL_RELEASES}-{donation_id}-{first}-{told}")
    except NoEmail as error:
        raise NobodyToWriteTo from error


def _is_told_later(donation: Donation, first: int) -> bool:
    """Whether a later letter tells the list: its own reminder is the one that counts."""
    letters = select(Effect.id).where(Effect.kind == MAIL_RELEASES, Effect.facts["donation_id"].as_integer() == donation.id)
    return db.session.scalar(letters.where(Effect.facts["first"].as_integer() > first).limit(1)) is not None
