"""forms in two tabs; accounts' addresses in their one form"""

import sqlalchemy as sa
from alembic import op
from email_validator import EmailNotValidError, validate_email

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kept_forms") as table:
        table.add_column(sa.Column("form", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("kept_forms") as table:
        table.alter_column("form", server_default=None)
        table.drop_constraint(op.f("uq_kept_forms_account_id_action"), type_="unique")
        table.create_unique_constraint(op.f("uq_kept_forms_account_id_action_form"), ["account_id", "action", "form"])
    _spell_addresses()


def _spell_addresses() -> None:
    """A domain of an account in its xn-- form becomes the one with accents, as contacts had it since 0007, unless it is somebody's."""
    accounts = sa.table("accounts", sa.column("id", sa.Integer), sa.column("email", sa.String))
    connection = op.get_bind()
    taken = dict(connection.execute(sa.select(accounts.c.email, accounts.c.id)).all())
    for email, account_id in list(taken.items()):
        spelt = _spelt(email)
        if spelt not in taken:
            taken[spelt] = account_id
            connection.execute(sa.update(accounts).where(accounts.c.id == account_id).values(email=spelt))


def _spelt(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        return email


def downgrade() -> None:
    # Of a form that stood in several tabs the newest remains.
    op.execute(
        "DELETE FROM kept_forms WHERE EXISTS (SELECT 1 FROM kept_forms AS newer WHERE newer.account_id = kept_forms.account_id "
        "AND newer.action = kept_forms.action AND newer.id > kept_forms.id)"
    )
    with op.batch_alter_table("kept_forms") as table:
        table.drop_constraint(op.f("uq_kept_forms_account_id_action_form"), type_="unique")
        table.create_unique_constraint(op.f("uq_kept_forms_account_id_action"), ["account_id", "action"])
        table.drop_column("form")
