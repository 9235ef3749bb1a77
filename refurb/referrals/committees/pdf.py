"""What the minutes say: who sat and left for which file, what was decided and why, by reference and never by name."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, format_time
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Heading, Paragraph, Signature, Signatures, Table
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy_versions import number_of
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _n, _p, day
from refurb.referrals.cases.priority import ELIGIBILITY, order
from refurb.referrals.committees.models import Committee, CommitteeLine, CommitteeMember
from refurb.referrals.committees.queries import Sitting, StepsOut, room_of
from refurb.referrals.committees.texts import MINUTES_TEXT
from refurb.referrals.committees.words import DECIDED, LINE_REASONS, LineVerdict, Seat
from refurb.referrals.endowed import Endowment, EndowmentState
from refurb.referrals.quotas.policy import QUOTAS, quotas

LANGUAGE = "fr"


def reason_said(line: CommitteeLine) -> str:
    """Why, as the minutes and the decision tell it: the reason of the list, then the sentence."""
    if line.reason is None:
        return ""
    word = "" if line.reason.is_in_words else str(LINE_REASONS[line.reason])
    return " ; ".join(part for part in (word, line.note) if part)[:300]


def decision_said(line: CommitteeLine, lines: Sequence[CommitteeLine]) -> str:
    """What was decided on a file: the kind of device, or its place in the reserve."""
    if line.verdict is None:
        return _("Pas encore décidé")
    word = str(DECIDED[line.verdict])
    if line.verdict is LineVerdict.ALLOCATE:
        return _("%(decision)s : %(kind)s", decision=word, kind=str(DEVICE_KINDS[line.referral.device_kind]).lower())
    if line.verdict is LineVerdict.RESERVE:
        return _("%(decision)s, n° %(place)s", decision=word, place=place_in_reserve(line, lines))
    return word


def place_in_reserve(line: CommitteeLine, lines: Sequence[CommitteeLine]) -> int:
    """Of those in reserve, the how manieth a file is, were it there."""
    return 1 + sum(each.planned is LineVerdict.RESERVE and each.position < line.position for each in lines)


def tally_said(lines: Sequence[CommitteeLine]) -> str:
    """How many of each decision."""
    counts = {verdict: sum(each.verdict is verdict for each in lines) for verdict in LineVerdict}
    said = (
        _n("%(num)s attribué", "%(num)s attribués", counts[LineVerdict.ALLOCATE]),
        _n("%(num)s en réserve", "%(num)s en réserve", counts[LineVerdict.RESERVE]),
        _n("%(num)s reporté", "%(num)s reportés", counts[LineVerdict.LATER]),
        _n("%(num)s refusé", "%(num)s refusés", counts[LineVerdict.REFUSE]),
    )
    return ", ".join(text for text, verdict in zip(said, LineVerdict, strict=True) if counts[verdict])


def sits_for(member: CommitteeMember) -> str:
    """Who somebody is, and for which organisation she sits."""
    return f"{member.name} ({member.organisation.name})" if member.organisation else member.name


def leaving_said(leaving: StepsOut, positions: Sequence[int]) -> str:
    """For which files somebody leaves the room, and why where it is not her organisation's."""
    numbers = ", ".join(map(str, positions))
    said = _n(
        "%(name)s au dossier %(files)s", "%(name)s aux dossiers %(files)s", len(positions), name=leaving.member.name, files=numbers
    )  # fmt: skip
    return _("%(who)s : %(word)s", who=said, word=leaving.word) if leaving.word else said


def leavings_said(room: Sitting, lines: Sequence[CommitteeLine]) -> list[str]:
    """Who of those present leaves for which files, each once."""
    found: dict[tuple[int, str | None], tuple[StepsOut, list[int]]] = {}
    for line in lines:
        for leaving in room.leaving(line):
            if leaving.member.comes:
                found.setdefault((leaving.member.id, leaving.word), (leaving, []))[1].append(line.position)
    return [leaving_said(leaving, positions) for leaving, positions in found.values()]


def minutes(committee: Committee, lines: Sequence[CommitteeLine], until: datetime) -> Draft:
    """The minutes of a session as they stand; `until` is when it closed, or now."""
    room = room_of(committee)
    with force_locale(LANGUAGE):
        text = MINUTES_TEXT.in_force()
        lead = text.say("lead", date=day(committee.held_at), place=committee.place, issuer=home().full_name)
        blocks: list[Block] = [_sitting(committee, room, lines, until), _decisions(lines)]
        if any(each.verdict is LineVerdict.RESERVE for each in lines):
            blocks += [Heading(text.say("headings.reserve")), _reserve(lines), Paragraph(text.say("reserve"))]
        blocks += [*_for_places(committee), Claim(text.say("nobody")), _signed(room)]
        return Draft(title=text.say("title"), lead=lead, blocks=tuple(blocks), language=LANGUAGE, wording=text.version,
                     search=(committee.title, *(each.referral.reference for each in lines)))  # fmt: skip


