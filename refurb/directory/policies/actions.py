"""Try a policy, adopt it, give a trial up: what is adopted is a new version, and no version is ever written otherwise."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.directory.policies.edits import taken_over
from refurb.directory.policies.leaves import Path, leaves_of
from refurb.directory.policies.queries import draft_of, newest_number, standing_of, text_numbered, versions_of
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.policy import Complaint, PolicyError, PolicyFile, digest_of, text_in_file
from refurb.kernel.deeds.policy_versions import PolicyDraft, PolicyVersion, forget_known
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound

WHOLE = "_policy"
"""The name under which a fault of the text as a whole is told."""


class PolicyDraftChanged(Conflict):
    """Somebody else wrote in this trial since the page was opened."""

    code = "policy.draft_changed"


class PolicyDraftExists(Conflict):
    """There is a trial already: it is taken up, or given up first."""

    code = "policy.draft_exists"


class PolicyAdoptedMeanwhile(Conflict):
    """A version was adopted since the trial began."""

    code = "policy.adopted_meanwhile"


class PolicyUnchanged(Conflict):
    """The trial says what was adopted already; what came with the product may be adopted as it is, once somebody has read it."""

    code = "policy.unchanged"


class PolicyEffectMoved(Conflict):
    """Today's data are others than when the effect was shown."""

    code = "policy.effect_moved"


def refuse_unusable(file: PolicyFile[Any], text: str) -> Any:
    """What a text says; raises `Invalid`, with the faults by the path of their value, for one that cannot be adopted."""
    try:
        made = file.read_text(text)
    except PolicyError as error:
        raise Invalid(_by_path(error.complaints)) from error
    if changed := _against_law(file, text):
        raise Invalid(changed)
    guard = wired().policy_guards.get(file.name)
    if guard and (complaints := tuple(guard(made))):
        raise Invalid(_by_path(complaints))
    return made


def _against_law(file: PolicyFile[Any], text: str) -> dict[str, list[Fault]]:
    """The values that the law fixes and that a text says otherwise than the file that came with the product."""
    fixed = fixed_by_law(file)
    return {
        each.name: [Fault("policy.law", why=str(each.law))]
        for each in leaves_of(file, text)
        if each.law and fixed.get(each.path, each.value) != each.value
    }


def fixed_by_law(file: PolicyFile[Any]) -> dict[Path, Any]:
    """What the law fixes in a policy, by its path, as it came with the product."""
    return {each.path: each.value for each in leaves_of(file, text_in_file(file.name)) if each.law}


def _by_path(complaints: Iterable[Complaint]) -> dict[str, list[Fault]]:
    faults: dict[str, list[Fault]] = {}
    for each in complaints:
        faults.setdefault(each.path or WHOLE, []).append(each.fault)
    return faults


def try_policy(actor: Actor, file: PolicyFile[Any], text: str, *, base: int, seen: int) -> PolicyDraft:
    """Keep a text as the trial of a policy; nothing is decided by it.

    `base` is the number of the version that whoever wrote had before the eyes, `seen` the revision of the trial, 0 for none.
    Raises `Invalid`, `PolicyDraftChanged`.
    """
    check(actor, Permission.POLICY_WRITE)
    refuse_unusable(file, text)
    draft = draft_of(file.name)
    if draft is not None:
        lock(draft)
    if (draft.revision if draft else 0) != seen:
        raise PolicyDraftChanged
    if draft is None:
        draft = PolicyDraft(name=file.name, base=min(base, newest_number(file)), revision=0)
        db.session.add(draft)
    draft.revision, draft.text, draft.written_by, draft.written_at = draft.revision + 1, text, actor.id, now()
    record(draft, "policy_tried", actor, name=file.name, base=draft.base, revision=draft.revision)
    return draft


def give_up_trial(actor: Actor, file: PolicyFile[Any], *, seen: int) -> None:
    """Throw the trial of a policy away. Raises `NotFound`, `PolicyDraftChanged`."""
    check(actor, Permission.POLICY_WRITE)
    draft = _draft(file, seen)
    record(draft, "policy_given_up", actor, name=file.name, revision=draft.revision)
    db.session.delete(draft)


def take_up_trial(actor: Actor, file: PolicyFile[Any], *, seen: int) -> PolicyDraft:
    """Put the changes of a trial upon the version that was adopted meanwhile. Raises `NotFound`, `PolicyDraftChanged`."""
    check(actor, Permission.POLICY_WRITE)
    draft = _draft(file, seen)
    newest = newest_number(file)
    text = taken_over(file, text_numbered(file, draft.base), draft.text, text_numbered(file, newest))
    refuse_unusable(file, text)
    draft.base, draft.text, draft.revision, draft.written_at = newest, text, draft.revision + 1, now()
    record(draft, "policy_taken_up", actor, name=file.name, base=newest, revision=draft.revision)
    return draft


