"""mail settings"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column(
            "security",
            sa.Enum("smtp+starttls", "smtps", "smtp", name="mailsecurity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("username", sa.String(length=200), nullable=True),
        sa.Column("sealed_password", sa.String(length=2000), nullable=True),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("sender_name", sa.String(length=160), nullable=True),
        sa.Column("tried_to", sa.String(length=200), nullable=False),
        sa.Column("dialogue", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_mail_settings_numbers_begin_at_one")),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_mail_settings_port_is_one")),
        sa.CheckConstraint("sealed_password IS NULL OR username IS NOT NULL", name=op.f("ck_mail_settings_password_is_somebodys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_settings")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_settings_number")),
    )


def downgrade() -> None:
    op.drop_table("mail_settings")
