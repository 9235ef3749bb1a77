"""What the report of an evening says: numbers, quotes that their authors approved; none of fewer than five people of families."""

from collections.abc import Sequence

from flask_babel import force_locale

from refurb.ceremonies.after.figures import Evening
from refurb.ceremonies.after.texts import REPORT_TEXT
from refurb.ceremonies.guests.figures import LEAST
from refurb.ceremonies.guests.words import GUEST_KINDS
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.testimonies.models import Testimony
from refurb.ceremonies.testimonies.queries import named
from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Table
from refurb.kernel.speech.words import _, day, moment

LANGUAGE = "fr"


def report(ceremony: Ceremony, evening: Evening, quoted: Sequence[Testimony], *, is_anybody_absent: bool) -> Draft:
    """The report as it stands; quotes are those that were picked and may be shown today."""
    with force_locale(LANGUAGE):
        text, few = REPORT_TEXT.in_force(), _("moins de 5")
        handed = str(evening.handed) if evening.handed == 0 or evening.handed >= LEAST else few
        blocks: list[Block] = [
            Facts(((_("Date"), moment(ceremony.starts_at)), (_("Lieu"), ceremony.place), (_("Ordinateurs remis, bon signé"), handed))),
            Heading(text.say("headings.came")),
            _came(evening, few),
        ]
        if quoted:
            blocks += [
                Heading(text.say("headings.quotes")),
                *(Paragraph(quote_said(each)) for each in quoted),
                Paragraph(text.say("quotes")),
            ]
        following = ceremony.next_steps or (text.say("absent") if is_anybody_absent else "")
        if following:
            blocks += [Heading(text.say("headings.absent")), Paragraph(following)]
        blocks += [Paragraph(text.say("thanks", issuer=home().full_name)), Claim(text.say("nobody"))]
        lead = text.say("lead", date=day(ceremony.starts_at), place=ceremony.place, issuer=home().full_name)
        return Draft(
            title=text.say("title"), lead=lead, blocks=tuple(blocks), language=LANGUAGE, wording=text.version, search=(ceremony.title,)
        )  # fmt: skip


def quote_said(testimony: Testimony) -> str:
    """Somebody's words, under the name that she chose, if any."""
    name, words = named(testimony), " ".join(testimony.words.split())
    return f"« {words} », {name}" if name else f"« {words} »"


def _came(evening: Evening, few: str) -> Table:
    """Guests by kind; families, and the sums that would give them away, only where they are five and more."""
    families = evening.families
    rows = [(str(GUEST_KINDS[row.kind]), str(row.kept), str(row.came)) for row in evening.rows if row.kind is not None]
    rows.append((_("Familles"), str(families.kept), str(families.came)) if evening.tells_families else (_("Familles"), few, few))
    kept = sum(row.kept for row in evening.rows)
    total = (_("Ensemble"), str(kept), str(evening.came)) if evening.tells_families else None
    columns = (Column(_("Qui")), Column(_("Places gardées"), "end"), Column(_("Personnes venues"), "end"))
    return Table(_("Qui est venu"), columns, tuple(rows), total)
