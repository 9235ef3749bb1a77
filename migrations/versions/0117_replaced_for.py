"""why a paper is annulled and replaced, and what annulled it beside the one that it replaces"""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

WORDS = ("facts", "mistake", "asked")


def upgrade() -> None:
    with op.batch_alter_table("papers") as batch:
        word = sa.Enum(*WORDS, name="replacedfor", native_enum=False, create_constraint=True, length=32)
        batch.add_column(sa.Column("replaces_for", word, nullable=True))
        batch.create_check_constraint(op.f("ck_papers_replaced_for_a_reason"), "replaces_for IS NULL OR replaces_id IS NOT NULL")
        batch.add_column(sa.Column("annulled_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_papers_annulled_by_id"), "papers", ["annulled_by_id"], ["id"])
        batch.create_check_constraint(op.f("ck_papers_annulled_is_replaced"), "annulled_by_id IS NULL OR status = 'replaced'")


def downgrade() -> None:
    with op.batch_alter_table("papers") as batch:
        batch.drop_constraint(op.f("ck_papers_annulled_is_replaced"), type_="check")
        batch.drop_constraint(op.f("fk_papers_annulled_by_id"), type_="foreignkey")
        batch.drop_column("annulled_by_id")
        batch.drop_constraint(op.f("ck_papers_replaced_for_a_reason"), type_="check")
        batch.drop_constraint(op.f("ck_papers_replacedfor"), type_="check")
        batch.drop_column("replaces_for")
