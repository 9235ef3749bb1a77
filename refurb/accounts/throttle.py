"""How soon somebody may try to sign in again: tries that fail are slowed, each in its lane, so that nobody holds up anybody else.

A lane is an account seen from one place: from a browser in which it signed in before, else from one address. A stranger who guesses,
next door or far away, is in another lane than the person whose account it is (OWASP, *device cookies*). An address has a lane of its own,
wider, for whoever tries one password on many accounts; browsers that are known are not in it.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, String, db, insert_into
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.terms import Term
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l
from refurb.kernel.web.brake import neighbourhood

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 30
"""Of everybody at one address whose browser is not known; those that succeed are given back."""
LONGEST_WAIT = 60
"""Seconds. Longer would keep out whoever has forgotten; at one guess a minute twelve letters hold for ever (CNIL 2022-100)."""
FORGOTTEN_AFTER = timedelta(minutes=15)


class TooManyTries(Refusal):
    """Signing in failed too often lately in this lane; after `seconds` it may be tried again."""

    code = "account.too_many_tries"
    status = 429


class SignInLane(Base):
    """The tries of one lane since it was quiet; which account and which place is a keyed hash."""

    __tablename__ = "sign_in_lanes"

    lane: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(index=True)
    open_at: Mapped[datetime]


def lane_of(email: str, place: str, browser: str | None = None, deed: str = "") -> str:
    """The lane of an account seen from a place: an address, or a browser in which it signed in before; tries at another `deed` apart."""
    where = f"browser {browser}" if browser else f"address {neighbourhood(place)}"
    text = f"{email.strip().lower()}\n{where}" + (f"\n{deed}" if deed else "")
    return hmac.new(key_for("sign-in lanes").encode(), text.encode(), "sha256").hexdigest()


def lane_of_address(place: str) -> str:
    """The lane of an address, whatever the account."""
    return lane_of("", place)


def wait_of(tries: int, free: int = FREE_TRIES) -> int:
    """The seconds to wait after so many tries."""
    return 0 if tries < free else min(LONGEST_WAIT, 2 ** min(tries - free, 10))


def count_try(lane: str, free: int = FREE_TRIES) -> int:
    """Count a try before its password is looked at, so that those who come together count too; or the seconds that it has to wait.

    One that has to wait is not counted. The unit of work holds the lane's row, and is over before the hash is computed.
    """
    instant = now()
    first = insert_into(SignInLane).values(lane=lane, tries=0, last_at=instant, open_at=instant)
    db.session.execute(first.on_conflict_do_nothing())
    found = db.session.get_one(SignInLane, lane, with_for_update=True)
    if found.last_at < instant - FORGOTTEN_AFTER:
        found.tries = 0
    elif found.open_at > instant:
        return int((found.open_at - instant).total_seconds()) + 1
    found.tries += 1
    found.last_at, found.open_at = instant, instant + timedelta(seconds=wait_of(found.tries, free))
    return 0


def count_tries(lanes: Mapping[str, int]) -> None:
    """Count a try in each lane, with its free tries; raises `TooManyTries`, and the unit of work counts in none, when one has to wait."""
    for lane, free in lanes.items():
        if seconds := count_try(lane, free):
            raise TooManyTries(seconds=seconds)


def give_back(lane: str) -> None:
    """Take back the try of somebody who has come in: those who wait behind the same address may go on, what others tried stays counted."""
    counted = SignInLane.lane == lane, SignInLane.tries > 0
    db.session.execute(update(SignInLane).where(*counted).values(tries=SignInLane.tries - 1, open_at=now()))


def clear_lane(lane: str) -> None:
    """Forget the tries of a lane whose person has come in."""
    db.session.execute(delete(SignInLane).where(SignInLane.lane == lane))


forget_lanes = Term(
    key="accounts.sign_in_lanes",
    who=_l("Personne qui essaie de se connecter"),
    what=_l("nombre d'essais ; le compte et le lieu ne sont qu'une empreinte"),
    lasts=FORGOTTEN_AFTER,
    model=SignInLane,
    past=lambda: SignInLane.last_at < now() - FORGOTTEN_AFTER,
    hourly=True,
)
