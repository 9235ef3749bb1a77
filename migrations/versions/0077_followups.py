"""what becomes of the devices that families were given: asked, answered or not"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("standing IN ('to_ask', 'asked')")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    ways = ("email", "phone", "partner", "never")
    op.create_table(
        "news_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("way", _word("newsway", *ways), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_news_choices_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_choices")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_news_choices_referral_id")),
    )
    op.create_table(
        "followups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("way", _word("newsway", *ways), nullable=False),
        sa.Column("standing", _word("asking", "to_ask", "asked", "answered", "unanswered", "declined"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", _word("answeredby", "family", "staff", "partner"), nullable=True),
        sa.Column("works", _word("works", "yes", "trouble", "no"), nullable=True),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("helps", _word("helps", "much", "little", "not"), nullable=True),
        sa.Column("next_need", _word("nextneed", "nothing", "learning", "connection", "equipment", "other"), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(standing = 'answered') = (answered_by IS NOT NULL)", name=op.f("ck_followups_answered_by_somebody")),
        sa.CheckConstraint("(standing IN ('to_ask', 'asked')) = (settled_at IS NULL)", name=op.f("ck_followups_settled_some_time")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_followups_tries_not_negative")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_followups_referral_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_followups_handover_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_followups_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followups")),
        sa.UniqueConstraint("handover_id", "stage", name=op.f("uq_followups_handover_id_stage")),
    )
    op.create_index(op.f("ix_followups_referral_id"), "followups", ["referral_id"])
    op.create_index("ix_followups_open", "followups", ["due_on", "id"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_followups_due", "followups", ["due_on", "stage", "id"])


def downgrade() -> None:
    op.drop_table("followups")
    op.drop_table("news_choices")
