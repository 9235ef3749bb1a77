"""in which language the notice was given, and which text"""

from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

LANGUAGES = ("fr", "simple", "en", "ar", "uk")
CHECK = "(notice_language IS NULL) = (notice_version IS NULL) AND (notice_language IS NULL OR notice_given_on IS NOT NULL)"


def upgrade() -> None:
    said = ", ".join(f"'{each}'" for each in LANGUAGES)
    known = f"CONSTRAINT {op.f('ck_referrals_noticelanguage')} CHECK (notice_language IN ({said}))"
    has_a_text = f"CONSTRAINT {op.f('ck_referrals_notice_has_a_text')} CHECK ({CHECK})"
    # Of what was given before nobody noted it. In SQL: made anew, the table would lose the triggers that keep it counted.
    op.execute(f"ALTER TABLE referrals ADD COLUMN notice_language VARCHAR(32) {known}")
    op.execute(f"ALTER TABLE referrals ADD COLUMN notice_version VARCHAR(12) {has_a_text}")


def downgrade() -> None:
    op.execute("ALTER TABLE referrals DROP COLUMN notice_version")
    op.execute("ALTER TABLE referrals DROP COLUMN notice_language")
