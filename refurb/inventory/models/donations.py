"""Donations, and what was announced and counted."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Contact, Organisation
from refurb.directory.sites.models import site_column
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import ActKind, DataImpact, DonationState, LegalOrigin
from refurb.kernel.deeds.database import Base, word_column


class Donation(Base):
    """What one donor gives at one time; the unit of its papers."""

    __tablename__ = "donations"
    KIND = "donation"
    __table_args__ = (
        CheckConstraint(
            "act_kind IS NULL OR act_kind <> 'decision_deleguee' OR with_conditions IS NULL OR NOT with_conditions",
            name="conditions_go_to_the_council",
        ),
        CheckConstraint("(data_impact IS NULL) = (least_level IS NULL)", name="impact_asks_for_a_level"),
        CheckConstraint("least_level IN ('clear', 'purge', 'destroy')", name="least_level_is_one"),
        Index("ix_donations_received_on", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    site_id: Mapped[int] = site_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    legal_origin: Mapped[LegalOrigin] = word_column(LegalOrigin)
    state: Mapped[DonationState] = word_column(DonationState, default=DonationState.ANNOUNCED, index=True)
    announced_on: Mapped[date]
    scheduled_on: Mapped[date | None]
    received_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(2000))
    # A public body that accepts a gift names the act by which it does (CGCT L.2242-1, L.2122-22 9°; CASF for a CCAS).
    accepted_by_act: Mapped[str | None] = mapped_column(String(200))
    accepted_on: Mapped[date | None]
    # A condition or a charge takes the decision away from whoever it was delegated to: the council decides (CGCT L.2122-22 9°).
    act_kind: Mapped[ActKind | None] = word_column(ActKind)
    with_conditions: Mapped[bool | None]
    # On which text machines that were the territory's own are given away; free transfers are a closed list (CG3P L.3212-2 and -3).
    legal_basis: Mapped[str | None] = mapped_column(String(300))

    # What its donor says of the data inside, and what the workshop asked of a wipe on that day (`data_impact.toml`): the wall reads them.
    data_impact: Mapped[DataImpact | None] = word_column(DataImpact)
    least_level: Mapped[str | None] = mapped_column(String(8))
    reads_all_back: Mapped[bool] = mapped_column(default=False, server_default=false())

    donor: Mapped[Organisation] = relationship()
    contact: Mapped[Contact | None] = relationship()
    lines: Mapped[list["DonationLine"]] = relationship(back_populates="donation", order_by="DonationLine.id", cascade="all, delete-orphan")


class DonationLine(Base):
    """How many of one kind were announced, and how many were counted on arrival; the difference stays visible."""

    __tablename__ = "donation_lines"
    __table_args__ = (
        UniqueConstraint("donation_id", "kind"),
        CheckConstraint("announced >= 0", name="announced_not_negative"),
        CheckConstraint("announced_first IS NULL OR announced_first >= 0", name="announced_first_not_negative"),
        CheckConstraint("received IS NULL OR received >= 0", name="received_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    kind: Mapped[DeviceKind] = word_column(DeviceKind)
    announced: Mapped[int]
    # What was announced before the donor's list named its machines; where the list says the same, and where there is none, nothing.
    announced_first: Mapped[int | None]
    received: Mapped[int | None]

    donation: Mapped[Donation] = relationship(back_populates="lines")
