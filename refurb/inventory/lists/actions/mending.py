"""Mend a donor's list before it is confirmed: what a word of theirs means, and what stands in a row."""

from collections.abc import Mapping

from sqlalchemy import select

from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.lists.actions.lists import refuse_over, remember_words, waiting_table
from refurb.inventory.lists.columns import COLUMNS, DeclaredColumn, mapping_of
from refurb.inventory.lists.kinds import folded_word, kind_of_model, kind_word
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import cells_of, doubted_columns, mended_row, plan_of, row_alone, row_digest, row_start, words_standing
from refurb.inventory.lists.rows import Level, Problem, ReadRow, stored_of, typed_text
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound


class RowChanged(Conflict):
    """Somebody changed the row since it was shown."""

    code = "list.row_changed"


class RowImported(Conflict):
    """The row was imported before the import stopped: mended and imported anew, its machine would be there twice."""

    code = "list.row_imported"


def mend_row(
    actor: Actor, donation: Donation, found: DonorList, number: int, told: Mapping[DeclaredColumn, str], shown: str | None = None
) -> None:
    """Say what stands in the cells of a row; what is told as the file says it, and what is not told, is the file's again.

    A cell in doubt that is told as the file says it is told all the same. What is written here is kept as it is read, or refused beside its
    cell: `Invalid`. `shown` is the digest of the row as whoever writes saw it: one that was changed since is refused.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    lock(found)
    refuse_over(donation)
    waiting_table(found)
    cells = cells_of(found, number)
    if cells is None:
        raise NotFound
    if db.session.scalar(select(DeclaredItem.id).where(DeclaredItem.list_id == found.id, DeclaredItem.row == number).limit(1)):
        raise RowImported(row=number)
    if shown is not None and shown != row_digest(found, number):
        raise RowChanged(row=number, now=_standing(found, number))
    columns = mapping_of(found.columns)
    sent = {column: typed_text(cells[at]) for column, at in columns.items() if at < len(cells)}
    before = mended_row(found, number)
    read = row_alone(found, number, as_sent=True)
    doubted = doubted_columns(found, number)
    mended = {
        column: text
        for column, text in told.items()
        if column in doubted or (text != sent.get(column, "") and not _is_read(read, column, text))
    }
    found.mended = {each: said for each, said in found.mended.items() if each != str(number)}
    if mended:
        found.mended = {**found.mended, str(number): {str(column): text for column, text in mended.items()}}
    db.session.flush()
    changed = [str(column) for column in DeclaredColumn if mended.get(column) != before.get(column)]
    if changed and mended:
        _refuse_unread(found, number, mended)
    if changed:
        record(donation, "list_mended", actor, list=found.id, row=number, columns=changed)


def _standing(found: DonorList, number: int) -> str:
    said = {column: text for column, text in row_start(found, number).items() if text}
    if kind := said.get(DeclaredColumn.KIND):
        said[DeclaredColumn.KIND] = str(DEVICE_KINDS[DeviceKind(kind)])
    return ", ".join(f"{COLUMNS[column]} ({text})" for column, text in said.items())


def _is_read(read: ReadRow | None, column: DeclaredColumn, text: str) -> bool:
    """Whether the file's own words are read as this kind already."""
    return column == DeclaredColumn.KIND and read is not None and read.machine.kind == text


def _refuse_unread(found: DonorList, number: int, mended: Mapping[DeclaredColumn, str]) -> None:
    faults: dict[str, list[Fault]] = {}
    for each in plan_of(found):
        if each.row.number == number and each.row.copy == 1:
            for problem in each.row.problems:
                if problem.column is not None and mended.get(problem.column) and _is_unread(each.row, problem):
                    faults.setdefault(str(problem.column), []).append(problem.fault)
    if faults:
        raise Invalid(faults)


def _is_unread(row: ReadRow, problem: Problem) -> bool:
    return problem.level == Level.STOP or (problem.column is not None and not stored_of(row.machine, problem.column))


def explain_words(actor: Actor, donation: Donation, found: DonorList, words: Mapping[str, DeviceKind | None]) -> None:
    """Say which kind words of the donor's mean (None: none that we know); those of several rows are remembered for the next list.

    Only words of this list that we do not know ourselves: « PC portable » means what it always means. `Invalid` names another.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(found)
    refuse_over(donation)
    waiting_table(found)
    said = {word: kind for each, kind in words.items() if (word := folded_word(each))}
    standing = words_standing(found)
    faults = [
        Fault("list.word_not_asked", word=word)
        for word, kind in said.items()
        if kind is not None and (word not in standing or kind_word(word) or kind_of_model(word))
    ]
    if faults:
        raise Invalid({"words": faults})
    kept = {word: kind for word, kind in found.words.items() if word not in said}
    found.words = {**kept, **{word: kind.value for word, kind in said.items() if kind is not None}}
    remember_words(donation, found, said)
