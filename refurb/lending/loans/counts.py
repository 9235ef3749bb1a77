"""What is kept counted of loans: things that went out, by month, product, and the place where they changed hands."""

from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql


def _out(line: str, loan: str, item: str, sql: Sql) -> tuple[tuple[str, ...], str]:
    place = f"CAST(COALESCE({loan}.handover_id, {loan}.site_id) AS TEXT)"
    keys = sql.month(f"{line}.out_at"), f"CAST({item}.product_id AS TEXT)", place
    return keys, f"{loan}.id = {line}.loan_id AND {item}.id = {line}.item_id"


def _lines(row: str, sql: Sql) -> Counted:
    return Counted(*_out(row, "loan", "item", sql), "loans AS loan, items AS item")


def _loan(row: str, sql: Sql) -> Counted:
    return Counted(*_out("line", row, "item", sql), "loan_lines AS line, items AS item")


def _item(row: str, sql: Sql) -> Counted:
    return Counted(*_out("line", "loan", row, sql), "loan_lines AS line, loans AS loan")


LENT = CountKind(
    "lent",
    (
        Rows("loan_lines", _lines, ("loan_id", "item_id", "out_at")),
        Rows("loans", _loan, ("handover_id", "site_id"), ("UPDATE",)),
        Rows("items", _item, ("product_id",), ("UPDATE",)),
    ),
)

COUNTS = (LENT,)
