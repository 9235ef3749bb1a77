"""The page where the administration chooses whether papers bear the organisation's certificate."""

from flask import request
from werkzeug.wrappers import Response

from refurb.documents.certificate import AlreadyChosen, choice_in_force, choose_certificate, signs_with_certificate
from refurb.documents.pades import CertificateStanding, certificate
from refurb.documents.views import blueprint
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts, Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page


@blueprint.route("/documents/certificat", methods=["GET", "POST"])
@requires(Permission.SETTINGS_WRITE)
def certificate_choice(actor: Actor) -> Response:
    """How the certificate of the settings stands; posting issues papers without it, for a reason, or with it again."""
    found = certificate()
    if found.standing is CertificateStanding.NONE:
        raise NotFound
    wanted = request.form.get("signs") == "1" if request.method == "POST" else not signs_with_certificate()
    form = Form(NoFacts if wanted else Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            choose_certificate(actor, signs=wanted, **form.load())
            without = _("Les documents sont désormais émis avec le code signé seul.")
            done = _("Les documents portent de nouveau le certificat.") if wanted else without
            return go("documents.certificate_choice", done=done)
    signs = signs_with_certificate()
    if isinstance(form.refusal, AlreadyChosen):
        form = Form(Reason if signs else NoFacts, refusal=form.refusal)  # The other choice is what may be made from here.
    return page(
        "documents/certificate.html", form=form, found=found, signs=signs, chosen=choice_in_force(), standings=CertificateStanding,
        name_of=wired().name_of,
    )  # fmt: skip
