"""Our places: what is stored of each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.reachable import phone_column

FIRST = 1
"""The id of the first site, which every instance has: where everything is that nobody says otherwise of."""


class Site(Base):
    """A place of ours, where things are and people come. `hours` is its week (`hours.WeekHours`), None where nobody has said it."""

    __tablename__ = "sites"
    KIND = "site"
    __table_args__ = (
        CheckConstraint("postcode IS NULL OR length(postcode) = 5", name="postcode_has_five_digits"),
        CheckConstraint("id <> 1 OR archived_at IS NULL", name="the_first_stays"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[SiteKind] = word_column(SiteKind, server_default=SiteKind.WORKSHOP.value)
    address: Mapped[str | None] = mapped_column(String(300))
    postcode: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = phone_column()
    hours: Mapped[str | None] = mapped_column(String(400))
    archived_at: Mapped[datetime | None]


class UsualSite(Base):
    """Where somebody usually works: what they enter is there when they do not say otherwise. Who has none works at the first."""

    __tablename__ = "usual_sites"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))


def site_column(*, index: bool = False) -> MappedColumn[int]:
    """Where a thing is, or a deed takes place. The default keeps a row true that was written without a word of it, in SQL or before."""
    return mapped_column(ForeignKey("sites.id"), index=index, server_default=str(FIRST))
