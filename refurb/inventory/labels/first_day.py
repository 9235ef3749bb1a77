"""The point of the first day that labels are: one was printed, and stands on a thing."""

from sqlalchemy import func, select

from refurb.inventory.labels.models import LabelRun
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.points import READY, TO_DO, UNDER_WAY, SetupPoint
from refurb.kernel.speech.words import _, _l, _lp


def labels_point() -> SetupPoint:
    """Ready when a label that was printed leads to a thing: somebody stuck it, and scanned it or printed it for that thing."""
    stuck = db.session.scalar(select(Device.labelled_at).where(Device.labelled_at.is_not(None)).order_by(Device.id).limit(1))
    made = db.session.scalar(select(func.min(LabelRun.made_at)))
    look = READY if stuck else UNDER_WAY if made else TO_DO
    return SetupPoint(
        key="labels",
        title=_l("Étiquettes"),
        icon="printer",
        look=look,
        now=_now(stuck=stuck is not None, made=made is not None),
        opens=_l("la réception au scan, le code de chaque machine."),
        call=_l("Imprimer une planche d'essai"),
        endpoint="inventory.label_runs",
        button=_lp("first day", "Revoir") if stuck else _lp("first day", "Imprimer"),
        minutes=5,
        allows=_l("Coller une étiquette et la scanner"),
        lacks=_l("Scanner une machine : aucune étiquette n'est encore imprimée"),
        since=stuck,
    )


def _now(*, stuck: bool, made: bool) -> str:
    if stuck:
        return _("Une étiquette imprimée ici est collée sur une machine")
    if made:
        return _("Des étiquettes sont imprimées ; aucune n'est encore collée et scannée")
    return _("La planche d'essai montre si l'imprimante imprime à 100 %")
