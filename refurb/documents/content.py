"""What a paper says, frozen at issue as plain data, from which the PDF and its HTML twin are both made."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

FORMAT = 1
"""Of the stored data: raise it when a field changes its meaning, and keep reading the former ones."""

Told = TypeVar("Told")

Align = Literal["start", "end"]
LEFTWARDS = frozenset({"ar", "fa", "he"})


@dataclass(frozen=True)
class Issuer:
    """Who issues: name as on its acts, postal address, 14 digits of SIRET or "", how to reach it, and from where."""

    name: str
    address: str
    siret: str = ""
    contact: str = ""
    place: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True)
class Facts:
    """A list of labels, each with its value; `small` where a page has to hold more."""

    items: tuple[tuple[str, str], ...]
    small: bool = False


@dataclass(frozen=True)
class Listed:
    """One of two lists of labels with their values; "" is no title."""

    title: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sides:
    """Two lists side by side, set small, which no page parts; `title` stands over both, where there are many such blocks."""

    left: Listed
    right: Listed
    title: str = ""


@dataclass(frozen=True)
class Column:
    """One column: `width` in millimetres or None for what it needs; `mono` for codes and serials, kept as they are."""

    label: str
    align: Align = "start"
    width: float | None = None
    mono: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under their columns; `total` has one cell per column too, "" where there is nothing to add up.

    The caption is the table's title, and is not shown again right after a Heading.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for cells in (*self.rows, *([] if self.total is None else [self.total])):
            if len(cells) != len(self.columns):
                raise ValueError(f"a row of {len(cells)} cells under {len(self.columns)} columns: {cells!r}")


@dataclass(frozen=True)
class Claim:
    """The boxed sentence: what this paper is not, and does not say."""

    text: str


@dataclass(frozen=True)
class Signature:
    """Who signs as what, when (in words), with which drawn signature; `room` leaves a place to sign by hand.

    Without any of them it is an act set out beside the signatures, such as the decision that accepts a donation.
    """

    label: str
    name: str = ""
    when: str = ""
    image_sha256: str | None = None
    note: str = ""
    room: bool = False


@dataclass(frozen=True)
class Signatures:
    """The signatures, side by side, never parted by a page."""

    items: tuple[Signature, ...]


@dataclass(frozen=True)
class Translation:
    """What the paper says, once more for who reads another language better: each of `lines` is a sentence, `note` says what holds.

    `language` is a tag of BCP 47. No line holds words of a script that runs the other way.
    """

    language: str
    title: str
    lines: tuple[str, ...]
    note: str = ""

    @property
    def is_leftwards(self) -> bool:
        """Whether it is written from right to left."""
        return self.language in LEFTWARDS


Block = Paragraph | Heading | Facts | Sides | Table | Claim | Signatures | Translation


@dataclass(frozen=True)
class Content:
    """A whole paper. `strong` are the phrases of the lead to bring out: the donor's name, the number of machines.

    `logo` is the SHA-256 of the issuer's stored PNG, `accent` the colour of our mark where there is none; either may be "".
    """

    kind: str
    title: str
    reference: str
    issued_on: date
    issuer: Issuer
    lead: str | None
    blocks: tuple[Block, ...]
    language: str = "fr"
    strong: tuple[str, ...] = ()
    logo: str = ""
    accent: str = ""


LOOKS = ("logo", "accent")
"""What of a paper is seen and says nothing."""


def to_json(content: Content) -> dict[str, Any]:
    """The content as data that JSON can hold; tuples become lists, the date ISO 8601, each block bears its `type`."""
    data = asdict(content)
    data["format"] = FORMAT
    data["issued_on"] = content.issued_on.isoformat()
    data["strong"] = list(content.strong)
    data["blocks"] = [_block_to_json(block) for block in content.blocks]
    for name in LOOKS:  # A paper of before there were any hashes as it did.
        if not data[name]:
            del data[name]
    return data


def _block_to_json(block: Block) -> dict[str, Any]:
    data: dict[str, Any] = {"type": type(block).__name__.lower()}
    match block:
        case Facts(items, small):
            data["items"] = [list(item) for item in items]
            if small:  # One of before there were any hashes as it did.
                data["small"] = True
        case Sides(left, right, title):
            data["title"] = title
            data["lists"] = [{"title": each.title, "items": [list(item) for item in each.items]} for each in (left, right)]
        case Table(caption, columns, rows, total):
            data["caption"] = caption
            data["columns"] = [asdict(column) for column in columns]
            data["rows"] = [list(row) for row in rows]
            data["total"] = None if total is None else list(total)
        case Signatures(items):
            data["items"] = [asdict(item) for item in items]
        case Translation(language, title, lines, note):
            data |= {"language": language, "title": title, "lines": list(lines), "note": note}
        case Paragraph(text) | Heading(text) | Claim(text):
            data["text"] = text
    return data


def from_json(data: Mapping[str, Any]) -> Content:
    """The content back from `to_json`; raises ValueError on a format or a block that this version does not know."""
    if data["format"] != FORMAT:
        raise ValueError(f"content of format {data['format']}, not {FORMAT}")
    return Content(
        kind=data["kind"],
        title=data["title"],
        reference=data["reference"],
        issued_on=date.fromisoformat(data["issued_on"]),
        issuer=Issuer(**data["issuer"]),
        lead=data["lead"],
        blocks=tuple(_block_from_json(block) for block in data["blocks"]),
        language=data["language"],
        strong=tuple(data["strong"]),
        **{name: data[name] for name in LOOKS if name in data},
    )


_OF_TEXT: dict[str, type[Paragraph | Heading | Claim]] = {"paragraph": Paragraph, "heading": Heading, "claim": Claim}


def _block_from_json(data: Mapping[str, Any]) -> Block:
    match data["type"]:
        case "paragraph" | "heading" | "claim" as said:
            return _OF_TEXT[said](data["text"])
        case "facts":
            return Facts(tuple((label, value) for label, value in data["items"]), data.get("small", False))
        case "sides":
            left, right = (Listed(each["title"], tuple((label, value) for label, value in each["items"])) for each in data["lists"])
            return Sides(left, right, data["title"])
        case "table":
            return Table(
                data["caption"],
                tuple(Column(**column) for column in data["columns"]),
                tuple(tuple(row) for row in data["rows"]),
                None if data["total"] is None else tuple(data["total"]),
            )
        case "translation":
            return Translation(data["language"], data["title"], tuple(data["lines"]), data["note"])
        case "signatures":
            return Signatures(tuple(Signature(**item) for item in data["items"]))
    raise ValueError(f"unknown block {data['type']!r}")


def pictures_in(content: Content) -> int:
    """How many pictures its pages draw: the logo, and each drawn signature."""
    signers = (item for block in content.blocks if isinstance(block, Signatures) for item in block.items)
    return bool(content.logo) + sum(1 for item in signers if item.image_sha256)


def canonical(content: Content) -> bytes:
    """The one byte string of this content: UTF-8, keys in order, no space. What is hashed, and what a seal is about."""
    return json.dumps(to_json(content), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(content: Content) -> str:
    """The SHA-256 of `canonical`, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def each_text(content: Told, change: Callable[[str], str]) -> Told:
    """The same content, or draft of one, with every text of it changed by a function; the very same object where nothing changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, tuple):
            parts = tuple(changed(part) for part in value)
            return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
        if is_dataclass(value) and not isinstance(value, type):
            new = {each.name: changed(getattr(value, each.name)) for each in fields(value)}
            return replace(value, **new) if any(new[name] is not getattr(value, name) for name in new) else value
        return value

    found: Told = changed(content)
    return found