def try_former(actor: Actor, file: PolicyFile[Any], number: int) -> PolicyDraft:
    """Begin a trial with the text of a former version. Raises `NotFound`, `PolicyDraftExists`."""
    check(actor, Permission.POLICY_WRITE)
    if draft_of(file.name) is not None:
        raise PolicyDraftExists
    if not any(each.number == number for each in versions_of(file.name)):
        raise NotFound
    return try_policy(actor, file, text_numbered(file, number), base=newest_number(file), seen=0)


def adopt_policy(
    actor: Actor, file: PolicyFile[Any], *, seen: int, shown: str, in_force_from: date, decided_by: str, reason: str
) -> PolicyVersion:
    """Put the trial of a policy in force from a day on, for every process at once; the version is kept for ever.

    `shown` is the mark of the effect that whoever adopts has seen (`effect_mark`). Raises `NotFound`, `PolicyDraftChanged`,
    `PolicyAdoptedMeanwhile`, `PolicyUnchanged`, `PolicyEffectMoved`, and `Invalid` for a day that is over.
    """
    check(actor, Permission.POLICY_WRITE)
    draft = _draft(file, seen)
    if draft.base != newest_number(file):
        raise PolicyAdoptedMeanwhile
    refuse_unusable(file, draft.text)
    if in_force_from < today():
        raise Invalid({"in_force_from": [Fault("field.date_past")]})
    if draft.text == text_numbered(file, draft.base) and not standing_of(file).is_shipped:
        raise PolicyUnchanged
    if effect_mark(file, draft.text) != shown:
        raise PolicyEffectMoved
    keep_shipped(file)
    version = PolicyVersion(
        name=file.name, number=newest_number(file) + 1, text=draft.text, digest=digest_of(draft.text), in_force_from=in_force_from,
        decided_by=decided_by, reason=reason, adopted_by=actor.id, created_at=now(), restored_from=_same_as(file, draft.text),
    )  # fmt: skip
    db.session.add(version)
    record(version, "policy_adopted", actor, name=file.name, number=version.number, digest=version.digest, in_force_from=in_force_from)
    db.session.delete(draft)
    db.session.flush()
    forget_known()
    follow = wired().policy_follows.get(file.name)
    if follow and in_force_from == today():
        follow()
    return version


def effect_of(file: PolicyFile[Any], text: str) -> Any:
    """What a text would change on today's data, a `PolicyEffect`; None for a policy of which it cannot be said. Raises `PolicyError`."""
    preview = wired().policy_effects.get(file.name)
    return preview(file.read_text(standing_of(file).text), file.read_text(text)) if preview else None


def effect_mark(file: PolicyFile[Any], text: str) -> str:
    """A word that is another one when the effect of a text is."""
    return digest_of(repr(effect_of(file, text)))


def keep_shipped_texts() -> int:
    """Keep the text of every file that came with the product, so that what was decided under it can be read for ever; how many were new."""
    return sum(keep_shipped(file) for file in wired().policies)


def keep_shipped(file: PolicyFile[Any]) -> bool:
    """Keep the text of a file where no row holds it, unless the territory has decided otherwise since."""
    text = text_in_file(file.name)
    rows = versions_of(file.name)
    if rows and (not rows[0].is_shipped or rows[0].text == text):
        return False
    number = rows[0].number + 1 if rows else 1
    shipped = {"name": file.name, "number": number, "text": text, "digest": digest_of(text), "in_force_from": today(), "created_at": now()}
    # Two processes that begin at once both keep it: the first row stands.
    db.session.execute(insert_into(PolicyVersion).values(shipped).on_conflict_do_nothing())
    forget_known()
    return True


def _draft(file: PolicyFile[Any], seen: int) -> PolicyDraft:
    draft = draft_of(file.name)
    if draft is None:
        raise NotFound
    lock(draft)
    if draft.revision != seen:
        raise PolicyDraftChanged
    return draft


def _same_as(file: PolicyFile[Any], text: str) -> int | None:
    of = select(PolicyVersion.number).where(PolicyVersion.name == file.name, PolicyVersion.text == text)
    return db.session.scalar(of.order_by(PolicyVersion.number.desc()).limit(1))
