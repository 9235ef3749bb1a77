"""What a device is worth, computed when its facts change and kept, so that lists can filter and sort by it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.targets.words import Category, Cosmetic, Verdict
from refurb.kernel.deeds.database import Base, word_column


class DeviceTarget(Base):
    """The target check of one device: what was told of it, and what the policy of a day made of that.

    `weighed` holds the figures of each line, as `targets` computed them. `cpu_mark` (PassMark's scale), `cosmetic` and what is known of
    the firmware are told by people or by the bench agent, and stay when the rest is computed anew.
    """

    __tablename__ = "device_targets"
    KIND = "device_target"
    __table_args__ = (
        Index("ix_device_targets_category", "category", "device_id"),
        Index("ix_device_targets_best", "category", "points", "device_id"),
        CheckConstraint("cpu_mark IS NULL OR cpu_mark > 0", name="cpu_mark_positive"),
        CheckConstraint("tpm IS NULL OR tpm >= 0", name="tpm_not_negative"),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id), primary_key=True)
    policy: Mapped[str] = mapped_column(String(12), index=True)
    computed_at: Mapped[datetime]
    category: Mapped[Category | None] = word_column(Category, constraint="target_category")
    points: Mapped[int | None]
    minimum: Mapped[Verdict | None] = word_column(Verdict, constraint="target_minimum")
    windows_11: Mapped[Verdict | None] = word_column(Verdict, constraint="target_windows")
    weighed: Mapped[dict[str, Any]]
    cpu_mark: Mapped[int | None]
    cosmetic: Mapped[Cosmetic | None] = word_column(Cosmetic, constraint="target_cosmetic")
    uefi: Mapped[bool | None]
    secure_boot: Mapped[bool | None]
    tpm: Mapped[float | None]

    device: Mapped[Device] = relationship()
