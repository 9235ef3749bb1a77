"""visits, counted without a name, what is kept counted of them, and opinions that are numbers"""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

AGES = (
    "moins_de_douze", "douze_dix_huit", "dix_huit_vingt_quatre", "vingt_cinq_trente_neuf", "quarante_cinquante_neuf",
    "soixante_soixante_neuf", "soixante_dix_plus", "non_communique",
)  # fmt: skip
REASONS = (
    "diagnostic_numerique", "prendre_en_main_du_materiel", "maintenance_de_materiel", "gere_ses_contenus_numeriques",
    "navigation_sur_internet", "email", "bureautique", "reseaux_sociaux", "sante", "banque_et_achats_en_ligne", "entrepreneuriat",
    "insertion_professionnelle", "securite_numerique", "parentalite", "scolarite_et_numerique", "creer_avec_le_numerique",
    "culture_numerique", "intelligence_artificielle", "aide_aux_demarches_administratives", "papiers_elections_citoyennete",
    "famille_scolarite", "social_sante", "travail_formation", "logement", "transports_mobilite", "argent_impots", "justice",
    "etrangers_europe", "loisirs_sports_culture", "associations", "non_communique",
)  # fmt: skip
TODAYS = sa.text("entered_at IS NOT NULL")
# The triggers, frozen as they were, a statement a paragraph; the tables begin empty, so there is nothing to count.
FROZEN = Path(__file__).parent.parent / "sql"
HERE = Path(__file__).stem


def _statements() -> list[str]:
    text = (FROZEN / f"{HERE}.{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    return [each.strip() for each in text.split("\n\n")]


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=max(32, *map(len, words)))


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("age", _word("ageband", *AGES), nullable=False),
        sa.Column("situation", _word("situation", "sans_emploi", "en_emploi", "scolarise", "retraite", "non_communique"), nullable=False),
        sa.Column("gender", _word("gender", "feminin", "masculin", "non_communique"), nullable=False),
        sa.Column("first_time", _word("firsttime", "premiere_fois", "deja_venu", "non_communique"), nullable=False),
        sa.Column("heard", sa.String(30), nullable=False),
        sa.Column("detour", sa.String(30), nullable=False),
        sa.Column("sent", sa.String(30), nullable=False),
        sa.CheckConstraint("day >= '1990-01-01'", name=op.f("ck_visits_of_our_days")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_visits_site_id")),
        sa.ForeignKeyConstraint(["counted_by"], ["accounts.id"], name=op.f("fk_visits_counted_by")),
        sa.ForeignKeyConstraint(["group_id"], ["visits.id"], name=op.f("fk_visits_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_visits_site_day", "visits", ["site_id", "day"])
    op.create_index("ix_visits_todays", "visits", ["counted_by", "entered_at"], sqlite_where=TODAYS, postgresql_where=TODAYS)
    op.create_index(op.f("ix_visits_group_id"), "visits", ["group_id"])
    op.create_table(
        "visit_reasons",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("reason", _word("motive", *REASONS), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_reasons_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "reason", name=op.f("pk_visit_reasons")),
    )
    op.create_table(
        "opinion_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_opinion_asks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_asks")),
    )
    op.create_index(op.f("ix_opinion_asks_until"), "opinion_asks", ["until"])
    op.create_table(
        "opinion_counts",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("answer", _word("opinion", "asked", "much", "some", "little", "not", "declined"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_opinion_counts_not_below_nothing")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_opinion_counts_site_id")),
        sa.PrimaryKeyConstraint("site_id", "month", "answer", name=op.f("pk_opinion_counts")),
    )
    for statement in _statements():
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    made, postgresql = "\n".join(_statements()), op.get_bind().dialect.name == "postgresql"
    for name, table in re.findall(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", made, re.MULTILINE):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    for name in re.findall(r"^CREATE FUNCTION (\w+)", made, re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM kept_counts WHERE name IN ('visits', 'visit_reasons')")
    op.execute("DELETE FROM count_changes WHERE name IN ('visits', 'visit_reasons')")
    for table in ("opinion_counts", "opinion_asks", "visit_reasons", "visits"):
        op.drop_table(table)
