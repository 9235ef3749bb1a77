"""The life cycle of a session of the committee."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.committees.rules import enough_come, every_file_is_decided, has_files, somebody_presides
from refurb.referrals.committees.schemas import ReadAloud
from refurb.referrals.committees.words import CommitteeState

C = CommitteeState

committee_machine: Machine[CommitteeState] = Machine(
    "committee",
    CommitteeState,
    {
        C.PREPARED: Look(_lp("committee", "En préparation"), "pen-line", "work"),
        C.IN_SESSION: Look(_lp("committee", "En séance"), "users", "work"),
        C.CLOSED: Look(_lp("committee", "Close"), "circle-check", "ok"),
        C.CANCELLED: Look(_lp("committee", "Annulée"), "ban", "stop"),
    },
    (
        move("open", C.PREPARED, C.IN_SESSION, P.REFERRAL_DECIDE, _l("Ouvrir la séance"), _l("Séance ouverte"), has_files,
             somebody_presides, enough_come, icon="play", back="adjourn"),
        move("close", C.IN_SESSION, C.CLOSED, P.ALLOCATION_WRITE, _l("Clore la séance"), _l("Séance close"),
             every_file_is_decided, somebody_presides, enough_come, icon="lock", facts=ReadAloud, at="clore"),
        # What was noted stays: the committee goes on another day.
        move("adjourn", C.IN_SESSION, C.PREPARED, P.REFERRAL_DECIDE, _l("Suspendre la séance"), _l("Séance suspendue"), icon="pause",
             forward=False),
        move("cancel", C.PREPARED, C.CANCELLED, P.REFERRAL_DECIDE, _l("Annuler la commission"), _l("Commission annulée"), icon="ban",
             forward=False),
    ),
)  # fmt: skip
