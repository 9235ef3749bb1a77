"""The words of a paper as readers see them: spacing, dates and numbers of its language, on paper as on screen."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from flask_babel import force_locale

from refurb.documents.content import (
    LEFTWARDS,
    Block,
    Claim,
    Content,
    Facts,
    Heading,
    Listed,
    Paragraph,
    Sides,
    Signature,
    Signatures,
    Table,
    Translation,
    to_json,
)
from refurb.kernel.speech.typography import NARROW, french
from refurb.kernel.speech.words import _


def set_out(content: Content) -> Content:
    """The same content with the spacing of its language; codes, serials and references stay as they are."""
    if content.language != "fr":
        return content
    return replace(
        content,
        title=french(content.title),
        issuer=replace(
            content.issuer,
            name=french(content.issuer.name),
            address=french(content.issuer.address),
            contact=french(content.issuer.contact),
            place=french(content.issuer.place),
        ),
        lead=content.lead and french(content.lead),
        strong=tuple(map(french, content.strong)),
        blocks=tuple(map(_set_block, content.blocks)),
    )


def _set_block(block: Block) -> Block:
    match block:
        case Paragraph(text) | Heading(text) | Claim(text):
            return replace(block, text=french(text))
        case Facts(items, small):
            return Facts(_set_items(items), small)
        case Sides(left, right, title):
            return Sides(_set_list(left), _set_list(right), french(title))
        case Table():
            return _set_table(block)
        case Translation(language, title, lines, note):
            return Translation(language, title, lines, french(note))
        case Signatures(items):
            return Signatures(tuple(map(_set_signature, items)))


def _set_items(items: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((french(label), french(value)) for label, value in items)


def _set_list(listed: Listed) -> Listed:
    return Listed(french(listed.title), _set_items(listed.items))


def _set_table(table: Table) -> Table:
    setters: list[Callable[[str], str]] = [str if column.mono else french for column in table.columns]
    return Table(
        french(table.caption),
        tuple(replace(column, label=french(column.label)) for column in table.columns),
        tuple(tuple([set_cell(cell) for set_cell, cell in zip(setters, row, strict=True)]) for row in table.rows),
        None if table.total is None else tuple(map(french, table.total)),
    )


def _set_signature(item: Signature) -> Signature:
    return replace(item, label=french(item.label), name=french(item.name), when=french(item.when), note=french(item.note))


def issued_line(content: Content) -> str:
    """Where and when the paper was issued: « Poitiers, le 1er novembre 2026 »."""
    day = format_date(content.issued_on, "long", locale=content.language)
    if content.language == "fr" and content.issued_on.day == 1:
        day = day.replace("1 ", "1er ", 1)
    with force_locale(content.language):
        if content.issuer.place:
            return _("%(place)s, le %(date)s", place=content.issuer.place, date=day)
        return _("Le %(date)s", date=day)


def siret(number: str) -> str:
    """The number in its customary groups, 812 345 678 00019; anything but 14 digits is left alone."""
    if len(number) != 14 or not number.isdecimal():
        return number
    return NARROW.join((number[:3], number[3:6], number[6:9], number[9:]))


def letterhead(content: Content) -> tuple[str, ...]:
    """What stands under the issuer's name: address, registration and contact, as far as they are known."""
    issuer = content.issuer
    with force_locale(content.language):
        number = issuer.siret and _("SIRET %(number)s", number=siret(issuer.siret))
    return tuple(part for part in (" · ".join(filter(None, (issuer.address, number))), issuer.contact) if part)


def follows_heading(blocks: tuple[Block, ...], at: int) -> bool:
    """Whether the block at this place stands right under a heading: then a table's caption would say it again."""
    return at > 0 and isinstance(blocks[at - 1], Heading)


def spans(total: Sequence[str]) -> list[int]:
    """How many columns each cell of a total may use: its own, and the empty ones after it."""
    filled = [at for at, cell in enumerate(total) if cell]
    return [next((other for other in filled if other > at), len(total)) - at for at in range(len(total))]


def twin(content: Content) -> dict[str, Any]:
    """What the macros of `documents/_content.html` show: `to_json` of the content as set, and its lines of words."""
    shown = set_out(content)
    data = to_json(shown)
    data["issued"] = issued_line(shown)
    data["lead_parts"] = emphasised(shown.lead or "", shown.strong)
    data["letterhead"] = list(letterhead(shown))
    for at, block in enumerate(data["blocks"]):
        if block["type"] == "translation":
            block["direction"] = "rtl" if block["language"] in LEFTWARDS else "ltr"
        if block["type"] == "table":
            block["follows_heading"] = follows_heading(shown.blocks, at)
            block["total_span"] = spans(block["total"])[0] if block["total"] else 0
    return data


def emphasised(text: str, strong: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is one of the phrases to bring out."""
    phrases = [re.escape(phrase) for phrase in strong if phrase]
    parts = re.split(f"({'|'.join(phrases)})", text) if phrases else [text]
    return [(part, bool(number % 2)) for number, part in enumerate(parts) if part]


def printed_address(url: str) -> str:
    """The address as somebody types it: no scheme, and in lower case but for its last part, which is a reference."""
    parts = urlsplit(url)
    folder, slash, last = parts.path.rpartition("/")
    return f"{parts.netloc}{folder}{slash}".lower() + last
