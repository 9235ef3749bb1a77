"""The page where an SMS provider is tried, and saved when it took a message; what was sent, by month and kind."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, request
from flask_babel import format_currency
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.texting.actions import KEPT, save_provider
from refurb.directory.texting.hook import BadTemplate, ShortMessage, SmsHook, check_template, hand_over
from refurb.directory.texting.models import SmsSetting
from refurb.directory.texting.policy import SMS, SMS_KINDS, WAYS
from refurb.directory.texting.providers import READY
from refurb.directory.texting.queries import kept_secret, sms_counts, sms_settings
from refurb.directory.texting.schemas import SHAPES, SmsProviderFacts
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.short_messages import for_telephone
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("texting", __name__)
P = Permission


class DemonstrationTextsNobody(Refusal):
    """A demonstration sends no short message."""

    code = "sms.demonstration_sends_nothing"


@blueprint.route("/sms", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def provider(actor: Actor) -> Response:
    """Try a provider with a real message; what worked is saved."""
    versions = sms_settings()
    form = Form(SmsProviderFacts, start=_start(versions))
    dialogue: list[str] = []
    if request.method == "POST":
        with form.catching():
            return _tried(actor, form, versions, dialogue)
    return _page_of(form, versions, dialogue)


def _tried(actor: Actor, form: Form, versions: list[SmsSetting], dialogue: list[str]) -> Response:
    if current_app.config["DEMO"]:
        raise DemonstrationTextsNobody
    facts = form.load()
    to = facts.pop("to")
    facts["headers"], facts["refused"] = facts["headers"] or "", facts["refused"] or ""
    hook = _with_secret(SmsHook(**facts), versions[0] if versions else None)
    text = for_telephone(_("Message d'essai de %(name)s. S'il est arrivé, tout va bien.", name=home().name))
    try:
        check_template(hook)
        with unit_of_work():  # The press is noted before anything leaves: a second one of the same form is told that it was done.
            pass
        hand_over(hook, ShortMessage(to, text, uuid4().hex[:16]), dialogue.append, private=current_app.config["SMS_PRIVATE"])
    except BadTemplate as bad:
        raise Invalid({bad.where: [Fault(bad.code, **bad.facts)]}) from bad
    except Refusal as refusal:
        raise Invalid({_FIELDS.get(refusal.code, "url"): [Fault(f"{refusal.code}_tried", **refusal.facts)]}) from refusal
    with unit_of_work():
        save_provider(actor, hook, dialogue=tuple(dialogue))
        return go(
            "texting.provider", done=_("Le prestataire a pris le message pour le %(to)s : le réglage est enregistré.", to=spell_phone(to))
        )


_FIELDS = {"sms.refuses_us": "secret", "sms.refused": "sender", "sms.unknown": "taken"}
"""Which answer of the form a refusal is told beside; the others concern the address."""


_LEADS = ("url", "shape", "headers", "body")
"""What says where a secret goes."""


def _with_secret(hook: SmsHook, current: SmsSetting | None) -> SmsHook:
    """With the secret that was typed, or the kept one where it goes to the same address in the same request: elsewhere it could be read."""
    if not hook.secret and current is not None and all(getattr(current, each) == getattr(hook, each) for each in _LEADS):
        hook = replace(hook, secret=kept_secret(current.sealed_secret))
    if not hook.secret and "{secret}" in hook.headers + hook.body:
        raise Invalid({"secret": [Fault("sms.secret_needed")]})
    return hook


def _start(versions: list[SmsSetting]) -> dict[str, Any]:
    """What the form begins with: the ready request or the version asked for, else the one in force."""
    ready = next((each for each in READY if each.key == request.args.get("modele")), None)
    if ready is not None:
        return {name: getattr(ready, name) for name in ("url", "shape", "headers", "body", "taken", "refused")}
    asked = number_asked("version")
    known = next((each for each in versions if each.number == asked), versions[0] if versions else None)
    return {name: getattr(known, name) for name in KEPT} if known is not None else {}


def _page_of(form: Form, versions: list[SmsSetting], dialogue: list[str]) -> Response:
    policy = SMS.in_force()
    return page(
        "directory/texting/provider.html",
        form=form,
        versions=versions,
        name_of=wired().name_of,
        dialogue=dialogue,
        ready=READY,
        shapes=SHAPES,
        counts=sms_counts(),
        euros=lambda amount: format_currency(amount, "EUR"),
        kinds=SMS_KINDS,
        ways=[(SMS_KINDS[each], WAYS[policy.way(each)]) for each in SMS_KINDS],
        policy=policy,
        is_silent=current_app.config["DEMO"],
    )
