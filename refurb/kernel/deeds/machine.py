"""A life cycle as one table, and the only code in the service that changes a state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from marshmallow import Schema

from refurb.kernel.deeds.access import Actor, Permission, asked_at_door, check, check_place
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.facts import load, private_fields
from refurb.kernel.deeds.history import Event, kind_of, last_event, record, record_each, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal, WrongState
from refurb.kernel.speech.folding import slug
from refurb.kernel.speech.sentences import reworded
from refurb.kernel.speech.words import _, _n, moment

S = TypeVar("S", bound=StrEnum)

# Seconds during which « somebody was faster » tells more than « it is no longer so ».
JUST_NOW = 600

Rule = Callable[[Any], None]
PersonRule = Callable[[Any, Actor], None]
Deed = Callable[[Any, Actor, dict[str, Any]], None]
Follower = Callable[[Any, "Move[Any]", Actor, dict[str, Any]], None]


class Stateful(Protocol):
    """What a machine needs of the row it moves."""

    id: Any
    state: Any


@dataclass(frozen=True)
class Look:
    """How a state is shown: icon and word first, colour (todo, work, wait, ok, stop) last."""

    word: Any
    icon: str
    tone: str


@dataclass(frozen=True)
class Move(Generic[S]):
    """One row of a life cycle.

    `rules` raise a `Refusal` when they do not hold; so do those that ask who acts, `whose`. `facts` is the schema of what must be told
    with the move. `done` is the sentence of the history. `effects` are planned with the event, and get the subject's kind and id, and
    the event's position. `forward` moves are proposed as the next step. An `inner` move is part of another deed, which fires it: it has
    no door of its own and no button.
    `address` is the part of its page's address that names it, the French words of its button unless `at` says otherwise.
    `back` names the move that takes this one back, for whoever pressed by mistake.
    `also` is a narrower permission that fires it too, from a page of its own that finds no other subjects: the doors here ask the first.
    """

    name: str
    sources: frozenset[S]
    target: S
    permission: Permission
    label: Any
    done: Any
    icon: str
    rules: tuple[Rule, ...] = ()
    facts: type[Schema] | None = None
    effects: tuple[str, ...] = ()
    forward: bool = True
    inner: bool = False
    whose: tuple[PersonRule, ...] = ()
    at: str = ""
    back: str = ""
    also: Permission | None = None

    def needed_of(self, actor: Actor) -> Permission:
        """The permission by which an actor would make it: the narrower one on its own page, whatever else she may and where."""
        if self.also is not None and (asked_at_door() is self.also or not actor.may(self.permission)):
            return self.also
        return self.permission

    @cached_property
    def address(self) -> str:
        """Where its page stands below its subject's: `demarrer-l-effacement`."""
        return self.at or slug(getattr(self.label, "french", self.label))


def move(
    name: str,
    sources: S | Iterable[S],
    target: S,
    needs: Permission,
    label: Any,
    done: Any,
    *rules: Rule,
    icon: str = "arrow-right",
    facts: type[Schema] | None = None,
    effects: tuple[str, ...] = (),
    forward: bool = True,
    inner: bool = False,
    whose: tuple[PersonRule, ...] = (),
    at: str = "",
    back: str = "",
    also: Permission | None = None,
) -> Move[S]:
    """Write one row: name, from, to, who may, the button, the history's sentence, the rules, then the rest by name."""
    origin = frozenset([sources]) if isinstance(sources, StrEnum) else frozenset(sources)
    return Move(name, origin, target, needs, label, done, icon, rules, facts, effects, forward, inner, whose, at, back, also)


@dataclass(frozen=True)
class Choice(Generic[S]):
    """A move as the page shows it: open, or closed with the refusal that says why."""

    move: Move[S]
    closed: Refusal | None


