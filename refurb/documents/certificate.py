"""Whether papers bear the organisation's certificate: chosen on screen, with a reason, one row a choice; the highest number is in force.

The certificate itself comes from the settings of the installation. Without it papers are issued with the signed code alone, and say nothing
of a certificate; so that one that has expired keeps nobody from issuing for longer than it takes to read a refusal.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict


class CertificateChoice(Base):
    """That papers are signed with the certificate from then on, or are not, and why."""

    __tablename__ = "certificate_choices"
    KIND = "certificate_choice"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("signs OR reason IS NOT NULL", name="stopped_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    signs: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(300))
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[int | None]


class AlreadyChosen(Conflict):
    """Papers are signed with the certificate already, or not any more already: somebody was quicker."""

    code = "paper.certificate_chosen"


def choice_in_force() -> CertificateChoice | None:
    """The last choice; none where nobody has ever chosen: then papers are signed wherever there is a certificate."""
    return db.session.scalar(select(CertificateChoice).order_by(CertificateChoice.number.desc()).limit(1))


def signs_with_certificate() -> bool:
    """Whether papers are to bear the certificate of the settings, where there is one."""
    chosen = choice_in_force()
    return chosen is None or chosen.signs


def choose_certificate(actor: Actor, *, signs: bool, reason: str | None = None) -> CertificateChoice:
    """Sign with the certificate from now on, or without it for a reason; issued papers stay as they are. Raises `AlreadyChosen`."""
    check(actor, Permission.SETTINGS_WRITE)
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())
    former = choice_in_force()
    if (former.signs if former else True) is signs:
        raise AlreadyChosen
    chosen = CertificateChoice(
        number=former.number + 1 if former else 1, signs=signs, reason=None if signs else reason, chosen_at=now(), chosen_by=actor.id
    )
    db.session.add(chosen)
    record(chosen, "certificate_used" if signs else "certificate_stopped", actor, number=chosen.number)
    return chosen
