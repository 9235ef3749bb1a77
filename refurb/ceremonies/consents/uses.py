"""Write down where something that shows people was put, and take it down; nobody is shown without a consent that lives."""

from collections.abc import Sequence
from datetime import date

from refurb.ceremonies.consents.actions import tell
from refurb.ceremonies.consents.models import Consent, ConsentGrant, MaterialUse
from refurb.ceremonies.consents.queries import live_grant, uses_by
from refurb.ceremonies.consents.rules import InReport, NoLiveConsent, NotDown, TakenDownAlready
from refurb.ceremonies.consents.words import ConsentChannel, ConsentTelling, Showing
from refurb.ceremonies.models import Ceremony
from refurb.documents.models import PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now


def record_use(
    actor: Actor,
    ceremony: Ceremony,
    *,
    what: str,
    channel: ConsentChannel,
    showing: Showing,
    spot: str,
    keeper: str,
    published_on: date,
    persons: Sequence[Consent],
) -> MaterialUse:
    """Say what was put where, of whom. Raises `NoLiveConsent` with the names of those who have not agreed to it."""
    check(actor, Permission.CEREMONY_WRITE)
    for each in sorted(persons, key=lambda consent: consent.id):  # Held, so that nobody withdraws meanwhile.
        lock(each)
    grants = [live_grant(each, channel, showing, published_on) for each in persons]
    missing = [each.name for each, grant in zip(persons, grants, strict=True) if grant is None]
    if missing or not persons:
        raise NoLiveConsent(names=", ".join(missing))
    made = MaterialUse(
        ceremony=ceremony, what=what, channel=channel, showing=showing, spot=spot, keeper=keeper, published_on=published_on,
        recorded_by=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made.grants = [each for each in grants if each is not None]
    db.session.flush()
    record(made, "shown", actor, channel=channel.value, showing=showing.value)
    return made


def take_down(actor: Actor, use: MaterialUse) -> None:
    """Say that it hangs nowhere any more; whoever had withdrawn is told once all of hers is down. Raises `TakenDownAlready`, `InReport`."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(use)
    if use.taken_down_at is not None:
        raise TakenDownAlready
    if is_quoted_in_force(use):
        raise InReport(reference=use.spot)
    use.taken_down_at, use.taken_down_by = now(), actor.id
    record(use, "taken_down", actor)
    db.session.flush()
    for consent in {each.consent for each in use.grants if each.withdrawn_at is not None}:
        if not hers_to_take_down(consent):
            tell(consent, ConsentTelling.DONE)


def is_quoted_in_force(use: MaterialUse) -> bool:
    """Whether it is a quote in a report that holds: it cannot be taken down, the report is replaced."""
    if use.showing is not Showing.CEREMONY_REPORT:
        return False
    standing = in_force(papers_about(use.ceremony), PaperKind.CEREMONY)
    return standing is not None and standing.reference == use.spot


def hers_to_take_down(consent: Consent) -> list[MaterialUse]:
    """What still shows somebody against her will."""
    return [each for each in uses_by(consent) if each.taken_down_at is None and any(_is_hers(grant, consent) for grant in each.grants)]


def _is_hers(grant: ConsentGrant, consent: Consent) -> bool:
    return grant.consent_id == consent.id and grant.withdrawn_at is not None


def hang_again(actor: Actor, use: MaterialUse) -> None:
    """It is not down, after all. Raises `NotDown` where nobody said that it was."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(use)
    if use.taken_down_at is None:
        raise NotDown
    use.taken_down_at = use.taken_down_by = None
    record(use, "not_down", actor)
