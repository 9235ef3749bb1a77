"""The press that notes whether a person wants short messages."""

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.referrals.cases.sms import choose_sms


@blueprint.post("/orientations/<reference>/sms")
@requires(Permission.REFERRAL_WRITE)
def choose_sms_of(actor: Actor, reference: str) -> Response:
    """Note that she wants no short messages, or some again."""
    found = referral_for(actor, reference)
    with unit_of_work():
        choose_sms(actor, found, wanted=bool(request.form.get("wanted")))
        return go("referrals.referral", done=_("C'est noté."), reference=reference)
