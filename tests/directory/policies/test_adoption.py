"""Adopting a policy: tried first, in force for every process from its day on, kept for ever, and named by what is decided under it."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from refurb.directory.policies import actions
from refurb.directory.policies.actions import (
    PolicyAdoptedMeanwhile,
    PolicyDraftChanged,
    PolicyDraftExists,
    PolicyEffectMoved,
    PolicyUnchanged,
    adopt_policy,
    effect_mark,
    give_up_trial,
    keep_shipped_texts,
    refuse_unusable,
    take_up_trial,
    try_former,
    try_policy,
)
from refurb.directory.policies.queries import draft_of, meanwhile, policy_named, standing_of, version_of_digest, versions_of
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.policy import digest_of, text_in_file
from refurb.kernel.deeds.policy_versions import PolicyDraft, PolicyVersion
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, NotFound
from refurb.lending.terms import loan_policy
from refurb.policies import POLICIES
from tests.directory.policies.trying import adopted, text_with, tried
from tests.support.story import desk, people

LONGER = ("days = 28           # proposés", "days = 35           # proposés")
MOST = ("most_items = 10 ", "most_items = 4 ")


def loans():
    return policy_named("loans")


def test_a_trial_decides_nothing_and_an_adoption_does_at_once(context):
    assert standing_of(loans()).is_shipped
    tried("loans", LONGER)
    assert loan_policy().terms("tablet").days == 28
    version = adopted("loans")
    assert loan_policy().terms("tablet").days == 35
    assert loan_policy().version == version.digest
    assert (version.number, version.is_shipped) == (2, False)
    assert draft_of("loans") is None
    (event,) = events_of(version)
    assert (event.move, event.facts["number"], event.facts["digest"]) == ("policy_adopted", 2, version.digest)
    assert "bureau" not in str(event.facts)
    first = versions_of("loans")[-1]
    assert (first.number, first.text, first.is_shipped) == (1, text_in_file("loans"), True)


def test_what_is_decided_names_its_version_which_is_read_for_ever(context):
    before = desk.lent(desk.tablet())
    adopted("loans", MOST)
    after = desk.lent(desk.kit())
    assert before.policy_version != after.policy_version
    assert loans().read_text(version_of_digest(loans(), before.policy_version).text).most_items == 10
    assert loans().read_text(version_of_digest(loans(), after.policy_version).text).most_items == 4
    with pytest.raises(NotFound):
        version_of_digest(loans(), "0" * 12)


def test_a_version_is_in_force_from_its_day_on(context):
    adopted("loans", MOST, on=today() + timedelta(days=3))
    assert loan_policy().most_items == 10
    assert standing_of(loans()).number == 1
    with at(now() + timedelta(days=3)):
        assert loan_policy().most_items == 4
        assert standing_of(loans()).number == 2


def test_a_day_that_is_over_is_refused_and_so_is_what_changes_nothing(context):
    tried("loans", MOST)
    with pytest.raises(Invalid) as refused:
        adopted("loans", on=today() - timedelta(days=1))
    assert list(refused.value.fields) == ["in_force_from"]
    with unit_of_work():
        give_up_trial(people.actor(Role.ADMIN), loans(), seen=1)
    tried("loans")
    read = adopted("loans")
    assert (read.number, read.restored_from) == (2, 1), "what came with the product may be adopted as it is"
    tried("loans")
    with pytest.raises(PolicyUnchanged):
        adopted("loans")


def test_what_cannot_be_used_is_not_even_tried(context):
    with pytest.raises(Invalid) as refused:
        tried("loans", ("days = 28           # proposés", "days = 57"), MOST)
    ((path, (fault,)),) = refused.value.fields.items()
    assert (path, fault.code, fault.facts) == ("categories.tablet.days", "policy.days_over_longest", {"longest": 56})
    assert draft_of("loans") is None


def test_a_checklist_that_nobody_may_sign_is_refused(context):
    asked = 'sound = { short_fr = "son"'
    for role, refused in (("organiser", True), ("coordinator", False), ("device:approve", False)):
        text = text_with("checklists", (asked, f'sound = {{ signed_by = ["{role}"], short_fr = "son"'))
        if not refused:
            assert refuse_unusable(policy_named("checklists"), text)
            continue
        with pytest.raises(Invalid) as nobody:
            refuse_unusable(policy_named("checklists"), text)
        assert nobody.value.fields["laptop.sound.signed_by"][0].code == "policy.nobody_may"


def test_who_adopts_saw_what_it_changes_today(context):
    desk.lent(desk.tablet())
    tried("loans", LONGER)
    with pytest.raises(PolicyEffectMoved), unit_of_work():
        adopt_policy(
            people.actor(Role.ADMIN), loans(), seen=1, shown="another", in_force_from=today(), decided_by="Le bureau", reason="Essai"
        )  # fmt: skip
    assert draft_of("loans") is not None


def test_two_who_write_at_once_lose_nothing(context):
    mine = tried("loans", LONGER)
    with pytest.raises(PolicyDraftChanged):
        tried("loans", MOST, seen=0)
    # Another trial was adopted while this one was written.
    with unit_of_work():
        db.session.execute(update(PolicyDraft).values(name="aside"))
    theirs = adopted("loans", MOST)
    with unit_of_work():
        db.session.execute(update(PolicyDraft).values(name="loans"))
    db.session.expire_all()
    assert meanwhile(loans(), mine).number == theirs.number
    with pytest.raises(PolicyAdoptedMeanwhile):
        adopted("loans")
    with unit_of_work():
        draft = take_up_trial(people.actor(Role.ADMIN), loans(), seen=mine.revision)
    both = loans().read_text(draft.text)
    assert (both.most_items, both.terms("tablet").days) == (4, 35)
    assert adopted("loans").number == 3


def test_rolling_back_is_a_new_version_with_the_old_text(context):
    adopted("loans", MOST)
    admin = people.actor(Role.ADMIN)
    with pytest.raises(NotFound), unit_of_work():
        try_former(admin, loans(), 9)
    with unit_of_work():
        try_former(admin, loans(), 1)
    with pytest.raises(PolicyDraftExists), unit_of_work():
        try_former(admin, loans(), 1)
    version = adopted("loans")
    assert (version.number, version.restored_from, version.text) == (3, 1, text_in_file("loans"))
    assert loan_policy().most_items == 10


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DESK])
def test_reading_is_not_writing(context, role):
    with pytest.raises(Forbidden):
        tried("loans", MOST, who=people.actor(role))


def test_the_database_keeps_every_version_as_it_was(context):
    version = adopted("loans", MOST)
    for deed in ("UPDATE policy_versions SET reason = 'other'", "DELETE FROM policy_versions"):
        with pytest.raises(IntegrityError):
            db.session.connection().execute(text(deed))
        db.session.rollback()
    with pytest.raises(Conflict), unit_of_work():
        db.session.add(PolicyVersion(name="loans", number=version.number, text="", digest="x", in_force_from=today(), created_at=now()))


def test_a_version_that_a_release_cannot_use_is_passed_over_in_sight(context, monkeypatch):
    policy.forget()
    adopted("loans", MOST)
    said = []
    monkeypatch.setattr(log, "error", lambda event, **facts: said.append((event, facts["number"])))
    broken = text_with("loans", ("renewals = 1", "renewals = 1\nwings = 2"))
    with unit_of_work():
        db.session.add(
            PolicyVersion(
                name="loans",
                number=3,
                text=broken,
                digest=digest_of(broken),
                in_force_from=today(),
                decided_by="x",
                reason="x",
                created_at=now(),
            )
        )
    assert loan_policy().most_items == 4
    assert said == [("policy_version_unusable", 3)]
    standing = standing_of(loans())
    ((version, (complaint,)),) = standing.unusable
    assert (standing.number, version.number, complaint.path) == (2, 3, "categories.tablet.wings")


def test_the_texts_that_came_with_the_product_are_kept_once(context):
    with unit_of_work():
        assert keep_shipped_texts() == len(POLICIES)
    with unit_of_work():
        assert keep_shipped_texts() == 0
    assert loan_policy().version == digest_of(text_in_file("loans"))


def test_within_a_unit_of_work_the_new_rule_holds_as_soon_as_it_is_adopted(context):
    with unit_of_work():
        assert loan_policy().most_items == 10
        try_policy(people.actor(Role.ADMIN), loans(), text_with("loans", MOST), base=1, seen=0)
        adopt_policy(
            people.actor(Role.ADMIN), loans(), seen=1, shown=effect_mark(loans(), text_with("loans", MOST)), in_force_from=today(),
            decided_by="Le bureau", reason="Essai",
        )  # fmt: skip
        assert loan_policy().most_items == 4


def test_two_processes_that_begin_at_once_keep_one_row_of_each(context, monkeypatch):
    with unit_of_work():
        keep_shipped_texts()
    monkeypatch.setattr(actions, "versions_of", lambda _name: [])  # What the other has kept is not seen yet.
    with unit_of_work():
        keep_shipped_texts()
    monkeypatch.undo()
    assert {len(versions_of(each.name)) for each in POLICIES} == {1}
