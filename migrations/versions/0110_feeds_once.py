"""an agenda is followed by one address of an account; what a message may have cost twice"""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

OPENS_ALONE = sa.text("revoked_at IS NULL AND NOT is_double")
# Of two of one agenda the older keeps its address: somebody's calendar reads it.
DOUBLES = (
    "UPDATE calendar_feeds SET is_double = (1 = 1) WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM calendar_feeds AS newer"
    " WHERE newer.account_id = calendar_feeds.account_id AND newer.kind = calendar_feeds.kind"
    " AND newer.number = calendar_feeds.number AND newer.revoked_at IS NULL AND newer.id > calendar_feeds.id)"
)


def upgrade() -> None:
    with op.batch_alter_table("calendar_feeds") as table:
        table.add_column(sa.Column("is_double", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("calendar_feeds") as table:
        table.alter_column("is_double", server_default=None)
    op.execute(DOUBLES)
    op.create_index(
        "uq_calendar_feeds_live", "calendar_feeds", ["account_id", "kind", "number"], unique=True,
        sqlite_where=OPENS_ALONE, postgresql_where=OPENS_ALONE,
    )  # fmt: skip
    with op.batch_alter_table("sms_sendings") as table:
        table.add_column(sa.Column("lost_parts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("lost_cost", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("sms_sendings") as table:
        table.alter_column("lost_parts", server_default=None)
        table.alter_column("lost_cost", server_default=None)
        table.create_check_constraint(op.f("ck_sms_sendings_lost_counted"), "lost_parts >= 0 AND lost_cost >= 0")


def downgrade() -> None:
    with op.batch_alter_table("sms_sendings") as table:
        table.drop_constraint(op.f("ck_sms_sendings_lost_counted"), type_="check")
        table.drop_column("lost_cost")
        table.drop_column("lost_parts")
    op.drop_index("uq_calendar_feeds_live", "calendar_feeds")
    with op.batch_alter_table("calendar_feeds") as table:
        table.drop_column("is_double")
