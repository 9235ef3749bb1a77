"""The point of the first day that the rules are: they apply as they came; somebody has to have read one, and adopted it with a reason."""

from sqlalchemy import func, select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.points import READY, TO_READ, UNDER_WAY, SetupPoint, button_of
from refurb.kernel.deeds.policy_versions import PolicyDraft, PolicyVersion
from refurb.kernel.speech.words import _, _l, _n


def policies_point() -> SetupPoint:
    """Ready when a rule was adopted here; those that came with the product apply meanwhile."""
    adopted = select(func.count(func.distinct(PolicyVersion.name)), func.min(PolicyVersion.created_at))
    count, since = db.session.execute(adopted.where(PolicyVersion.reason.is_not(None))).one()
    tried = db.session.scalar(select(PolicyDraft.id).limit(1)) is not None
    look = READY if count else UNDER_WAY if tried else TO_READ
    return SetupPoint(
        key="policies",
        title=_l("Règles"),
        icon="scale",
        look=look,
        now=_now(count, tried=tried),
        opens=_l("la liste d'attente ; à adopter avec une date."),
        call=_l("Relire les règles, et en adopter une"),
        endpoint="policies.policy_list",
        button=button_of(look),
        minutes=10,
        allows=_l("Attribuer selon une règle que vous avez relue"),
        lacks=_l("Attribuer selon votre règle : celle qui est livrée s'applique"),
        since=since,
    )


def _now(count: int, *, tried: bool) -> str:
    if count:
        return _n("%(num)s règle adoptée ici", "%(num)s règles adoptées ici", count)
    if tried:
        return _("Un essai est en cours ; les règles livrées s'appliquent")
    return _("Les règles livrées s'appliquent déjà : priorités, durées, motifs de refus")
