"""The pages where a policy is tried: its values, what they would change on today's data, and the adoption."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from refurb.directory.policies.actions import (
    WHOLE,
    PolicyDraftChanged,
    adopt_policy,
    effect_mark,
    effect_of,
    fixed_by_law,
    give_up_trial,
    refuse_unusable,
    take_up_trial,
    try_policy,
)
from refurb.directory.policies.edits import read_typed, typed_as, with_values
from refurb.directory.policies.leaves import Leaf, Path, Unsaid, absent_of, leaves_of
from refurb.directory.policies.queries import complaints_of, draft_of, meanwhile, newest_number, policy_named, standing_of, text_numbered
from refurb.directory.policies.schemas import LONGEST_TEXT, PolicyAdoption, PolicyText, flat, form_of, length_of
from refurb.directory.policies.shown import differences, groups_of, leaves_or_none, parts_of, said_value
from refurb.directory.policies.views import blueprint
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.policy import PolicyFile
from refurb.kernel.deeds.policy_versions import PolicyDraft
from refurb.kernel.deeds.texts import ShortEntry
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page, told

P = Permission


@blueprint.route("/regles/<name>/essai", methods=["GET", "POST"])
@requires(P.POLICY_WRITE)
def trial(actor: Actor, name: str) -> Response:
    """Change values, and see what that would do; nothing is in force before it is adopted."""
    file = policy_named(name)
    draft = draft_of(name)
    text = draft.text if draft else text_numbered(file, _base(file))
    leaves = leaves_or_none(file, text)
    absent = absent_of(file, text) if leaves else []
    parts, part = parts_of(leaves), request.args.get("partie", "")
    if parts:
        parts += list({each.part: each.labels[0] for each in absent if each.part not in dict(parts)}.items())
        part = part if part in dict(parts) else parts[0][0]
        leaves = [each for each in leaves if each.part == part]
        absent = [each for each in absent if each.part == part]
    start = {each.name: typed_as(each.value, each.entry) for each in leaves}
    form = Form(form_of([*leaves, *absent]), start=start)
    if request.method == "POST":
        with form.catching():
            if not leaves:
                refuse_unusable(file, text)
            values = _fixed(file, text) | typed_values(form, [*leaves, *absent])
            typed = with_values(text, values, new=[each.path for each in absent])
            on: dict[str, Any] = {"partie": part if parts else None, "sur": request.form.get("sur") or None}
            if "look" not in request.form:
                return _tried(actor, file, typed, **on)
            on["_anchor"] = "apercu"
            return go("policies.trial", name=name, **on) if typed == text else _tried(actor, file, typed, **on)
        form.faults = _beside(form.faults, [each.name for each in (*leaves, *absent) if not each.law])
    return page(
        "directory/policies/trial.html",
        form=form,
        groups=groups_of(leaves),
        absent={each.leaves[0].path[:-1]: each.leaves for each in groups_of(absent)},
        parts=parts,
        part=part,
        said=said_value,
        complaints=complaints_of(file, text),
        **_sample(actor, file, text),
        **_shown(file, draft),
    )


@blueprint.get("/regles/<name>/longueur")
@requires(P.POLICY_WRITE)
def length(_actor: Actor, name: str) -> Response:
    """How long a text for a telephone would be, while it is written: `{"said": "…"}`."""
    file, typed = policy_named(name), request.args.get("texte", "")
    entry = next((each.entry for each in leaves_of(file, standing_of(file).text) if each.name == request.args.get("champ")), None)
    if not isinstance(entry, ShortEntry) or len(typed) > entry.longest:
        raise NotFound
    return told(jsonify(said=length_of(entry, typed)))


def _sample(actor: Actor, file: PolicyFile[Any], text: str) -> dict[str, Any]:
    """What a text would write about a real record: the one that was chosen, else the newest that it can be written about."""
    sample = wired().text_samples.get(file.name)
    if sample is None:
        return {"sample": None}
    if not actor.may(sample.needs):
        return {"sample": sample, "records": [], "panel": None, "why": None, "on": None}
    records = list(sample.records())
    asked = request.values.get("sur", "")
    chosen = [number for number, _called in records if str(number) == asked]
    if complaints_of(file, text):
        return {"sample": sample, "records": [], "panel": None, "why": _("L'aperçu paraît dès que le texte peut s'appliquer."), "on": None}
    content = file.read_text(text)
    panel = why = on = None
    for on in chosen or [number for number, _called in records]:
        try:
            with file.as_if(content):
                panel, why = sample.shown(on), None
            break
        except Refusal as refusal:
            why = sentence(refusal)
    return {"sample": sample, "records": records, "panel": panel, "why": why, "on": on}


def _fixed(file: PolicyFile[Any], text: str) -> dict[Path, Any]:
    """What the law fixes and this text says otherwise, as it was when it was written: the law of today, in its place."""
    law = fixed_by_law(file)
    return {each.path: law[each.path] for each in leaves_of(file, text) if each.path in law and law[each.path] != each.value}


def typed_values(form: Form, leaves: list[Leaf]) -> dict[Path, Any]:
    """The values that were typed otherwise than they are; raises `Invalid` with everything that cannot be read."""
    typed = form.load()
    found: dict[Path, Any] = {}
    wrong: dict[str, list[Fault]] = {}
    for each in leaves:
        if each.law or each.name not in request.form:
            continue
        try:
            value = read_typed(typed[flat(each.name)] or "", each)
        except Invalid as refusal:
            wrong |= refusal.fields
        else:
            said = each.value is not Unsaid
            if value != each.value if said else (typed[flat(each.name)] or "").strip():
                found[each.path] = value
    if wrong:
        raise Invalid(wrong)
    return found


def _beside(faults: Mapping[str, list[Fault]], names: list[str]) -> dict[str, list[Fault]]:
    """Faults by the field that each is nearest to: of the value itself, of the list that holds it, of the first value inside."""
    found: dict[str, list[Fault]] = {}
    for path, each in faults.items():
        around = [name for name in names if path == name or path.startswith((f"{name}.", f"{name}["))]
        inside = [name for name in names if name.startswith((f"{path}.", f"{path}["))]
        found.setdefault((around or inside or [WHOLE])[0], []).extend(each)
    return found


@blueprint.route("/regles/<name>/texte", methods=["GET", "POST"])
@requires(P.POLICY_WRITE)
def trial_text(actor: Actor, name: str) -> Response:
    """Write the whole text, or take in a file: that is how a line is added."""
    file = policy_named(name)
    draft = draft_of(name)
    form = Form(PolicyText, start={"text": draft.text if draft else text_numbered(file, _base(file))})
    if request.method == "POST":
        with form.catching():
            return _tried(actor, file, _text_sent(form))
        form.faults = {"text": [_where(path, each) for path, faults in form.faults.items() for each in faults]} if form.faults else {}
    return page("directory/policies/text.html", form=form, **_shown(file, draft))


def _text_sent(form: Form) -> str:
    """The file that was sent, else what was typed."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return str(form.load()["text"] or "") + "\n"
    raw = sent.read(LONGEST_TEXT + 1)
    if len(raw) > LONGEST_TEXT:
        raise Invalid({"text": [Fault("policy.file_too_long", most=LONGEST_TEXT // 1000)]})
    try:
        text: str = raw.decode()
    except UnicodeDecodeError as error:
        raise Invalid({"text": [Fault("policy.not_utf8")]}) from error
    return text.replace("\r\n", "\n")


def _where(path: str, fault: Fault) -> Fault:
    return fault if path in {WHOLE, "text"} else Fault("policy.at", path=path, fault=fault)


def _tried(actor: Actor, file: PolicyFile[Any], text: str, **on: Any) -> Response:
    with unit_of_work():
        try_policy(actor, file, text, base=_base(file), seen=number_sent("seen"))
        return go("policies.trial", done=_("L'essai est gardé. Rien n'est encore en vigueur."), name=file.name, **on)


@blueprint.route("/regles/<name>/essai/adopter", methods=["GET", "POST"])
@requires(P.POLICY_WRITE)
def adopt(actor: Actor, name: str) -> Response:
    """Put the trial in force, with its effect before the eyes."""
    file = policy_named(name)
    if ask := wired().policy_asks.get(name):
        ask(actor)
    form = Form(PolicyAdoption, start={"in_force_from": today()})
    if request.method == "POST" and "look" not in request.form:
        with form.catching(), unit_of_work():
            adopted = adopt_policy(actor, file, seen=number_sent("seen"), shown=request.form.get("shown", ""), **form.load())
            done = _("La version %(number)s est adoptée. Les précédentes restent lisibles.", number=adopted.number)
            return go("policies.policy", done=done, name=name)
    draft = draft_of(name)
    if draft is None:
        raise NotFound
    complaints = complaints_of(file, draft.text)
    mark = "" if complaints else effect_mark(file, draft.text)
    shown = _sample(actor, file, draft.text) | _shown(file, draft)
    return page("directory/policies/adopt.html", form=form, mark=mark, complaints=complaints, **shown)


@blueprint.post("/regles/<name>/essai/abandonner")
@requires(P.POLICY_WRITE)
def give_up(actor: Actor, name: str) -> Response:
    """Throw the trial away."""
    with unit_of_work():
        give_up_trial(actor, policy_named(name), seen=number_sent("seen"))
        return go("policies.policy", done=_("L'essai est abandonné ; rien n'a changé."), name=name)


@blueprint.post("/regles/<name>/essai/reprendre")
@requires(P.POLICY_WRITE)
def take_up(actor: Actor, name: str) -> Response:
    """Put the trial upon the version that was adopted meanwhile."""
    with unit_of_work():
        draft = take_up_trial(actor, policy_named(name), seen=number_sent("seen"))
        return go("policies.trial", done=_("Vos changements sont posés sur la version %(number)s.", number=draft.base), name=name)


def _shown(file: PolicyFile[Any], draft: PolicyDraft | None) -> dict[str, Any]:
    """What the pages of a trial show around their form."""
    newer = meanwhile(file, draft)
    before = text_numbered(file, draft.base) if draft else ""
    return {
        "file": file,
        "draft": draft,
        "base": number_sent("base") if request.method == "POST" else newest_number(file),
        "seen": number_sent("seen") if request.method == "POST" else draft.revision if draft else 0,
        "changes": differences(file, before, draft.text) if draft else [],
        "effect": effect_of(file, draft.text) if draft and not newer and not complaints_of(file, draft.text) else None,
        "newer": newer,
        "never_read": standing_of(file).is_shipped,
        "theirs": differences(file, before, newer.text) if newer else [],
        "name_of": wired().name_of,
    }


def written_meanwhile(file: PolicyFile[Any], form: Form, draft: PolicyDraft | None) -> list[tuple[str, str, str]]:
    """What a colleague's trial changes, where a form was refused because of it: for pages that do not show it always."""
    if draft is None or not isinstance(form.refusal, PolicyDraftChanged):
        return []
    return differences(file, text_numbered(file, draft.base), draft.text)


def _base(file: PolicyFile[Any]) -> int:
    """The number of the version that whoever types has before the eyes."""
    return number_sent("base") or newest_number(file)


def number_sent(name: str) -> int:
    """A small number that a form sent; nought for anything else."""
    return number_in(request.form.get(name)) or 0
