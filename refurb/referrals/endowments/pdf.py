"""What the slip says by which an organisation receives machines: their labels' codes, what they are for, and never a serial or a donor."""

from datetime import datetime

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.actions import Draft
from refurb.documents.content import Block, Claim, Column, Facts, Paragraph, Signature, Signatures, Table
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n, _p, day, moment
from refurb.referrals.cases.pdf import LANGUAGE, states_of
from refurb.referrals.cases.texts import HANDOVER_TEXT
from refurb.referrals.endowed import ENDOWMENT_USES, Endowment
from refurb.referrals.endowments.queries import machines_of_endowment
from refurb.referrals.endowments.texts import ENDOWMENT_TEXT


def endowment_to_sign(endowment: Endowment) -> Draft:
    """What is read before signing: the slip, less its place, number and signatures."""
    return _draft(endowment, now(), ())


def endowment_slip(endowment: Endowment, agent: str) -> Draft:
    """The slip of what left, to be signed by whoever receives for the organisation."""
    assert endowment.handed_at is not None, "it left"
    with force_locale(LANGUAGE):
        who = _("%(person)s, pour %(organisation)s", person=endowment.received_by, organisation=endowment.organisation.name)
        received = Signature(label=_("Pour la structure qui reçoit"), name=who, room=True)
        gave = Signature(label=_("Pour %(organisation)s", organisation=home().full_name), name=agent, when=moment(endowment.handed_at))
        where = Facts(((_("Lieu de la remise"), endowment.place or ""),))
    return _draft(endowment, endowment.handed_at, (where, Signatures((received, gave))))


def _draft(endowment: Endowment, at: datetime, last: tuple[Block, ...]) -> Draft:
    machines = machines_of_endowment(endowment)
    name = endowment.organisation.name
    with force_locale(LANGUAGE):
        text = ENDOWMENT_TEXT.in_force()
        lead = text.say("lead", date=day(at), issuer=home().full_name, organisation_named=name)
        what = Table(
            caption=_n("Appareil remis", "Appareils remis", len(machines)),
            columns=(Column(_("Code"), mono=True, width=30), Column(_("Appareil")), Column(_("Modèle"))),
            rows=tuple((spell(each.code), str(DEVICE_KINDS[each.kind]), each.name or _("modèle non relevé")) for each in machines),
        )
        facts = Facts(
            (
                (_p("endowment", "Demande"), endowment.reference),
                (_("Pour quel lieu"), str(ENDOWMENT_USES[endowment.use])),
                (_("Usage"), endowment.words),
            )
        )
        said = [Paragraph(text.say(each)) for each in ("theirs", "resale", "data")]
        blocks = (what, facts, *states_of(HANDOVER_TEXT.in_force(), machines), *said, Claim(text.say("free")), *last)
        return Draft(title=text.say("title"), lead=lead, blocks=blocks, strong=(name,), language=LANGUAGE, wording=text.version)
