"""The machine: what it checks before a move, in which order, and what it leaves behind."""

from enum import StrEnum

import pytest
from marshmallow import Schema
from sqlalchemy import delete, select

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import Note, broken_links, events_of, notes_of
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from refurb.kernel.web.fields import Text
from tests.support.story import people


class Step(StrEnum):
    """A small life."""

    ASKED = "asked"
    AGREED = "agreed"


class Told(Schema):
    reason = Text(required=True)
    remark = Text(private=True)


def is_named(subject):
    if not subject.name.startswith("CCAS"):
        raise Refusal("not_named")


def machine():
    looks = {Step.ASKED: Look("Demandé", "gift", "todo"), Step.AGREED: Look("D'accord", "check", "ok")}
    return Machine(
        "organisation",
        Step,
        looks,
        (
            move(
                "agree", Step.ASKED, Step.AGREED, Permission.DIRECTORY_WRITE, "Accepter", "Accepté", is_named, facts=Told, effects=("tell",)
            ),
            move("undo", Step.AGREED, Step.ASKED, Permission.DIRECTORY_WRITE, "Défaire", "Défait"),
        ),
    )


@pytest.fixture
def subject(context, monkeypatch):
    monkeypatch.setattr(
        Organisation,
        "state",
        property(lambda self: Step(self.place), lambda self, value: setattr(self, "place", value.value)),
        raising=False,
    )
    with unit_of_work():
        found = people.organisation("CCAS")
        found.place = "asked"
    return found


COORDINATOR, TECHNICIAN = Role.COORDINATOR, Role.TECHNICIAN


def fire(subject, name, role=COORDINATOR, **told):
    with unit_of_work():
        return machine().fire(subject, name, people.actor(role), **told)


def test_a_move_changes_the_state_and_leaves_one_event_and_its_effects(subject):
    fire(subject, "agree", reason="oui", unknown="left out")
    assert subject.state is Step.AGREED
    newest = events_of(subject)[0]
    assert newest.move == "agree"
    assert newest.facts == {"reason": "oui", "remark": None, "from": "asked", "to": "agreed"}
    assert newest.actor_id == people.actor(COORDINATOR).id
    planned = db.session.scalars(select(Effect)).one()
    assert (planned.kind, planned.facts) == ("tell", {"subject_kind": "organisation", "subject_id": subject.id, "event": 2})


def refused(subject, error, name, role=COORDINATOR, **told):
    before = len(events_of(subject))
    with pytest.raises(error) as caught:
        fire(subject, name, role, **told)
    assert subject.state is Step.ASKED
    assert len(events_of(subject)) == before
    assert db.session.scalars(select(Effect)).all() == []
    return caught.value


def test_an_unknown_move_is_refused(subject):
    refused(subject, NotFound, "fly")


def test_a_role_without_the_permission_is_refused(subject):
    refused(subject, Forbidden, "agree", TECHNICIAN, reason="oui")


def test_a_move_from_another_state_is_refused(subject):
    assert refused(subject, WrongState, "undo").facts["last"] == "entered"


def test_missing_facts_are_refused(subject):
    assert list(refused(subject, Invalid, "agree").fields) == ["reason"]


def test_a_rule_that_does_not_hold_is_refused(context, subject):
    with unit_of_work():
        subject.name = "Autre"
    assert refused(subject, Refusal, "agree", reason="oui").code == "not_named"


def test_the_page_is_shown_what_is_open_and_what_closes_the_rest(subject):
    (choice,) = machine().open_to(subject, people.actor(COORDINATOR))
    assert choice.closed is None
    with unit_of_work():
        subject.name = "Autre"
    (choice,) = machine().open_to(subject, people.actor(COORDINATOR))
    assert choice.closed.code == "not_named"
    assert machine().open_to(subject, people.actor(TECHNICIAN)) == []


def test_what_belongs_to_a_move_is_written_with_it(subject):
    built = machine()

    @built.does("agree")
    def rename(row, actor, facts):
        row.email = "a@b.fr"
        facts["said"] = "more"

    with unit_of_work():
        built.fire(subject, "agree", people.actor(COORDINATOR), reason="oui")
    assert subject.email == "a@b.fr"
    assert events_of(subject)[0].facts["said"] == "more"


def test_two_moves_of_one_name_are_a_fault():
    row = move("agree", Step.ASKED, Step.AGREED, Permission.DIRECTORY_WRITE, "", "")
    looks = {each: Look("", "x", "ok") for each in Step}
    with pytest.raises(ValueError, match="share a name"):
        Machine("organisation", Step, looks, (row, row))


def test_what_is_written_freely_is_kept_beside_the_history_never_in_it(subject):
    happened = fire(subject, "agree", reason="oui", remark="Mme Untel est passée")
    newest = events_of(subject)[0]
    assert "Untel" not in str(newest.facts)
    assert notes_of([newest]) == {newest.id: {"remark": "Mme Untel est passée"}}
    with unit_of_work() as session:
        session.execute(delete(Note).where(Note.event_id == happened.id))
    assert notes_of([newest]) == {newest.id: {}}
    assert list(broken_links(db.session())) == []
