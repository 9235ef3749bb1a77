"""What is kept counted of visits: by place, by month, by each thing that was said.

A month is that of the day, which is the territory's already. One count holds all the questions of which a visit answers one each: its third
key is the question and the answer (`age soixante_dix_plus`), and `all` for the visit itself.
"""

from refurb.kernel.deeds.counts import Counted, CountKind, Rows, Sql

QUESTIONS = ("age", "situation", "gender", "first_time", "heard", "detour", "sent")
ALL = "all"
_ASKED = "(" + " UNION ALL ".join(f"SELECT '{each}' AS question" for each in (ALL, *QUESTIONS)) + ") AS asked"


def _where(row: str) -> tuple[str, str]:
    return f"CAST({row}.site_id AS TEXT)", f"substr(CAST({row}.day AS TEXT), 1, 7)"


def _answers(row: str, _sql: Sql) -> Counted:
    said = " ".join(f"WHEN '{each}' THEN '{each} ' || {row}.{each}" for each in QUESTIONS)
    return Counted((*_where(row), f"CASE asked.question {said} ELSE asked.question END"), "1 = 1", _ASKED)


# Visits by place, month, and each answer.
VISITS = CountKind("visits", (Rows("visits", _answers, ("site_id", "day", *QUESTIONS)),))


def _reasons(row: str, _sql: Sql) -> Counted:
    return Counted((*_where("visit"), f"{row}.reason"), f"visit.id = {row}.visit_id", "visits AS visit")


def _reasons_of(row: str, _sql: Sql) -> Counted:
    return Counted((*_where(row), "said.reason"), f"said.visit_id = {row}.id", "visit_reasons AS said")


# Visits by place, month and reason: one with two reasons counts under each. A visit keeps its reasons until it goes, after them.
VISIT_REASONS = CountKind(
    "visit_reasons",
    (
        Rows("visit_reasons", _reasons, ("visit_id", "reason")),
        Rows("visits", _reasons_of, ("site_id", "day"), ("UPDATE",)),
    ),
)

COUNTS = (VISITS, VISIT_REASONS)
