"""The checklists as people read them: what is asked of which kind, with its limits; they are changed among the rules (`/regles`)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from refurb.directory.policies.queries import standing_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.checklists.policy import CHECKLISTS, all_checklists
from refurb.inventory.checklists.questions import DRIVE, Limits, Presence, Question, Sort
from refurb.inventory.checks.views.checks import offered
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.parts import PartKind, within
from refurb.kernel.deeds.access import ROLES, Actor, Permission, Role
from refurb.kernel.speech.words import _, _l, language
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page

SORTS = {
    Sort.YES_NO: (_l("Oui ou non"), "check"),
    Sort.MEASURE: (_l("Mesure"), "gauge"),
    Sort.CHOICE: (_l("Choix"), "list-checks"),
    Sort.PHOTO: (_l("Photo"), "camera"),
}
_HAS = {Presence.BATTERY: _l("une batterie"), Presence.SCREEN: _l("un écran"), Presence.DRIVE: _l("un support de stockage")}


@blueprint.get("/reglages/controles")
@requires(Permission.DEVICE_CHECK)
def checks_policy(actor: Actor) -> Response:
    """The checklist of each kind."""
    del actor
    lists = all_checklists()
    shown: list[tuple[DeviceKind, Any, list[tuple[Question, list[str]]]]] = [
        (kind, word, [(each, list(_said_of(each, lists[kind].questions))) for each in lists[kind].questions])
        for kind, word in DEVICE_KINDS.items()
    ]
    version = standing_of(CHECKLISTS)
    since = None if version.is_shipped or version.row is None else version.row.in_force_from
    return page("inventory/checks/checks_policy.html", lists=shown, sorts=SORTS, version=version, since=since)


def _said_of(question: Question, questions: tuple[Question, ...]) -> Iterator[str]:
    """What is particular about a question, in sentences."""
    if not question.required:
        yield _("Noté, mais n'empêche pas de remettre.")
    if question.optional_part:
        yield _("« Sans objet » accepté.")
    if question.limits is not None:
        yield _limits(question.limits)
    yield from _options(question)
    yield from _condition(question, questions)
    yield from _people(question)
    if question.reopened_by:
        causes = [within(kind) for kind in PartKind if kind in question.reopened_by]
        if DRIVE in question.reopened_by:
            causes.append(_("support de stockage"))
        yield _("Rouvert par un changement de : %(parts)s.", parts=", ".join(causes))


def _options(question: Question) -> Iterator[str]:
    if question.sort is Sort.CHOICE:
        yield _("Réponses : %(answers)s.", answers=", ".join(word for _value, word in offered(question)))
    if failing := [each.text for each in question.options if not each.passes]:
        yield _("Ne réussit pas : %(answers)s.", answers=", ".join(failing))


def _condition(question: Question, questions: tuple[Question, ...]) -> Iterator[str]:
    condition = question.asked_if
    if condition is not None and condition.question is not None:
        other = next(each for each in questions if each.key == condition.question)
        words = [word for value, word in offered(other) if value in condition.answers]
        yield _("Seulement si « %(what)s » : %(answers)s.", what=other.short, answers=", ".join(words))
    elif condition is not None and condition.presence is not None:
        yield _("Seulement si la machine a %(what)s.", what=str(_HAS[condition.presence]))


def _people(question: Question) -> Iterator[str]:
    if question.signers:
        roles = [str(ROLES[Role(each)]) if each in set(Role) else each for each in question.signers]
        yield _("À signer par : %(who)s.", who=", ".join(roles))
    if question.second_person:
        yield _("Une seconde personne confirme.")


def _limits(limits: Limits) -> str:
    sentences = (
        (_l("réussit à partir de %(number)s"), limits.least),
        (_l("réussit jusqu'à %(number)s"), limits.most),
        (_l("réserve sous %(number)s"), limits.warn_below),
        (_l("réserve au-dessus de %(number)s"), limits.warn_above),
    )
    said = [str(sentence) % {"number": number_said(bound, limits.unit)} for sentence, bound in sentences if bound is not None]
    return _("En %(unit)s : %(limits)s.", unit=limits.unit, limits=", ".join(said)) if said else _("En %(unit)s.", unit=limits.unit)


def number_said(number: Decimal, unit: str) -> str:
    """A measure as people write it: « 82,5 % »."""
    text = f"{number:f}"
    return f"{text.replace('.', ',')}\u202f{unit}" if language() == "fr" else f"{text} {unit}"
