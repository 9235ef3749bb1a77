"""The point of the first day that backups are: one was made, restored into a temporary place, and verified."""

from refurb.keeping.models import KeepingRun
from refurb.keeping.queries import KeepingStanding, standing_of
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.points import READY, TO_DO, UNDER_WAY, WAITING, SetupPoint
from refurb.kernel.speech.words import _, _l, _lp, moment, size

_WRONG = Look(_lp("first day", "À voir"), "octagon-x", "stop")


def keeping_point() -> SetupPoint:
    """Ready when the last backup was made and the last rehearsal read one back without a fault."""
    backup, rehearsal = standing_of(KeepingKind.BACKUP), standing_of(KeepingKind.REHEARSAL)
    look = _look(backup, rehearsal)
    return SetupPoint(
        key="keeping",
        title=_l("Sauvegarde"),
        icon="save",
        look=look,
        now=_now(backup.done, rehearsal.done) if look is not _WRONG else _("La dernière a échoué, ou date de plus de huit jours"),
        opens=_l("tout le reste."),
        protects=True,
        call=_l("Voir les sauvegardes") if look is _WRONG else _l("Faire une sauvegarde, et essayer de la relire"),
        endpoint="keeping.backups",
        button=_lp("first day", "Voir"),
        minutes=2,
        allows=_l("Perdre le serveur sans perdre le travail"),
        lacks=_l("Perdre le serveur sans perdre le travail : aucune sauvegarde n'a encore été relue"),
        since=rehearsal.done.ended_at if rehearsal.done and look is READY else None,
        waits=backup.open is not None or rehearsal.open is not None,
    )


def _look(backup: KeepingStanding, rehearsal: KeepingStanding) -> Look:
    if backup.is_wrong or rehearsal.is_wrong:
        return _WRONG
    if backup.open or rehearsal.open:
        return WAITING
    if backup.done is None:
        return TO_DO
    return READY if rehearsal.done else UNDER_WAY


def _now(backup: KeepingRun | None, rehearsal: KeepingRun | None) -> str:
    if backup is None:
        return _("Aucune pour l'instant ; la première se fait cette nuit, ou maintenant si vous la demandez")
    made = _("%(when)s, %(size)s", when=moment(backup.ended_at, near=True), size=size(backup.size or 0))
    return _("%(made)s, relue sans erreur", made=made) if rehearsal else _("%(made)s, pas encore relue", made=made)
