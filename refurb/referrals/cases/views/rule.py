"""The order of the waiting list as sentences, moved and weighed on today's list before it is adopted."""

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.policies.actions import effect_mark, refuse_unusable, try_policy
from refurb.directory.policies.edits import typed_as, with_values
from refurb.directory.policies.leaves import Leaf, leaves_of
from refurb.directory.policies.queries import complaints_of, draft_of, meanwhile, newest_number, text_numbered, versions_of
from refurb.directory.policies.schemas import PolicyAdoption, form_of
from refurb.directory.policies.trials import number_sent, typed_values, written_meanwhile
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.preview import order_effect
from refurb.referrals.cases.priority import ELIGIBILITY, Order, Rise
from refurb.referrals.cases.rewriting import moved, with_waited

P = Permission
UP, DOWN = "haut", "bas"


@blueprint.route("/regles/eligibility/essai", methods=["GET", "POST"])
@requires(P.POLICY_WRITE)
def rule_trial(actor: Actor) -> Response:
    """Move sentences and change their values, see who would get a computer and who would not, and adopt the rule."""
    file = ELIGIBILITY
    draft = draft_of(file.name)
    text = with_waited(draft.text if draft else text_numbered(file, newest_number(file)))
    complaints = complaints_of(file, text)
    leaves = [] if complaints else _controls(text)
    form = Form(form_of(leaves), start={each.name: typed_as(each.value, each.entry) for each in leaves})
    if request.method == "POST":
        with form.catching():
            refuse_unusable(file, text)
            typed = with_values(text, typed_values(form, leaves))
            place, to = _pressed(refuse_unusable(file, typed))
            if place != to:
                typed = moved(typed, place, to)
            with unit_of_work():
                try_policy(actor, file, typed, base=number_sent("base") or newest_number(file), seen=number_sent("seen"))
                if place == to:
                    return go("policies.trial", name=file.name, done=_("Recalculé : l'effet est à jour, rien n'est encore en vigueur."))
                done = _("La phrase est maintenant la %(place)se.", place=to) if to > 1 else _("La phrase est maintenant la première.")
                button = UP if to < place else DOWN
                return go("policies.trial", name=file.name, done=done, phrase=to, sens=button, _anchor=f"phrase-{to}")
        draft = draft_of(file.name)
    newer = meanwhile(file, draft)
    is_tried = draft is not None and not newer and not complaints
    made = file.in_force() if complaints else file.read_text(text)
    return page(
        "referrals/cases/rule.html",
        file=file,
        form=form,
        made=made,
        rises=Rise,
        was={each.key: each.number for each in file.in_force().priorities},
        in_force=file.in_force(),
        draft=draft,
        newer=newer,
        complaints=complaints,
        changes=written_meanwhile(file, form, draft),
        base=number_sent("base") if request.method == "POST" else newest_number(file),
        seen=number_sent("seen") if request.method == "POST" else draft.revision if draft else 0,
        effect=order_effect(file.in_force(), made) if is_tried else None,
        mark=effect_mark(file, text) if is_tried and draft and draft.text == text else "",
        adoption=Form(PolicyAdoption, start={"in_force_from": today()}),
        versions=versions_of(file.name),
        focus=(request.args.get("phrase", ""), request.args.get("sens", "")),
        name_of=wired().name_of,
    )


def _controls(text: str) -> list[Leaf]:
    """The values that stand in the sentences: how many schoolchildren, and what a long wait changes."""
    return [each for each in leaves_of(ELIGIBILITY, text) if each.path[-1] == "schoolchildren" or each.path[0] == "waited"]


def _pressed(made: Order) -> tuple[int, int]:
    """Which sentence goes where: twice the same where none was to move, or where it cannot. The last has no condition, and stays."""
    movable = len(made.priorities) - 1
    for name, by in ((UP, -1), (DOWN, 1)):
        place = number_sent(name)
        if 1 <= place <= movable and 1 <= place + by <= movable:
            return place, place + by
    return 0, 0
