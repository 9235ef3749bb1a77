"""How long who signed for an organisation is known by name."""

from collections.abc import Sequence

from sqlalchemy import update

from refurb.directory.durations import durations
from refurb.documents.erasing import erase_papers
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import erase_notes
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l
from refurb.referrals.endowed import Endowment, EndowmentState


def forget_endowments(numbers: Sequence[int]) -> None:
    """Forget who signed for organisations, and what their requests said."""
    those = Endowment.id.in_(numbers)
    erase_papers(Endowment.KIND, numbers)
    erase_notes(Endowment.KIND, numbers)
    db.session.execute(update(Endowment).where(those, Endowment.received_by.is_not(None)).values(received_by=ERASED))
    db.session.execute(update(Endowment).where(those, Endowment.place.is_not(None)).values(place=ERASED))
    db.session.execute(update(Endowment).where(those, Endowment.reason != "").values(reason=ERASED))
    db.session.execute(update(Endowment).where(those).values(words=ERASED, forgotten_at=now()))


_OVER = (EndowmentState.GIVEN, EndowmentState.REFUSED, EndowmentState.WITHDRAWN)

ENDOWMENTS_TERM = Term(
    key="referrals.endowments",
    who=_l("Personne qui a signé pour une structure dotée d'appareils"),
    what=_l("son nom, sa signature, le bon, et ce que la demande disait"),
    remains=_l("La structure, les appareils, les dates, le numéro du bon et son empreinte"),
    lasts=lambda: durations().agreed,
    since=_l("la remise, ou la fin de la demande"),
    model=Endowment,
    past=lambda: (
        (Endowment.handed_at < ago(durations().agreed)) | (Endowment.handed_at.is_(None) & (Endowment.asked_at < ago(durations().agreed)))
    ),
    rest=lambda: Endowment.forgotten_at.is_(None) & Endowment.state.in_(_OVER),
    forget=forget_endowments,
    covers=("endowments",),
)
