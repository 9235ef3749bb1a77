"""What an organisation asks for its own place, a free-access room, a school: several machines, decided and handed over at once."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import name_column
from refurb.kernel.speech.words import _l, _lp

_OPEN_LINE = text("closed_at IS NULL")


class EndowmentState(StrEnum):
    """Where the request of an organisation stands."""

    ASKED = "asked"
    GRANTED = "granted"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_granted(self) -> bool:
        """Whether its machines are set aside, and still here."""
        return self is EndowmentState.GRANTED

    @property
    def is_given(self) -> bool:
        """Whether its machines have left."""
        return self is EndowmentState.GIVEN


class EndowmentUse(StrEnum):
    """What sort of place the machines are for."""

    FREE_ACCESS = "free_access"
    SCHOOL = "school"
    CENTRE = "centre"
    HOSTING = "hosting"
    TRAINING = "training"
    OTHER = "other"


ENDOWMENT_USES = {
    EndowmentUse.FREE_ACCESS: _l("Salle en accès libre"),
    EndowmentUse.SCHOOL: _l("École, collège ou lycée"),
    EndowmentUse.CENTRE: _l("Centre social, maison de quartier"),
    EndowmentUse.HOSTING: _l("Foyer, résidence, hébergement"),
    EndowmentUse.TRAINING: _l("Atelier, formation, insertion"),
    EndowmentUse.OTHER: _lp("endowment", "Un autre lieu"),
}


class EndowmentRefusal(StrEnum):
    """Why an organisation is given nothing."""

    NO_STOCK = "no_stock"
    NOT_OURS = "not_ours"
    EQUIPPED = "equipped"
    NO_CONVENTION = "no_convention"
    OTHER = "other"


ENDOWMENT_REFUSALS = {
    EndowmentRefusal.NO_STOCK: _l("Pas assez d'appareils : les familles passent d'abord"),
    EndowmentRefusal.NOT_OURS: _l("Un usage qui n'est pas celui de cette aide"),
    EndowmentRefusal.EQUIPPED: _l("La structure est déjà équipée"),
    EndowmentRefusal.NO_CONVENTION: _l("Pas de convention possible"),
    EndowmentRefusal.OTHER: _lp("endowment", "Autre raison"),
}


class Endowment(Base):
    """The request of one organisation for machines of its own, and what became of it: no family, no rank, no quota is concerned.

    It was decided by a committee (`committee_id`) or directly, with a reason. What is granted is reserved until `held_until`; all of it
    leaves by one hand-over under one signature. `received_by` signs for the organisation, and is forgotten at the term.
    """

    __tablename__ = "endowments"
    KIND = "endowment"
    __table_args__ = (
        CheckConstraint("state NOT IN ('granted', 'given', 'refused') OR decided_at IS NOT NULL", name="decided_some_time"),
        CheckConstraint("state NOT IN ('granted', 'given') OR committee_id IS NOT NULL OR length(reason) > 0", name="decided_by_somebody"),
        CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name="refused_with_a_reason"),
        CheckConstraint("state <> 'granted' OR held_until IS NOT NULL", name="held_until_some_day"),
        CheckConstraint("state <> 'given' OR handed_at IS NOT NULL", name="given_some_time"),
        CheckConstraint("paper_id IS NULL OR handed_at IS NOT NULL", name="signed_once_given"),
        Index("ix_endowments_state", "state", "asked_at", "id"),
        Index("ix_endowments_organisation", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked_at: Mapped[datetime]
    state: Mapped[EndowmentState] = word_column(EndowmentState, default=EndowmentState.ASKED)
    use: Mapped[EndowmentUse] = word_column(EndowmentUse)
    words: Mapped[str] = mapped_column(String(500))
    refusal: Mapped[EndowmentRefusal | None] = word_column(EndowmentRefusal, nullable=True)
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committees.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    held_until: Mapped[date | None] = mapped_column(index=True)
    told_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(String(160))
    handed_at: Mapped[datetime | None]
    handed_by: Mapped[int | None]
    received_by: Mapped[str | None] = name_column(120)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))
    forgotten_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    paper: Mapped[Paper | None] = relationship()
    wishes: Mapped[list["EndowmentWish"]] = relationship(order_by="EndowmentWish.id", cascade="all, delete-orphan")

    @property
    def is_signed(self) -> bool:
        """Whether its slip is signed, and issued."""
        return self.paper_id is not None

    @property
    def asked(self) -> int:
        """How many machines were asked for."""
        return sum(each.asked for each in self.wishes)


class EndowmentWish(Base):
    """How many machines of one kind an organisation asks for (none of what is granted unasked), and how many were granted."""

    __tablename__ = "endowment_wishes"
    __table_args__ = (
        CheckConstraint("asked >= 0", name="asks_no_less_than_none"),
        CheckConstraint("granted IS NULL OR granted >= 0", name="grants_no_less_than_none"),
        Index("uq_endowment_wishes_kind", "endowment_id", "device_kind", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endowment_id: Mapped[int] = mapped_column(ForeignKey("endowments.id"))
    device_kind: Mapped[DeviceKind] = word_column(DeviceKind)
    asked: Mapped[int]
    granted: Mapped[int | None]


class EndowmentLine(Base):
    """One machine for an organisation: open until the slip is signed, or it is not given after all; on one open line at most."""

    __tablename__ = "endowment_lines"
    __table_args__ = (
        CheckConstraint("came_back_at IS NULL OR closed_at IS NOT NULL", name="back_and_closed"),
        Index("uq_endowment_lines_device", "device_id", unique=True, sqlite_where=_OPEN_LINE, postgresql_where=_OPEN_LINE),
        Index("ix_endowment_lines_device", "device_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endowment_id: Mapped[int] = mapped_column(ForeignKey("endowments.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    put_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # It came back before the slip was signed: it was never theirs.
    came_back_at: Mapped[datetime | None]

    endowment: Mapped[Endowment] = relationship()
    device: Mapped[Device] = relationship()
