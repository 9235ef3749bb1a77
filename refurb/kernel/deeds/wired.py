"""What the packages above hand to the mechanisms: who speaks, where people go, what is forgotten, what a code opens; one frozen object."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app

from refurb.kernel.deeds.access import Actor, Permission, Role
from refurb.kernel.deeds.persons import KnownPart, PersonKind
from refurb.kernel.deeds.policy import Complaint, PolicyEffect, PolicyFile
from refurb.kernel.deeds.scans import Meaning, ScanCard
from refurb.kernel.deeds.terms import Kept, Term

_KEY: Final = "refurb"

# What a scanned code opens, given the id of its subject: for whoever is signed in, and for everybody.
ScanTarget = Callable[[Actor, int], Any]
PublicScanTarget = Callable[[int], Any]
# The policy as it is and as it would be.
PolicyPreview = Callable[[Any, Any], PolicyEffect]


@dataclass(frozen=True)
class NavEntry:
    """One entry of a role's navigation; `count` says what waits there."""

    icon: str
    label: Any
    endpoint: str
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class HungPanel:
    """What a package hangs on the page of a subject that is kept below it: a template, and the facts that it draws."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TextSample:
    """Real records on which a text is looked at before it is adopted, by whoever may see them."""

    needs: Permission
    records: Callable[[], Sequence[tuple[int, str]]]
    """The newest first: the id of each, and what it is called."""

    shown: Callable[[int], HungPanel]
    """What would be written about one of them by the text in force. Raises a `Refusal` where nothing would be."""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """One kind of thing that somebody has in hand, all of it or for one organisation, and that a colleague can take over."""

    count: Callable[[int, int | None], int]
    """How many, of an account's."""

    said: Callable[[int], str]
    """So many of them, in words."""

    takers: Callable[[int, int | None], set[int]]
    """The accounts that may take them over."""

    hand_on: Callable[[Actor, int, int, int | None], None]
    """Put them into another's hands: the actor, the giver, the taker."""


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """The lists of `refurb.wiring`, as far as the kernel asks for them."""

    find_actor: Callable[[], Actor | None]
    """Who speaks in this request, if anybody."""

    name_of: Callable[[int | None], str | None]
    """The name of an account, for the sentences that say who."""

    able: Callable[[Permission], Sequence[tuple[int, str]]]
    """The people who may do something, by account and name."""

    home: Callable[[], Any]
    """The organisation whose house this is."""

    accessibility: Callable[[], Any]
    """What the foot of every page says of accessibility, a lazy word."""

    mail_server: Callable[[], Any]
    """The mail server that was entered on screen, as a `MailServer`, if any."""

    address_of: Callable[[int | None], str | None]
    """The e-mail address of an account."""

    draw_code: Callable[[str], tuple[str, int]]
    """A text as a QR code: the `d` of one SVG path, and N of its viewBox `0 0 N N`."""

    navigation: Mapping[Role, Sequence[NavEntry]]
    terms: Sequence[Term]
    """When each sort of what is kept about people is forgotten, in the order in which people are told."""

    kept: Sequence[Kept]
    """What is kept about people and not forgotten by itself."""

    persons: Sequence[PersonKind]
    """The sorts of files that we keep about people, each told by its room."""

    known_besides: Mapping[str, Sequence[Callable[[int], Sequence[KnownPart]]]]
    """By the kind of a file, what the rooms above its own know of the same person."""

    tidying: Mapping[str, Callable[[], int]]
    """What is past its use and about nobody, by what it is: each drops it, and says how much it was."""

    copying: Callable[[], bool]
    """Whether a backup is being made: its files are to stay until it is whole."""

    sweeping: Sequence[Callable[[], object]]
    """What takes away the last traces of what was erased, once a night is over."""

    network_of: Callable[[str | None], str | None]
    """The name of the network that an address is of, among those that the house knows."""

    catching_up: Sequence[Callable[[], int]]
    """What a new release leaves to be done over again: each does a slice, in a unit of its own, and says how much it was."""

    noting: Sequence[Callable[[], None]]
    """What readings note in each process: its worker has it written."""

    agent_door: str
    """The blueprint of the JSON door that the key of the workshop opens, and nothing else."""

    hourly: Sequence[Callable[[], int]]
    """What else is looked after every hour, each within a unit of work."""

    verifying: Mapping[str, Callable[[], Iterator[str]]]
    """What a copy of the instance is verified by, by what is verified: each says, a line each, what is not as it should be."""

    policies: Sequence[PolicyFile[Any]]
    """Every policy, in the order of its group."""

    policy_effects: Mapping[str, PolicyPreview]
    """By the name of a policy: what putting the second of its two readings in the place of the first would change on today's data."""

    policy_guards: Mapping[str, Callable[[Any], Iterable[Complaint]]]
    """By the name of a policy: what else must hold before it is adopted, asked of today's data."""

    policy_asks: Mapping[str, Callable[[Actor], None]]
    """By the name of a policy: what is asked first of whoever adopts it; raises a `Refusal` where that is not given."""

    policy_follows: Mapping[str, Callable[[], int]]
    """By the name of a policy: what is done at once when a version comes into force, within the unit of work; says how much that was."""

    text_samples: Mapping[str, TextSample]
    """By the name of a text: on what it is looked at before it is adopted."""

    charges: Sequence[Charge]
    """What somebody may have in hand when her account is closed."""

    points: Sequence[Callable[[], Any]]
    """`PointOf`s: what has to be there before a territory works, in the order of its first day."""

    scan_targets: Mapping[str, ScanTarget]
    """By the kind of the code's subject; devices are inventory's own affair."""

    public_scan_targets: Mapping[str, PublicScanTarget]

    scan_readers: Sequence[Callable[[Actor, str], Meaning | None]]
    """What reads a scanned text that is no code of ours: references, serial numbers; the first that knows it."""

    scan_cards: Mapping[str, Callable[[Actor, int], ScanCard]]
    """By the kind of a thing, what whoever scanned it is told of it; raises `NotFound` for whoever may know nothing of it."""

    invite_referent: Callable[[Actor, int, str, str], Any]
    """Invite somebody of an organisation, by its id, her name and her e-mail address: she refers for it, and invites her colleagues."""

    accounts_of: Callable[[Collection[int]], Mapping[int, int]]
    """How many open accounts each of some organisations has."""

    panels: Mapping[str, Sequence[Callable[[Actor, Any], HungPanel | None]]]
    """By the kind of a subject, what the packages above it hang on its page, as far as the actor may see it."""

    open_work: Mapping[str, Sequence[Callable[[Any], Sequence[str]]]]
    """By the kind of a subject, what of it is still under way, in words: « 3 orientations »."""

    merged: Mapping[str, Sequence[Callable[[Any, Any], tuple[str, str, Sequence[int]]]]]
    """By the kind of a subject, what the packages above say of one that is merged into another elsewhere than by a foreign key.

    Each tells the table and the column in which it said it, and the rows that could be told apart again.
    """

    parted: Mapping[str, Callable[..., int]]
    """By the table that `merged` told, what says it again of the one that was merged; `only_count` tells of how many rows, and no more."""

    renamed: Mapping[str, Sequence[Callable[[Any], None]]]
    """By the kind of a subject, what the packages above write anew when its name is another, within the unit of work."""


def keep(app: Flask, wiring: Wiring) -> None:
    """Hand the wiring to an application."""
    app.extensions[_KEY] = wiring


def wiring_of(app: Flask) -> Wiring:
    """The wiring of an application."""
    found: Wiring = app.extensions[_KEY]
    return found


def wired() -> Wiring:
    """The wiring of the application at work."""
    found: Wiring = current_app.extensions[_KEY]
    return found
