"""what a person lets us show of her, who said yes, and where it is shown"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
CHANNELS = ("photo", "film", "name", "words")
SHOWINGS = ("site", "social", "newspaper", "poster", "hall", "donors_letter", "ceremony_report", "year_report", "beside")
STILL = sa.text("taken_down_at IS NULL")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "ceremony_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("is_minor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shown_as", sa.String(length=80), nullable=True),
        sa.Column("sentence", sa.String(length=2000), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("link_round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("given_at IS NULL OR refused_at IS NULL", name=op.f("ck_ceremony_consents_yes_or_no")),
        sa.CheckConstraint("(given_at IS NULL) = (paper_id IS NULL)", name=op.f("ck_ceremony_consents_given_with_a_receipt")),
        sa.ForeignKeyConstraint(["invitation_id"], ["ceremony_invitations.id"], name=op.f("fk_ceremony_consents_invitation_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_ceremony_consents_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_consents")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_ceremony_consents_paper_id")),
    )
    op.create_index(op.f("ix_ceremony_consents_invitation_id"), "ceremony_consents", ["invitation_id"])
    op.create_table(
        "ceremony_consent_voices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", _word("voicerole", "self", "guardian", "child"), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("said_yes", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("way", _word("consent_way", "drawn", "seen", "accepted"), nullable=True),
        sa.Column("drawing", sa.String(length=64), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(said_yes IS NULL) = (answered_at IS NULL)", name=op.f("ck_ceremony_consent_voices_answered_at_some_time")),
        sa.CheckConstraint("said_yes IS NOT TRUE OR way IS NOT NULL", name=op.f("ck_ceremony_consent_voices_a_yes_is_signed")),
        sa.CheckConstraint(
            "(way IS NOT NULL AND way = 'drawn') = (drawing IS NOT NULL)", name=op.f("ck_ceremony_consent_voices_drawn_has_a_drawing")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["ceremony_consents.id"], name=op.f("fk_ceremony_consent_voices_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_consent_voices")),
        sa.UniqueConstraint("consent_id", "position", name=op.f("uq_ceremony_consent_voices_consent_id_position")),
    )
    op.create_index(op.f("ix_ceremony_consent_voices_consent_id"), "ceremony_consent_voices", ["consent_id"])
    op.create_table(
        "ceremony_consent_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("channel", _word("channel", *CHANNELS), nullable=False),
        sa.Column("showing", _word("showing", *SHOWINGS), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(channel = 'name') = (showing = 'beside')", name=op.f("ck_ceremony_consent_grants_a_name_stands_beside")),
        sa.ForeignKeyConstraint(["consent_id"], ["ceremony_consents.id"], name=op.f("fk_ceremony_consent_grants_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_consent_grants")),
        sa.UniqueConstraint("consent_id", "channel", "showing", name=op.f("uq_ceremony_consent_grants_consent_id_channel_showing")),
    )
    op.create_index("ix_ceremony_consent_grants_until", "ceremony_consent_grants", ["until"])
    op.create_table(
        "ceremony_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("channel", _word("use_channel", *CHANNELS), nullable=False),
        sa.Column("showing", _word("use_showing", *SHOWINGS), nullable=False),
        sa.Column("what", sa.String(length=160), nullable=False),
        sa.Column("spot", sa.String(length=200), nullable=False),
        sa.Column("keeper", sa.String(length=160), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("channel <> 'name'", name=op.f("ck_ceremony_uses_a_name_is_shown_with_something")),
        sa.CheckConstraint("(taken_down_at IS NULL) = (taken_down_by IS NULL)", name=op.f("ck_ceremony_uses_taken_down_by_somebody")),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_uses_ceremony_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_uses")),
    )
    op.create_index(op.f("ix_ceremony_uses_ceremony_id"), "ceremony_uses", ["ceremony_id"])
    op.create_index("ix_ceremony_uses_still", "ceremony_uses", ["ceremony_id"], sqlite_where=STILL, postgresql_where=STILL)
    op.create_table(
        "ceremony_use_grants",
        sa.Column("use_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["use_id"], ["ceremony_uses.id"], name=op.f("fk_ceremony_use_grants_use_id")),
        sa.ForeignKeyConstraint(["grant_id"], ["ceremony_consent_grants.id"], name=op.f("fk_ceremony_use_grants_grant_id")),
        sa.PrimaryKeyConstraint("use_id", "grant_id", name=op.f("pk_ceremony_use_grants")),
    )
    op.create_index(op.f("ix_ceremony_use_grants_grant_id"), "ceremony_use_grants", ["grant_id"])
    install(op.get_bind(), [statements_in(SQL, "consents")])


def downgrade() -> None:
    for table in ("ceremony_use_grants", "ceremony_uses", "ceremony_consent_grants", "ceremony_consent_voices", "ceremony_consents"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consents_everybody_said_yes()")
        op.execute("DROP FUNCTION consents_born_ungiven()")
        op.execute("DROP FUNCTION consents_shown_while_live()")
