"""which requests are joined to another of their household"""

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Said in SQL: made anew, the table would lose the triggers that keep it counted.
    key = f"CONSTRAINT {op.f('fk_referrals_joined_into_id')} REFERENCES referrals (id)"
    check = "joined_into_id IS NULL OR (state = 'withdrawn' AND joined_into_id <> id)"
    wall = f"CONSTRAINT {op.f('ck_referrals_joined_is_closed')} CHECK ({check})"
    op.execute(f"ALTER TABLE referrals ADD COLUMN joined_into_id INTEGER {key} {wall}")
    op.create_index(op.f("ix_referrals_joined_into_id"), "referrals", ["joined_into_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_referrals_joined_into_id"), table_name="referrals")
    op.execute("ALTER TABLE referrals DROP COLUMN joined_into_id")
