"""What is lent: products, items with their components, borrowers, loans with lines that return one by one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Code, Organisation
from refurb.directory.sites.models import site_column
from refurb.documents.models import Paper
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import name_column, personal_email_column, personal_phone_column
from refurb.kernel.deeds.pieces import PieceIndex
from refurb.kernel.deeds.walls import Statements
from refurb.lending.handing import Handing
from refurb.lending.words import BorrowerKind, ComponentState, DamageEnd, DebtEnd, DebtKind, ItemState, LoanState, PieceWhy


class Product(Base):
    """What can be asked for: « Tablette 10 pouces », « Malle robots mBot »; what it is for, for whom, how long it lasts.

    Support ends on `support_until`; a thing of it is replaced after `lifetime_years`, where that is told.
    """

    __tablename__ = "products"
    KIND = "product"
    __table_args__ = (
        CheckConstraint("age_from BETWEEN 0 AND 120", name="age_of_a_person"),
        CheckConstraint("lifetime_years BETWEEN 1 AND 50", name="lasts_some_years"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    category: Mapped[str] = mapped_column(String(32))
    picture: Mapped[str | None] = mapped_column(String(64))
    about: Mapped[str | None] = mapped_column(String(500))
    age_from: Mapped[int | None]
    skill: Mapped[str | None] = mapped_column(String(120))
    accessories: Mapped[str | None] = mapped_column(String(300))
    lifetime_years: Mapped[int | None]
    support_until: Mapped[date | None]

    pictures: Mapped[list["ProductPicture"]] = relationship(order_by="ProductPicture.id")


class ProductPicture(Base):
    """A picture of a product, drawn anew when it came in, with the words for whoever does not see it."""

    __tablename__ = "product_pictures"
    __table_args__ = (UniqueConstraint("product_id", "photo"), CheckConstraint("alt <> ''", name="says_what_it_shows"))

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    photo: Mapped[str] = mapped_column(String(64))
    alt: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class Item(Base):
    """One labelled thing that goes out; a tablet from the stock keeps its device, its code and its history.

    `site_id` is the place that keeps it; `stands_at_id` where it was given back, until it is home again: meanwhile nobody gets it.
    `value_cents` is what replacing the whole costs, where somebody knows. A funder may want its logo on it, and it kept until some day.
    """

    __tablename__ = "items"
    KIND = "item"
    AWAY = ItemState.LENT  # What is out may come back at any desk.
    __table_args__ = (
        CheckConstraint("value_cents >= 0", name="value_not_negative"),
        CheckConstraint("share_percent BETWEEN 0 AND 100", name="share_of_the_cost"),
        CheckConstraint(
            "stands_at_id IS NULL OR (stands_at_id <> site_id AND state NOT IN ('available', 'lent'))",
            name="nobody_gets_it_before_it_is_home",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), unique=True)
    site_id: Mapped[int] = site_column(index=True)
    stands_at_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    state: Mapped[ItemState] = word_column(ItemState, default=ItemState.AVAILABLE, index=True)
    name: Mapped[str] = mapped_column(String(160))
    search: Mapped[str] = mapped_column(String(400))
    value_cents: Mapped[int | None]
    shelf: Mapped[str | None] = mapped_column(String(80))
    acquired_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    right_of_use: Mapped[str | None] = mapped_column(String(200))
    share_percent: Mapped[int | None]
    funder: Mapped[str | None] = mapped_column(String(120))
    logo_due: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    keep_until: Mapped[date | None]

    product: Mapped[Product] = relationship()
    owner: Mapped[Organisation | None] = relationship()
    device: Mapped[Device | None] = relationship()
    components: Mapped[list["Component"]] = relationship(back_populates="item", order_by="Component.id")


class Component(Base):
    """Something counted when an item leaves and when it returns: the charger, the sleeve, four robots.

    `quantity` pieces belong to the item, `here` of them are with it, in our hands or the borrower's; what changes that is a `PieceMove`.
    Without an `indispensable` one complete the item does not leave; a `consumable` one is counted, and not asked back.
    `weight_mg` is what one piece weighs, in milligrams.
    """

    __tablename__ = "components"
    KIND = "component"
    STANDS_WITH = "item"
    __table_args__ = (
        UniqueConstraint("item_id", "name"),
        CheckConstraint("quantity > 0", name="at_least_one"),
        CheckConstraint("here BETWEEN 0 AND quantity", name="not_more_here_than_belong"),
        CheckConstraint("weight_mg > 0", name="weighs_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    value_cents: Mapped[int | None]
    picture: Mapped[str | None] = mapped_column(String(64))
    here: Mapped[int]
    indispensable: Mapped[bool] = mapped_column(default=False)
    consumable: Mapped[bool] = mapped_column(default=False)
    weight_mg: Mapped[int | None]

    item: Mapped[Item] = relationship(back_populates="components")
    codes: Mapped[list["PieceCode"]] = relationship(back_populates="component", order_by="PieceCode.code")

    @property
    def missing(self) -> int:
        """How many pieces are not with the item."""
        return self.quantity - self.here


class PieceCode(Base):
    """The label on one piece of a component: scanned, it finds its kit. A label is on one piece of one kit."""

    __tablename__ = "piece_codes"

    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("components.id"), index=True)

    component: Mapped[Component] = relationship(back_populates="codes")
    led: Mapped[Code] = relationship()


class PieceMove(Base):
    """Pieces of a component that came to an item or left it: `delta` of them, why, and with which line of a loan; never rewritten.

    By item and name, for a component may go. The sum of a component's moves is `Component.here`.
    """

    __tablename__ = "piece_moves"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="of_something"),
        Index("ix_piece_moves_of", "item_id", "component", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    component: Mapped[str] = mapped_column(String(120))
    delta: Mapped[int]
    why: Mapped[PieceWhy] = word_column(PieceWhy)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("loan_lines.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]


def _refused(verb: str) -> str:
    refuse = "BEGIN SELECT RAISE(ABORT, 'piece moves are append-only'); END"
    return f"CREATE TRIGGER piece_moves_no_{verb.lower()} BEFORE {verb} ON piece_moves {refuse}"


# What became of a piece is never written otherwise, on either database.
PIECE_MOVES_WALL: Statements = {
    "sqlite": (_refused("UPDATE"), _refused("DELETE")),
    "postgresql": (
        (
            "CREATE FUNCTION piece_moves_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'piece moves are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        (
            "CREATE TRIGGER piece_moves_append_only BEFORE UPDATE OR DELETE ON piece_moves FOR EACH ROW "
            "EXECUTE FUNCTION piece_moves_refuse()"
        ),
    ),
}


class Borrower(Base):
    """Who borrows: an adult, or somebody for an organisation; a minor borrows through the legal guardian, who is the borrower."""

    __tablename__ = "borrowers"
    KIND = "borrower"
    __table_args__ = (CheckConstraint("is_adult", name="of_age"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    name: Mapped[str] = name_column(160)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    phone: Mapped[str | None] = personal_phone_column()
    email: Mapped[str | None] = personal_email_column()
    sms_refused_at: Mapped[datetime | None]
    is_adult: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(String(400))
    forgotten_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()

    @property
    def kind(self) -> BorrowerKind:
        """Whether they borrow for themselves or for a structure."""
        return BorrowerKind.ORGANISATION if self.organisation_id is not None else BorrowerKind.PERSON


BORROWER_PIECES = PieceIndex("borrowers", "search", "borrower")


class Loan(Base):
    """What one borrower took away at one time; it closes when its last line is back. Its paper is there once its agreement is signed.

    `handover_id` is the stop at which it changes hands; None at the place that keeps it.
    """

    __tablename__ = "loans"
    KIND = "loan"
    STANDS_WITH = "borrower"  # At no place: what is out may come back at any desk.

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    site_id: Mapped[int] = site_column(index=True)
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    state: Mapped[LoanState] = word_column(LoanState, default=LoanState.OPEN, index=True)
    started_at: Mapped[datetime]
    policy_version: Mapped[str] = mapped_column(String(12))
    signature_file: Mapped[str | None] = mapped_column(String(64))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))
    forgotten_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()
    paper: Mapped[Paper | None] = relationship()
    lines: Mapped[list["LoanLine"]] = relationship(back_populates="loan", order_by="LoanLine.id")

    @property
    def handing(self) -> Handing:
        """Where it changes hands."""
        return Handing(self.site_id, self.handover_id)

    @property
    def is_signed(self) -> bool:
        """Whether its agreement is signed, and issued."""
        return self.paper_id is not None


class LoanLine(Base):
    """One item of a loan, out until it is back, or declared lost; never overwritten.

    `said_back_at` is when whoever has it said that it was brought back: it is looked for, and back only once it is found.
    """

    __tablename__ = "loan_lines"
    __table_args__ = (
        Index(
            "uq_loan_lines_out",
            "item_id",
            unique=True,
            sqlite_where=text("back_at IS NULL"),
            postgresql_where=text("back_at IS NULL"),
        ),
        Index("ix_loan_lines_due", "back_at", "due_on"),
        CheckConstraint("NOT lost OR back_at IS NOT NULL", name="lost_is_over"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    out_at: Mapped[datetime]
    due_on: Mapped[date]
    back_at: Mapped[datetime | None]
    lost: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(String(500))
    back_signature: Mapped[str | None] = mapped_column(String(64))
    said_back_at: Mapped[datetime | None]

    loan: Mapped[Loan] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()
    counts: Mapped[list["ComponentCount"]] = relationship(back_populates="line", order_by="ComponentCount.id")

    @property
    def is_incomplete(self) -> bool:
        """Whether less came back than had left."""
        return any(each.is_short for each in self.counts)

    @property
    def is_damaged(self) -> bool:
        """Whether something came back broken."""
        return any(each.state_back is ComponentState.DAMAGED for each in self.counts)


class ComponentCount(Base):
    """How many of a component left and came back with one line; the name and value are frozen as they were."""

    __tablename__ = "component_counts"
    __table_args__ = (
        UniqueConstraint("line_id", "name"),
        CheckConstraint(
            "quantity_out >= 0 AND (quantity_back IS NULL OR quantity_back BETWEEN 0 AND quantity_out)",
            name="not_more_back_than_out",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"))
    name: Mapped[str] = mapped_column(String(120))
    value_cents: Mapped[int | None]
    quantity_expected: Mapped[int]
    quantity_out: Mapped[int]
    state_out: Mapped[ComponentState] = word_column(ComponentState, default=ComponentState.COMPLETE)
    quantity_back: Mapped[int | None]
    note_out: Mapped[str | None] = mapped_column(String(200))
    state_back: Mapped[ComponentState | None] = word_column(ComponentState, constraint="state_back", nullable=True)
    note_back: Mapped[str | None] = mapped_column(String(200))
    consumable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    line: Mapped[LoanLine] = relationship(back_populates="counts")

    @property
    def is_short(self) -> bool:
        """Whether less came back than had left, of what is asked back."""
        return not self.consumable and self.quantity_back is not None and self.quantity_back < self.quantity_out


class Damage(Base):
    """Something broken on an item, found when it came back or on the shelf: a fact of the thing until it is mended."""

    __tablename__ = "damages"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        Index("ix_damages_open", "item_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("loan_lines.id"))
    component: Mapped[str] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(String(200))
    photo: Mapped[str | None] = mapped_column(String(64))
    found_at: Mapped[datetime]
    found_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_how: Mapped[DamageEnd | None] = word_column(DamageEnd, nullable=True)


_OWED = text("settled_at IS NULL")


class Debt(Base):
    """What a borrower owes from one line of a loan: missing, broken or lost; its value in cents, none where nobody knows it.

    Settled, it stays, with how and by whom. `handed_at` is when somebody told the finance office of it, so that it is not told twice.
    What is late is no debt: it is out, and asked by date.
    """

    __tablename__ = "debts"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="of_something"),
        CheckConstraint("value_cents >= 0", name="value_not_negative"),
        CheckConstraint("(settled_at IS NULL) = (settled_how IS NULL)", name="settled_somehow"),
        CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed_by_somebody"),
        Index("uq_debts_open", "line_id", "kind", "name", unique=True, sqlite_where=_OWED, postgresql_where=_OWED),
        Index("ix_debts_owed", "borrower_id", sqlite_where=_OWED, postgresql_where=_OWED),
        Index("ix_debts_handed", "handed_at", sqlite_where=text("handed_at IS NOT NULL"), postgresql_where=text("handed_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"), index=True)
    kind: Mapped[DebtKind] = word_column(DebtKind)
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    value_cents: Mapped[int | None]
    since: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_how: Mapped[DebtEnd | None] = word_column(DebtEnd, nullable=True)
    handed_at: Mapped[datetime | None]
    handed_by: Mapped[int | None]

    borrower: Mapped[Borrower] = relationship()
    line: Mapped[LoanLine] = relationship()
