"""What the database says when it fails: what was asked of it, never about whom."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from refurb.kernel.deeds.database import db


def test_a_fault_of_the_database_quotes_no_value(context):
    with pytest.raises(SQLAlchemyError) as fault:
        db.session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Zoë O'Neil"})
    assert "nowhere" in str(fault.value)
    assert "O'Neil" not in str(fault.value)


def test_what_was_answered_is_on_the_disk(context, backend):
    if backend == "sqlite":  # PostgreSQL does so by itself; the tests' own server is told not to, for their speed.
        assert db.session.scalar(text("PRAGMA synchronous")) == 2
        assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"
