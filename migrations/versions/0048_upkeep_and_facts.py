"""upkeep and facts"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

RHYTHM = (
    "CASE WHEN every_loans IS NULL THEN 0 ELSE 1 END + CASE WHEN every_months IS NULL THEN 0 ELSE 1 END "
    "+ CASE WHEN on_date IS NULL THEN 0 ELSE 1 END = 1"
)
OPEN = sa.text("state = 'open'")
OF_PRODUCTS = ("age_from", "skill", "accessories", "lifetime_years", "support_until")
OF_ITEMS = {
    "value_cents": "INTEGER CONSTRAINT ck_items_value_not_negative CHECK (value_cents >= 0)",
    "shelf": "VARCHAR(80)",
    "acquired_on": "DATE",
    "owner_id": "INTEGER CONSTRAINT fk_items_owner_id REFERENCES organisations (id)",
    "right_of_use": "VARCHAR(200)",
    "share_percent": "INTEGER CONSTRAINT ck_items_share_of_the_cost CHECK (share_percent BETWEEN 0 AND 100)",
    "funder": "VARCHAR(120)",
    "logo_due": "BOOLEAN DEFAULT false NOT NULL",
    "keep_until": "DATE",
}


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _tell_items() -> None:
    """Said in SQL, which both databases read alike: the table is not made anew, and the way back finds it as it was."""
    for name, kind in OF_ITEMS.items():
        op.execute(f"ALTER TABLE items ADD COLUMN {name} {kind}")


def upgrade() -> None:
    with op.batch_alter_table("products") as products:
        products.add_column(sa.Column("age_from", sa.Integer(), nullable=True))
        products.add_column(sa.Column("skill", sa.String(length=120), nullable=True))
        products.add_column(sa.Column("accessories", sa.String(length=300), nullable=True))
        products.add_column(sa.Column("lifetime_years", sa.Integer(), nullable=True))
        products.add_column(sa.Column("support_until", sa.Date(), nullable=True))
        products.create_check_constraint(op.f("ck_products_age_of_a_person"), "age_from BETWEEN 0 AND 120")
        products.create_check_constraint(op.f("ck_products_lasts_some_years"), "lifetime_years BETWEEN 1 AND 50")
    _tell_items()
    with op.batch_alter_table("damages") as damages:
        damages.alter_column("line_id", existing_type=sa.Integer(), nullable=True)
        damages.add_column(sa.Column("photo", sa.String(length=64), nullable=True))
    op.create_table(
        "product_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("alt <> ''", name=op.f("ck_product_pictures_says_what_it_shows")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_pictures_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_pictures")),
        sa.UniqueConstraint("product_id", "photo", name=op.f("uq_product_pictures_product_id_photo")),
    )
    op.create_table(
        "upkeep_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("every_loans", sa.Integer(), nullable=True),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(product_id IS NULL) <> (item_id IS NULL)", name=op.f("ck_upkeep_plans_of_one_thing_or_product")),
        sa.CheckConstraint(RHYTHM, name=op.f("ck_upkeep_plans_due_in_one_way")),
        sa.CheckConstraint("every_loans > 0", name=op.f("ck_upkeep_plans_after_some_loans")),
        sa.CheckConstraint("every_months > 0", name=op.f("ck_upkeep_plans_after_some_months")),
        sa.CheckConstraint("days BETWEEN 0 AND 60", name=op.f("ck_upkeep_plans_days_within_reason")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_upkeep_plans_product_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_upkeep_plans_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_plans")),
    )
    op.create_index(op.f("ix_upkeep_plans_product_id"), "upkeep_plans", ["product_id"], unique=False)
    op.create_index(op.f("ix_upkeep_plans_item_id"), "upkeep_plans", ["item_id"], unique=False)
    op.create_table(
        "upkeep_tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="upkeepstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("workshop", sa.String(length=120), nullable=True),
        sa.Column("parts", sa.String(length=300), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_upkeep_tickets_settled_some_day")),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_upkeep_tickets_cost_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_upkeep_tickets_item_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["upkeep_plans.id"], name=op.f("fk_upkeep_tickets_plan_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_upkeep_tickets_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_tickets")),
        sa.UniqueConstraint("reference", name=op.f("uq_upkeep_tickets_reference")),
    )
    op.create_index(op.f("ix_upkeep_tickets_item_id"), "upkeep_tickets", ["item_id"], unique=False)
    op.create_index(
        "uq_upkeep_tickets_open", "upkeep_tickets", ["plan_id", "item_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_upkeep_tickets_due", "upkeep_tickets", ["due_on", "id"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table("upkeep_tickets")
    op.drop_table("upkeep_plans")
    op.drop_table("product_pictures")
    op.execute("DELETE FROM damages WHERE line_id IS NULL")
    with op.batch_alter_table("damages") as damages:
        damages.drop_column("photo")
        damages.alter_column("line_id", existing_type=sa.Integer(), nullable=False)
    if not _is_sqlite():
        op.drop_constraint(op.f("ck_items_value_not_negative"), "items", type_="check")
        op.drop_constraint(op.f("ck_items_share_of_the_cost"), "items", type_="check")
        op.drop_constraint(op.f("fk_items_owner_id"), "items", type_="foreignkey")
    for name in OF_ITEMS:
        op.execute(f"ALTER TABLE items DROP COLUMN {name}")
    with op.batch_alter_table("products") as products:
        products.drop_constraint(op.f("ck_products_age_of_a_person"), type_="check")
        products.drop_constraint(op.f("ck_products_lasts_some_years"), type_="check")
        for name in OF_PRODUCTS:
            products.drop_column(name)