def _sitting(committee: Committee, room: Sitting, lines: Sequence[CommitteeLine], until: datetime) -> Facts:
    present = [each for each in room.members if each.comes]
    absent = [each for each in room.members if not each.comes]
    chair = next((each.name for each in present if each.seat is Seat.CHAIR), "–")
    facts = [
        (_("Séance"), _("%(title)s, %(span)s", title=committee.title, span=_span(committee.held_at, until))),
        (_("Présidée par"), chair),
        (_("Présents"), ", ".join(map(sits_for, present)) or "–"),
    ]
    if absent:
        facts.append((_("Absents"), ", ".join(map(sits_for, absent))))
    facts.append((_("Récusations"), " ; ".join(leavings_said(room, lines)) or _("aucune")))
    facts.append((_("Présents pour décider"), _("au moins %(least)s", least=committee.least_present)))
    facts.append((_("Règle"), versions_said(committee)))
    return Facts(tuple(facts))


def _span(began: datetime, until: datetime) -> str:
    """From when to when, in hours; in days, where it went on another day."""
    if local(began).date() == local(until).date():
        return _("de %(first)s à %(last)s", first=_hour(began), last=_hour(until))
    return _("ouverte le %(first)s, close le %(last)s", first=day(began), last=day(until))


def _hour(at: datetime) -> str:
    return str(format_time(local(at), "HH 'h' mm", rebase=False))


def versions_said(committee: Committee) -> str:
    """Under which versions it decided: those of its closing, or those in force."""
    ordered = number_of(ELIGIBILITY.name, committee.policy_version or order().version)
    promised = number_of(QUOTAS.name, committee.quotas_version or quotas().version)
    return _("ordre d'attente version %(order)s, quotas version %(quotas)s", order=ordered or 1, quotas=promised or 1)


def _decisions(lines: Sequence[CommitteeLine]) -> Table:
    columns = (Column(_("N°"), width=10), Column(_("Orientation"), mono=True, width=32), Column(_("Décision")), Column(_("Raison")))
    rows = [(str(each.position), each.referral.reference, decision_said(each, lines), _why(each)) for each in lines]
    total = (_("Total"), str(len(lines)), tally_said(lines), "")
    return Table(_("Décisions"), columns, tuple(rows), total)


def _why(line: CommitteeLine) -> str:
    over = _("au-delà du quota, avec l'accord de qui préside") if line.over_quota else ""
    added = _("ajouté à l'ordre du jour : %(why)s", why=line.added_because) if line.added_because else ""
    asked = _("une question est posée à la structure") if line.question else ""
    return " ; ".join(part for part in (reason_said(line), over, added, asked) if part)


def _reserve(lines: Sequence[CommitteeLine]) -> Table:
    kept = [each for each in lines if each.verdict is LineVerdict.RESERVE]
    rows = tuple((str(place), each.referral.reference, reason_said(each)) for place, each in enumerate(kept, start=1))
    return Table(
        _("Liste de réserve"), (Column(_("N°"), width=10), Column(_("Orientation"), mono=True, width=32), Column(_("Raison"))), rows
    )


def _for_places(committee: Committee) -> list[Table]:
    """What the session granted for organisations' own places, which are no families: by name, since they are organisations."""
    stands = Endowment.committee_id == committee.id, Endowment.state.in_((EndowmentState.GRANTED, EndowmentState.GIVEN))
    query = select(Endowment).where(*stands).options(selectinload(Endowment.wishes)).order_by(Endowment.id)
    found = db.session.scalars(query).all()
    rows = tuple((each.reference, each.organisation.name, _for_place(each)) for each in found)
    columns = Column(_p("committee", "Dotation"), mono=True, width=32), Column(_("Structure")), Column(_("Décision"))
    return [Table(_("Appareils pour des structures"), columns, rows)] if rows else []


def _for_place(endowment: Endowment) -> str:
    granted = [(each.granted, str(DEVICE_KINDS[each.device_kind]).lower()) for each in endowment.wishes if each.granted]
    return _("Accordé : %(what)s", what=", ".join(f"{number} × {kind}" for number, kind in granted))


def _signed(room: Sitting) -> Signatures:
    chair = next((each.name for each in room.members if each.seat is Seat.CHAIR), "")
    secretary = next((each.name for each in room.members if each.seat is Seat.SECRETARY), "")
    items = [Signature(label=_("Qui préside la séance"), name=chair, room=True)]
    if secretary:
        items.append(Signature(label=_("Qui tient le secrétariat"), name=secretary, room=True))
    return Signatures(tuple(items))
