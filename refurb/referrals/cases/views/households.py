"""Households that are alike: what a prescriber is told once, two files side by side for the coordination, and taking apart again."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number, paged
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.asking import ask_both
from refurb.referrals.cases.likeness import compare
from refurb.referrals.cases.one_request import look_of
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.referrals.cases.schemas import HouseholdAnswered, LikenessSettled, Separated
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.households.actions import answer_told, separate, settle
from refurb.referrals.households.queries import (
    helped_lately,
    is_one,
    likeness_for,
    open_likeness_of,
    open_likenesses,
    referral_of_record,
    referrals_of_household,
    told_of,
)
from refurb.referrals.models import HouseholdLikeness, Referral
from refurb.referrals.words import HASH_KINDS, HOUSEHOLD_ANSWERS, HashKind, HouseholdVerdict, Settlement

P = Permission


def pair_of(likeness: HouseholdLikeness) -> tuple[Referral, Referral]:
    """The newest referral of each of two like households, the one sent last first."""
    found = [referral_of_record(each) for each in (likeness.first, likeness.second)]
    return tuple(sorted(found, key=lambda each: each.submitted_at or each.created_at, reverse=True))  # type: ignore[return-value]  # two of them


def why_alike(likeness: HouseholdLikeness) -> str:
    """By what two households are alike, in one sentence."""
    kinds = {HashKind(each) for each in likeness.kinds}
    # Whose name is the same sounds the same, and whose number is the same ends the same.
    kinds -= {HashKind.SOUND} if HashKind.NAME in kinds else set()
    kinds -= {HashKind.SOUND_AND_REACH} if HashKind.REACH in kinds else set()
    text = ", ".join(str(label) for kind, label in HASH_KINDS.items() if kind in kinds)
    return text[:1].upper() + text[1:]


def household_of(referral: Referral) -> dict[str, Any]:
    """What whoever decides reads of a referral's household: what it was handed, what else it asked for, and what is to be settled."""
    household = referral.beneficiary.household
    return {
        "helped": helped_lately(referral),
        "others": [each for each in referrals_of_household(household) if each.id != referral.id],
        "likeness": open_likeness_of(household),
        "look_of": look_of,
    }


@blueprint.route("/orientations/<reference>/foyer", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def household(actor: Actor, reference: str) -> Response:
    """A request for a like household exists: whose, where and what was decided is not said. Answered once, and sent."""
    found = referral_for(actor, reference)
    told = told_of(found)
    if told is None or told.answer is not None:
        raise NotFound
    g.section = "referrals.referrals"
    form = Form(HouseholdAnswered)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            answer_told(actor, found, **form.load())
            if found.state.is_draft:
                referral_machine.fire(found, "submit", actor)
            return go("referrals.referral", done=_("Orientation %(reference)s transmise.", reference=reference), reference=reference)
        found = referral_for(actor, reference)
    return page("referrals/cases/household.html", form=form, referral=found)


@blueprint.get("/attente/a-rapprocher")
@requires(P.REFERRAL_DECIDE)
def likenesses(actor: Actor) -> Response:
    """Which requests may be of one household: references and reasons, without a name."""
    del actor
    g.section = "referrals.waiting"
    shown = paged(open_likenesses(), page_number())
    pairs = [(each, pair_of(each), why_alike(each)) for each in shown.rows]
    return page("referrals/cases/likenesses.html", shown=shown, pairs=pairs, looks=referral_machine.looks, kinds=DEVICE_KINDS)


@blueprint.route("/attente/a-rapprocher/<int:number>", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def likeness(actor: Actor, number: int) -> Response:
    """Two files side by side, and the choice: one household, two, or ask. Reading it is logged, since it shows two names."""
    need_names()
    found = likeness_for(actor, number)
    g.section = "referrals.waiting"
    form = Form(LikenessSettled)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            return go("referrals.likenesses", done=do_settle(actor, found, **form.load()))
        found = likeness_for(actor, number)
    one, other = pair_of(found)
    note(SecurityKind.TWO_FILES_OPENED, actor, f"{one.reference} {other.reference}")
    return page(
        "referrals/cases/likeness.html",
        likeness=found,
        form=form,
        one=one,
        other=other,
        lines=compare(one, other),
        why=why_alike(found),
        is_one=is_one(found),
        told=[(each, told) for each in (one, other) if (told := told_of(each)) is not None],
        answers=HOUSEHOLD_ANSWERS,
    )


def do_settle(actor: Actor, found: HouseholdLikeness, *, settlement: Settlement, reason: str) -> str:
    """Settle a likeness as it was chosen, or ask both; what was done, in a sentence."""
    if settlement is Settlement.ASK:
        asked = ask_both(actor, found, question=reason)
        return _n("La question est partie dans %(num)s dossier.", "La question est partie dans %(num)s dossiers.", asked)
    settle(actor, found, verdict=HouseholdVerdict(settlement.value), reason=reason)
    return _("Un seul foyer, une seule demande.") if settlement is Settlement.ONE else _("Deux foyers : la question ne reviendra pas.")


@blueprint.route("/orientations/<reference>/separer", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def take_apart(actor: Actor, reference: str) -> Response:
    """The household of a referral is none with the others after all."""
    found = referral_for(actor, reference)
    g.section = "referrals.waiting"
    form = Form(Separated)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            separate(actor, found.beneficiary.household, **form.load())
            return go(
                "referrals.referral",
                done=_("Ce foyer est de nouveau à part, chaque demande aussi."),
                reference=reference,
            )
        found = referral_for(actor, reference)
    others = household_of(found)["others"]
    return page("referrals/cases/take_apart.html", form=form, referral=found, others=others)