@dataclass
class Machine(Generic[S]):
    """The life cycle of one kind of subject.

    `held_first` take what must be held before the subject's own row, so that no two deeds wait for each other. `followers` keep what
    follows from any state: they run in the new one, before the event, and may refuse; what they leave in the facts the history keeps.
    `hold` holds the row: `lock_once` where several deeds of one unit move a subject, and nothing but the session writes it.
    """

    kind: str
    states: type[S]
    looks: Mapping[S, Look]
    moves: tuple[Move[S], ...]
    deeds: dict[str, list[Deed]] = field(default_factory=dict)
    held_first: list[Callable[[Any], None]] = field(default_factory=list)
    hold: Callable[[Any], None] = lock
    followers: list[Follower] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rows: dict[str, Move[S]] = {row.name: row for row in self.moves}
        if len(self._rows) != len(self.moves):
            raise ValueError(f"two moves of {self.kind} share a name")
        if unknown := {row.back for row in self.moves} - {"", *self._rows}:
            raise ValueError(f"no move takes back: {sorted(unknown)}")
        missing = set(self.states) - set(self.looks)
        if missing:
            raise ValueError(f"no look for {sorted(missing)}")

    def __getitem__(self, name: str) -> Move[S]:
        try:
            return self._rows[name]
        except KeyError:
            raise NotFound("move.unknown", move=name) from None

    def does(self, name: str) -> Callable[[Deed], Deed]:
        """Declare the writes that belong to a move; they run inside `fire`, after every check and before the event.

        The deed may change the facts it is given: what it leaves there is what the history keeps. A package above may add a deed of its
        own to a move, which runs after those below.
        """
        row = self[name]

        def declare(deed: Deed) -> Deed:
            self.deeds.setdefault(row.name, []).append(deed)
            return deed

        return declare

    def begin(self, subject: Any, actor: Actor, /, **facts: Any) -> Any:
        """Add a new subject in the state its class begins with, and open its history."""
        db.session.add(subject)
        record(subject, "created", actor, **facts)
        return subject

    def begin_each(self, born: Sequence[tuple[Any, Mapping[str, Any]]], actor: Actor) -> None:
        """Like `begin`, for many new subjects at once, each with its own facts."""
        db.session.add_all([subject for subject, _ in born])
        record_each(born, "created", actor)

    def open_to(self, subject: Stateful, actor: Actor) -> list[Choice[S]]:
        """The moves this actor could make from here, in the table's order, each with what closes it, if anything does."""
        return [
            Choice(row, self._refusal(subject, row, actor))
            for row in self.moves
            if subject.state in row.sources and actor.may(row.permission) and not row.inner
        ]

    def _refusal(self, subject: Stateful, row: Move[S], actor: Actor | None = None) -> Refusal | None:
        try:
            for rule in row.rules:
                rule(subject)
            if actor is not None:
                check_place(actor, subject, row.permission)
                for ask in row.whose:
                    ask(subject, actor)
        except Refusal as refusal:
            return refusal
        return None

    def refusal(self, subject: Any, name: str) -> Refusal | None:
        """What closes a move just now, if anything does: the state it does not start from, or the first rule that does not hold."""
        row = self[name]
        return self._refusal(subject, row) if subject.state in row.sources else self._too_late(subject, row)

    def way_back(self, subject: Any, made: str, came_from: S, actor: Actor) -> Move[S] | None:
        """The move that takes back the one just made: if this actor may, if it is open, and if it does not lead on to somewhere else."""
        row = self[made]
        back = self[row.back] if row.back else None
        if back is None or not actor.may(back.permission) or self.refusal(subject, back.name) is not None:
            return None
        return None if back.forward and back.target != came_from else back

    def fire(self, subject: Any, name: str, actor: Actor, /, **told: Any) -> Event:
        """Make a move, or raise the `Refusal` that says why not.

        Checks, in this order: the move exists, the actor may, the state allows it (under the row's lock), the facts are well
        formed, the rules hold. Then does the move's own writes, sets the state, writes the event, plans the effects. What was written
        freely (a private field) is kept beside the event, where it can be erased. The caller's unit of work commits.
        """
        row = self[name]
        needed = row.needed_of(actor)
        check(actor, needed)
        self._hold(subject)
        if subject.state not in row.sources:
            raise self._too_late(subject, row)
        facts = load(row.facts, told) if row.facts else {}
        for rule in row.rules:
            rule(subject)
        check_place(actor, subject)  # Where it is before: what leaves a place is at none afterwards.
        for ask in row.whose:
            ask(subject, actor)
        came_from = self._change(subject, row, actor, facts)
        written = {each: facts.pop(each) for each in private_fields(row.facts) if facts.get(each)} if row.facts else {}
        check(actor, needed)  # Other deeds may have been asked meanwhile: the event bears the role by which this one was allowed.
        if hasattr(subject, "moved_at"):  # Kept by the kinds whose pages and lists say since when.
            subject.moved_at = now()
        happened = record(subject, name, actor, **facts, **{"from": came_from, "to": row.target})
        write_beside(happened, written)
        for kind in row.effects:
            plan(kind, subject_kind=kind_of(subject), subject_id=subject.id, event=happened.position)
        return happened

    def hold_first(self, subject: Any) -> None:
        """Hold what must be held before the subject's own row: for a deed that holds the rows of several subjects before it moves them."""
        for hold in self.held_first:
            hold(subject)

    def _hold(self, subject: Any) -> None:
        self.hold_first(subject)
        self.hold(subject)

    def _change(self, subject: Any, row: Move[S], actor: Actor, facts: dict[str, Any]) -> S:
        """The move's own writes, the new state, and what follows from it; returns the state before."""
        came_from: S = subject.state
        for deed in self.deeds.get(row.name, ()):
            deed(subject, actor, facts)
        subject.state = row.target
        for follow in self.followers:
            follow(subject, row, actor, facts)
        return came_from

    def _too_late(self, subject: Any, row: Move[S]) -> WrongState:
        last = last_event(subject)
        return WrongState(
            "wrong_state",
            state=self.looks[subject.state].word,
            label=row.label,
            last=last.move if last else None,
            done=self.done_sentence(last.move) if last else None,
            actor_id=last.actor_id if last else None,
            seconds=max(0, int((now() - last.at).total_seconds())) if last else None,
        )

    def done_sentence(self, name: str) -> Any:
        """The history's sentence of a move, or None for an event that is not a move of this table."""
        row = self._rows.get(name)
        return row.done if row else None


@reworded("wrong_state")
def _somebody_was_faster(facts: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """For a move that came too late by minutes: who made it, and when; for one asked without a look, since when it stands where it does."""
    if facts.get("since") is not None:
        return "wrong_state.since", {**facts, "when": moment(facts["since"], near=True)}
    seconds, done = facts.get("seconds"), facts.get("done")
    if seconds is None or seconds >= JUST_NOW or done is None:
        return None
    who = wired().name_of(facts.get("actor_id"))
    if who is None:
        return None
    return "wrong_state.just_now", {**facts, "who": who, "ago": _ago(seconds)}


def _ago(seconds: int) -> str:
    """How long ago, as one says it; under five seconds nobody counts."""
    if seconds < 5:
        return _("à l'instant")
    if seconds < 60:
        return _n("il y a %(num)s seconde", "il y a %(num)s secondes", seconds)
    return _n("il y a %(num)s minute", "il y a %(num)s minutes", seconds // 60)
