"""What a scanned text means: the thing behind it, and what can be done with it now. Each package tells its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a scanned text was read as: a kind of thing, by its id. Without an id it is several things, or a paper, found at `url`.

    `text` is its code, its reference, or what was typed; the kind is None for a label that is on nothing yet.
    """

    kind: str | None
    subject_id: int | None
    text: str
    url: str | None = None


@dataclass(frozen=True)
class ScanDeed:
    """Something that can be done now: `look`, `depart`, `return`, `found`, `count`, `check`, `bring_home`, `pack`, `open_bag` or `begin`.

    `reference` is the reservation that it is for, if it is for one.
    """

    name: str
    url: str
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScanCard:
    """A thing as whoever scanned it is told of it: what it is called, its state and the word for that, its page, what can be done now."""

    name: str | None = None
    state: str | None = None
    word: str | None = None
    url: str
    deeds: tuple[ScanDeed, ...] = ()
