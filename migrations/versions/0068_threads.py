"""threads of questions and answers"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


# What stood in a column becomes a line of the thread, by whoever the history says wrote it last, and when.
QUESTIONS = """
INSERT INTO referral_messages (referral_id, kind, by_partner, author_id, at, text)
SELECT asked.id, 'question', FALSE, (SELECT account.id FROM accounts AS account WHERE account.id = happened.actor_id),
    coalesce(happened.at, asked.created_at), asked.question
FROM referrals AS asked LEFT JOIN events AS happened ON happened.subject_kind = 'referral' AND happened.subject_id = asked.id
    AND happened.position = (
        SELECT max(position) FROM events WHERE subject_kind = 'referral' AND subject_id = asked.id AND move = 'ask'
    )
WHERE asked.question <> '' ORDER BY asked.id
"""
ANSWERS = """
INSERT INTO referral_messages (referral_id, kind, by_partner, author_id, at, text)
SELECT asked.id, 'answer', TRUE, (SELECT account.id FROM accounts AS account WHERE account.id = happened.actor_id),
    coalesce(happened.at, asked.created_at), asked.answer
FROM referrals AS asked LEFT JOIN events AS happened ON happened.subject_kind = 'referral' AND happened.subject_id = asked.id
    AND happened.position = (
        SELECT max(position) FROM events WHERE subject_kind = 'referral' AND subject_id = asked.id AND move = 'answer'
    )
WHERE asked.answer <> '' ORDER BY asked.id
"""
BACK = """
UPDATE referrals SET
    question = (SELECT text FROM referral_messages WHERE referral_id = referrals.id AND kind = 'question' ORDER BY id DESC LIMIT 1),
    answer = (SELECT text FROM referral_messages WHERE referral_id = referrals.id AND kind = 'answer' ORDER BY id DESC LIMIT 1)
"""


def upgrade() -> None:
    kind = sa.Enum("question", "answer", "word", name="messagekind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "referral_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("by_partner", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.CheckConstraint("kind <> 'question' OR NOT by_partner", name=op.f("ck_referral_messages_coordination_asks")),
        sa.CheckConstraint("kind <> 'answer' OR by_partner", name=op.f("ck_referral_messages_partner_answers")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_referral_messages_referral_id")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_referral_messages_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_messages")),
    )
    op.create_index("ix_referral_messages_referral", "referral_messages", ["referral_id", "id"])
    op.execute(QUESTIONS)
    op.execute(ANSWERS)
    for column in ("question", "answer"):
        # Said in SQL: SQLite would make the table anew otherwise, without its triggers.
        op.execute(f"ALTER TABLE referrals DROP COLUMN {column}")


def downgrade() -> None:
    for column in ("question", "answer"):
        op.execute(f"ALTER TABLE referrals ADD COLUMN {column} VARCHAR(500)")
    op.execute(BACK)
    op.drop_table("referral_messages")
