"""What goes wrong in the demonstration once a computer is with its family, and help with people's own machines. All invented."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.kernel.speech.clock import local
from refurb.referrals.aftersales.actions import note_word, open_ticket, report_trouble
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.aftersales.words import Cause, Outcome, Symptom

Kept = dict[str, Ticket]


def plan_troubles(cast: Cast, diary: Diary) -> None:
    """Note what families tell by the label of their computer, what the desk writes down, and what it comes to."""
    kept: Kept = {}
    diary.note(19, "18:40", partial(_tell, cast, kept, "internet", Symptom.INTERNET, "La box clignote en rouge."))
    diary.note(18, "10:05", partial(_fire, cast, kept, "internet", "advise", "desk", note="Rallumer la box, puis choisir le Wi-Fi."))
    diary.note(17, "14:20", partial(_close, cast, kept, "internet", Cause.CONNECTION))
    diary.note(12, "15:10", partial(_own, cast, kept, "own", "portable Asus de 2019"))
    diary.note(12, "15:20", partial(_fire, cast, kept, "own", "take_in", "technician", note="Avec son chargeur."))
    diary.note(11, "16:30", partial(_fire, cast, kept, "own", "mend", "technician", cause=Cause.ACCOUNT_LOCKED.value))
    diary.note(8, "11:00", partial(_own, cast, kept, "slow", "fixe Lenovo de 2016"))
    diary.note(8, "11:10", partial(_fire, cast, kept, "slow", "advise", "desk", note="Retirer ce qui démarre tout seul, puis nous dire."))
    diary.note(5, "10:30", partial(_own, cast, kept, "wifi", "tablette Archos"))
    diary.note(5, "10:40", partial(_appoint, cast, diary, kept, "wifi"))
    diary.note(4, "16:05", partial(_own, cast, kept, "left", "portable HP de 2014"))
    diary.note(4, "16:10", partial(_fire, cast, kept, "left", "take_in", "technician", note="Sans son chargeur."))
    diary.note(2, "19:48", partial(_tell, cast, kept, "battery", Symptom.NO_CHARGE, "Essayé sur une autre prise, pas de lumière."))
    diary.note(1, "09:20", partial(_called, cast, kept, "battery"))


def _tell(cast: Cast, kept: Kept, key: str, trouble: Symptom, words: str) -> None:
    kept[key] = report_trouble(cast.allocations["desk-2"].device, trouble=trouble, words=words)


def _own(cast: Cast, kept: Kept, key: str, machine: str) -> None:
    words = "Un ancien compte demande un mot de passe au démarrage."
    kept[key] = open_ticket(cast.actors["desk"], trouble=Symptom.OTHER, own_machine=machine, words=words)


def _fire(cast: Cast, kept: Kept, key: str, move: str, who: str, **facts: str) -> None:
    ticket_machine.fire(kept[key], move, cast.actors[who], **facts)


def _appoint(cast: Cast, diary: Diary, kept: Kept, key: str) -> None:
    at = local(diary.instant(-3, "10:00")).replace(tzinfo=None).isoformat(timespec="minutes")
    _fire(cast, kept, key, "appoint", "desk", at=at, place="Accueil du Relais")


def _close(cast: Cast, kept: Kept, key: str, cause: Cause) -> None:
    _fire(cast, kept, key, "close", "desk", outcome=Outcome.SOLVED.value, cause=cause.value)


def _called(cast: Cast, kept: Kept, key: str) -> None:
    note_word(cast.actors["desk"], kept[key], note="Rappelée : vient avec le chargeur un matin de la semaine.")
