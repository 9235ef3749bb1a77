"""The agenda of a session by post, for whoever sits and does not read it here: for an envelope with a window, no family's name."""

from collections.abc import Sequence

from flask_babel import force_locale

from refurb.directory.letters import NAME, letter_file, write_letter
from refurb.documents.actions import issuer_today
from refurb.documents.content import Column, Content, Paragraph, Table, each_text
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l, _n, _p, moment
from refurb.referrals.committees.models import CommitteeLine, CommitteeMember
from refurb.referrals.committees.pdf import LANGUAGE
from refurb.referrals.committees.queries import agenda_of, postponed, room_of
from refurb.referrals.committees.shown import proposal_said, reasons_now

_SESSION = TextField("session", "seance", _l("le titre de la séance"))
_DATE = TextField("date", "date", _l("le jour et l'heure"))
_PLACE = TextField("place", "lieu", _l("le lieu de la séance"))
_LEAVES = TextField("leaves", "sortie", _l("pour quels dossiers la personne sort, s'il y en a"))
COMMITTEE_LETTER = letter_file(
    "letter_committee", _l("Convocation à une commission, par courrier"), (NAME, _SESSION, _DATE, _PLACE, _LEAVES), needs=(_DATE, _PLACE)
)


def _out_of(member: CommitteeMember, lines: Sequence[CommitteeLine]) -> list[int]:
    """The numbers of the files for which she leaves the room."""
    room = room_of(member.committee)
    return [line.position for line in lines if any(each.member.id == member.id for each in room.leaving(line))]


def agenda_letter(member: CommitteeMember) -> Letter:
    """The words of the letter: when and where, and for which files she leaves the room."""
    committee = member.committee
    out = _out_of(member, agenda_of(committee))
    numbers = ", ".join(map(str, out))
    leaves = _n(
        "Vous sortirez de la salle pour le dossier n° %(numbers)s.",
        "Vous sortirez de la salle pour les dossiers n° %(numbers)s.",
        len(out),
        numbers=numbers,
    )
    return write_letter(
        COMMITTEE_LETTER, key=f"committee-{member.id}", to="", name=member.name, session=committee.title,
        date=moment(committee.starts_at), place=committee.place, leaves=leaves if out else "",
    )  # fmt: skip


def agenda_pdf(member: CommitteeMember) -> bytes:
    """The letter and the agenda as A4 pages, no paper of ours: without a number; to her organisation where she sits for one.

    Of a file for which she leaves the room, its number on the agenda alone, as on the screen.
    """
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    lines = agenda_of(member.committee)
    with force_locale(LANGUAGE):
        written, times, out = agenda_letter(member), postponed(lines), set(_out_of(member, lines))
        columns = (
            Column(_("N°"), width=10),
            Column(_("Orientation"), mono=True, width=30),
            Column(_p("committee", "Demande")),
            Column(_p("committee", "Proposé")),
        )
        rows = tuple(
            (str(each.position), "", _("Vous sortez de la salle pour ce dossier."), "")
            if each.position in out
            else (
                str(each.position),
                each.referral.reference,
                f"{DEVICE_KINDS[each.referral.device_kind]}. {' ; '.join(reasons_now(each, times))}",
                proposal_said(each, lines),
            )
            for each in lines
        )
        agenda = [Table(_("Ordre du jour"), columns, rows)] if rows else [Paragraph(_("L'ordre du jour n'est pas encore fait."))]
        blocks = (*(Paragraph(each) for each in written.text.strip().split("\n\n")), *agenda)
        content = Content("", written.subject, "", today(), issuer_today(), None, blocks)
        to = tuple(map(without_pictures, _envelope(member)))
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, to=to)


def _envelope(member: CommitteeMember) -> list[str]:
    """Who it goes to, as the window shows it: an organisation's address is known here, a person's is not."""
    theirs = member.organisation
    if theirs is None:
        return [member.name]
    town = " ".join(part for part in (theirs.postcode, theirs.place) if part)
    return [member.name, theirs.name, *(line for line in (*(theirs.address or "").splitlines(), town) if line)]
