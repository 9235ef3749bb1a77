"""What we know of somebody, handed to that person: as data, and as a document to read, both from what the rooms declare."""

from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.documents.actions import issuer_today
from refurb.documents.content import Column, Content, Facts, Heading, Paragraph, Table, each_text
from refurb.kernel.deeds.access import ROLES, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.persons import KnownPart, PersonFile
from refurb.kernel.deeds.security import PARTS, SecurityEvent, SecurityKind
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _p, day, moment
from refurb.retention.queries import person_kind

MOST_LOOKS = 500


def known_of(file: PersonFile) -> list[KnownPart]:
    """What the room of the file tells of the person, then the rooms above it."""
    besides = [part for tell in wired().known_besides.get(file.kind, ()) for part in tell(file.number)]
    return [*person_kind(file.kind).known(file.number), *besides]


def looks_at(file: PersonFile) -> list[tuple[str, str, str]]:
    """Who looked at the file, as the person is told: when, under which role, what; never by name."""
    query = select(SecurityEvent).where(SecurityEvent.kind == SecurityKind.FILE_OPENED, SecurityEvent.about == about_of(file))
    rows = db.session.scalars(query.order_by(SecurityEvent.id.desc()).limit(MOST_LOOKS))
    return [
        (moment(row.at), str(ROLES[Role(row.as_role)]) if row.as_role else "–", str(PARTS[row.part]) if row.part else "–") for row in rows
    ]


def about_of(file: PersonFile) -> str:
    """How the log of security calls a file: a card by its code without its dash."""
    return file.reference if file.kind == "referral" else file.reference.replace("-", "")


def as_data(file: PersonFile) -> dict[str, Any]:
    """All of it as data that JSON can hold."""
    return {
        "dossier": file.reference,
        "le": today().isoformat(),
        "parties": [
            {
                "titre": str(part.title),
                "donnees": [
                    {
                        "quoi": str(each.label),
                        "valeur": str(each.value),
                        "vient_de": str(each.source),
                        "jusqu_au": each.until.isoformat() if each.until else None,
                    }
                    for each in part.facts
                ],
            }
            for part in known_of(file)
        ],
        "lectures": [{"quand": at, "au_titre_de": role, "quoi": part} for at, role, part in looks_at(file)],
    }


def as_pdf(file: PersonFile) -> bytes:
    """The same, as pages to read: no paper of ours, without a number."""
    with force_locale("fr"):
        blocks: list[Any] = [Facts(((_("Dossier"), file.reference), (_("Au nom de"), file.name)))]
        columns = (Column(_("Donnée")), Column(_p("privacy", "Valeur")), Column(_("Vient de")), Column(_("Jusqu'au")))
        for part in known_of(file):
            rows = tuple(
                (str(each.label), str(each.value), str(each.source), day(each.until, "short") if each.until else "–") for each in part.facts
            )
            blocks += [Heading(str(part.title)), Table(str(part.title), columns, rows)]
        looks = looks_at(file)
        title = _("Qui a lu ce dossier")
        if looks:
            blocks += [
                Heading(title),
                Table(title, (Column(_("Quand")), Column(_("Au titre de")), Column(_("Ce qui a été ouvert"))), tuple(looks)),
            ]
        blocks.append(
            Paragraph(_("Vous pouvez faire corriger ces données, vous opposer à leur usage, et saisir la CNIL (cnil.fr/fr/plaintes)."))
        )
        lead = _("Ce que nous savons de vous, d'où cela vient, et jusqu'à quand nous le gardons.")
        content = Content("", _("Vos données"), file.reference, today(), issuer_today(), lead, tuple(blocks))
        from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
        from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

        return render(
            each_text(content, without_pictures),
            verify_url=None,
            digest="",
            images={},
            status_note=_("Copie de vos données, à votre demande"),
        )
