"""the SMS provider as it is entered on screen, what came of each message, and who wants none"""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "sms_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("shape", _word("smsshape", "query", "form", "json"), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("taken", sa.String(length=200), nullable=False),
        sa.Column("refused", sa.String(length=200), nullable=False),
        sa.Column("takes_once", sa.Boolean(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=2000), nullable=True),
        sa.Column("dialogue", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_sms_settings_numbers_begin_at_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_settings")),
        sa.UniqueConstraint("number", name=op.f("uq_sms_settings_number")),
    )
    op.create_table(
        "sms_sendings",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("kind", _word("smskind", "loans", "recalls", "waits", "handovers", "ceremonies", "news"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("fate", _word("smsfate", "sending", "taken", "not_taken", "unreached", "unknown"), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("parts > 0 AND price >= 0 AND tries > 0", name=op.f("ck_sms_sendings_counted")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sms_sendings")),
    )
    op.create_index("ix_sms_sendings_month", "sms_sendings", ["month", "kind", "fate"])
    for table in ("borrowers", "beneficiaries"):
        op.add_column(table, sa.Column("sms_refused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("beneficiaries", "borrowers"):
        op.drop_column(table, "sms_refused_at")
    op.drop_table("sms_sendings")
    op.drop_table("sms_settings")
