"""Thank whoever came, once; and issue the report of the evening, again where it is no longer so."""

from collections.abc import Mapping
from typing import Any

from refurb.ceremonies.after.figures import came_by, evening_of, is_anybody_absent
from refurb.ceremonies.after.pdf import report
from refurb.ceremonies.after.rules import QuoteGone, is_over, nobody_was_thanked
from refurb.ceremonies.consents.models import MaterialUse
from refurb.ceremonies.consents.queries import uses_of
from refurb.ceremonies.consents.uses import record_use, take_down
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.guests.actions import tell
from refurb.ceremonies.guests.reached import mail_address
from refurb.ceremonies.guests.words import GuestTelling
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.testimonies.queries import Quotes, is_quotable, quotes_of, testimonies_of
from refurb.documents.actions import Draft, content_of, issue
from refurb.documents.content import to_json
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.documents.reading import reading
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _


def thank(actor: Actor, ceremony: Ceremony) -> int:
    """Promise a letter to everybody who came and has an address; how many. Raises `ThankedAlready` the second time."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_over(ceremony)
    nobody_was_thanked(ceremony)
    came = [each for each in came_by(ceremony) if mail_address(each)]
    for each in came:
        tell(each, GuestTelling.THANKED)
    ceremony.thanked_at = now()
    record(ceremony, "thanked", actor, letters=len(came))
    return len(came)


def report_draft(ceremony: Ceremony, quotes: Quotes) -> Draft:
    """The report as it would be issued now: whoever has withdrawn her words stands in it no more."""
    return report(ceremony, evening_of(ceremony), quotes.quoted, is_anybody_absent=is_anybody_absent(ceremony))


def say_next_steps(actor: Actor, ceremony: Ceremony, next_steps: str | None) -> None:
    """What the report says to the families that were absent; what a territory always says where nothing is written."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_over(ceremony)
    ceremony.next_steps = next_steps or None
    record(ceremony, "next_steps_said", actor)


def standing_report(ceremony: Ceremony) -> Paper | None:
    """The report that holds today, if one was issued."""
    return in_force(papers_about(ceremony), PaperKind.CEREMONY)


def issue_report(actor: Actor, ceremony: Ceremony) -> Paper:
    """Number and freeze the report; one that holds already is annulled and replaced.

    Each quote in it is a use of its author's words, which hangs until the report is replaced; whoever withdraws finds it named.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_over(ceremony)
    replaced, quotes = standing_report(ceremony), quotes_of(ceremony)
    paper = issue(actor, PaperKind.CEREMONY, ceremony, report_draft(ceremony, quotes), replaces=replaced)
    if replaced is not None:
        for use in _quoted_in(ceremony, replaced):
            take_down(actor, use)
    for each in quotes.quoted:
        record_use(
            actor, ceremony, what=_("Mots cités dans le compte rendu"), channel=ConsentChannel.WORDS, showing=Showing.CEREMONY_REPORT,
            spot=paper.reference, keeper=actor.name, published_on=today(), persons=[each.consent],
        )  # fmt: skip
    record(ceremony, "reported", actor, paper=paper.reference, quotes=len(quotes.quoted))
    return paper


def open_report(ceremony: Ceremony) -> Paper:
    """The report that holds, to be kept or sent; raises `NotFound` before one is issued, `QuoteGone` once a quote in it may not be read."""
    standing = standing_report(ceremony)
    if standing is None:
        raise NotFound
    refuse_gone_quotes(standing)
    return standing


@reading(PaperKind.CEREMONY)
def refuse_gone_quotes(paper: Paper) -> None:
    """A report, the one that holds or one of before, is read by no door once a quote in it may not be. Raises `QuoteGone`."""
    quoted = _quoted(paper.content)
    if not quoted:
        return
    need_names()  # Whose words they are stands under them.
    ceremony = db.session.get_one(Ceremony, paper.subject_id)
    may = Quotes(tuple(each for each in testimonies_of(ceremony) if is_quotable(each)), 0)
    fresh = to_json(content_of(paper.kind, report_draft(ceremony, may), paper.reference, paper.issued_on))
    if not quoted <= _quoted(fresh):
        raise QuoteGone(reference=paper.reference)


def _quoted(content: Mapping[str, Any]) -> set[str]:
    return {each["text"] for each in content["blocks"] if each["type"] == "paragraph" and each["text"].startswith("«")}


def _quoted_in(ceremony: Ceremony, paper: Paper) -> list[MaterialUse]:
    return [each for each in uses_of(ceremony) if each.spot == paper.reference and each.taken_down_at is None]
