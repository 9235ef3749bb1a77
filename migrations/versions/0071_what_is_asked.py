"""what a referral tells of the household, the device and the way there; purposes in numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

# Of what was written before nobody has said it: it is not known.
WORDS = {
    "priority_area": ("priorityarea", ("yes", "no", "unknown")),
    "connection": ("connection", ("none", "phone_only", "fixed", "unknown")),
    "mobility": ("mobility", ("comes", "stop", "home", "unknown")),
}
CHECKS = {
    "household_has_somebody": "household_size IS NULL OR household_size >= 1",
    "stop_of_who_goes_there": "mobility = 'stop' OR stop_id IS NULL",
    "address_while_needed": ("address IS NULL OR ((by_letter OR mobility = 'home') AND state NOT IN ('served', 'refused', 'withdrawn'))"),
    "purposes_are_counted": "submitted_at IS NULL OR CAST(purposes AS TEXT) = '[]'",
}
PURPOSES = ("rights", "school", "work", "health", "links")


def upgrade() -> None:
    checks = {name: f"CONSTRAINT {op.f(f'ck_referrals_{name}')} CHECK ({check})" for name, check in CHECKS.items()}
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # Said in SQL, one by one: made anew, the table would lose the triggers that keep it counted.
    for column, (name, words) in WORDS.items():
        said = ", ".join(f"'{each}'" for each in words)
        check = f"CONSTRAINT {op.f(f'ck_referrals_{name}')} CHECK ({column} IN ({said}))"
        op.execute(f"ALTER TABLE referrals ADD COLUMN {column} VARCHAR(32) DEFAULT 'unknown' NOT NULL {check}")
    op.execute(f"ALTER TABLE referrals ADD COLUMN household_size INTEGER {checks['household_has_somebody']}")
    key = f"CONSTRAINT {op.f('fk_referrals_stop_id')} REFERENCES sites (id)"
    op.execute(f"ALTER TABLE referrals ADD COLUMN stop_id INTEGER {key} {checks['stop_of_who_goes_there']}")
    op.execute(f"ALTER TABLE referrals ADD COLUMN by_letter BOOLEAN DEFAULT {'0' if is_sqlite else 'false'} NOT NULL")
    op.execute(f"ALTER TABLE referrals ADD COLUMN address VARCHAR(200) {checks['address_while_needed']}")
    op.execute("ALTER TABLE referrals ADD COLUMN adaptations JSON DEFAULT '[]' NOT NULL")
    op.execute(f"ALTER TABLE referrals ADD COLUMN purposes JSON DEFAULT '[]' NOT NULL {checks['purposes_are_counted']}")
    purpose = sa.Enum(*PURPOSES, name="statedpurpose", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "purpose_counts",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_purpose_counts_number_not_negative")),
        sa.PrimaryKeyConstraint("year", "purpose", name=op.f("pk_purpose_counts")),
    )


def downgrade() -> None:
    op.drop_table("purpose_counts")
    # Those whose checks name others go first.
    for column in ("purposes", "address", "stop_id", "by_letter", "adaptations", "household_size", *reversed(WORDS)):
        op.execute(f"ALTER TABLE referrals DROP COLUMN {column}")
