"""Prepared reads: the ORM's own answer, on the right connection, leaving nothing behind."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, create_engine, func, insert, literal, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from refurb.accounts.models import Account, RoleGrant
from refurb.accounts.queries import account_by_email
from refurb.directory.models import Organisation
from refurb.kernel.deeds import database
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people

EVENT, ACCOUNT, ORGANISATION, GRANT = Event.__table__, Account.__table__, Organisation.__table__, RoleGrant.__table__
_PERSON = select(ACCOUNT.c.id, ACCOUNT.c.name).where(ACCOUNT.c.email == bindparam("email"))
A_NAME = "L'Atelier 100 % « d'occasion »"


def _name() -> str | None:
    name: str | None = Read(_PERSON).one_or_none(email=people.EMAIL[Role.DESK]).name
    return name


def _rename(name: str) -> None:
    db.session.execute(update(Account).where(Account.email == people.EMAIL[Role.DESK]).values(name=name))


def test_it_gives_what_the_session_gives_whatever_the_type(context):
    people_then = select(GRANT.c.role, ACCOUNT.c.is_active, GRANT.c.organisation_id).join_from(GRANT, ACCOUNT).order_by(ACCOUNT.c.id)
    named = select(ACCOUNT.c.name).join_from(GRANT, ACCOUNT)
    deeds = select(EVENT.c.at, EVENT.c.facts, EVENT.c.actor_id, EVENT.c.move).order_by(EVENT.c.id)
    asked: list[tuple[Any, dict[str, Any]]] = [
        (deeds.where(EVENT.c.id > bindparam("after")), {"after": 1}),
        (people_then.where(GRANT.c.role.in_(list(Role))), {}),
        (named.where(GRANT.c.role == bindparam("role"), ACCOUNT.c.name.like("%a%")), {"role": Role.TECHNICIAN}),
        (deeds.where(EVENT.c.at < bindparam("until")).limit(3), {"until": datetime(2100, 1, 1, tzinfo=UTC)}),
        (select(literal(A_NAME).label("said"), ACCOUNT.c.id).union_all(select(ACCOUNT.c.name, ACCOUNT.c.id)).order_by("id", "said"), {}),
    ]
    for statement, values in asked:
        expected = [tuple(row) for row in db.session.execute(statement, values)]
        assert expected
        prepared = Read(statement)
        for _turn in range(8):  # From the sixth on, PostgreSQL answers from its own preparation.
            assert [tuple(row) for row in prepared.all(**values)] == expected
            assert [[type(value) for value in row] for row in prepared.all(**values)] == [
                [type(value) for value in row] for row in expected
            ]


def test_rows_have_names(context):
    row = Read(_PERSON).one_or_none(email=people.EMAIL[Role.DESK])
    account = account_by_email(people.EMAIL[Role.DESK])
    assert account is not None
    assert (row.id, row.name) == (account.id, account.name)
    assert Read(_PERSON).one_or_none(email="nobody@refurb.example") is None
    assert Read(_PERSON).scalar(email=people.EMAIL[Role.DESK]) == account.id


def test_a_value_is_never_read_as_sql(context):
    assert Read(_PERSON).all(email="' OR 1=1 --") == []
    assert Read(select(literal(A_NAME))).scalar() == A_NAME


def test_within_a_unit_it_sees_what_the_unit_wrote(context):
    with unit_of_work() as session:
        session.add(Organisation(reference="ST-90001", name=A_NAME, created_at=datetime.now(UTC), search=fold(A_NAME)))  # Not flushed yet.
        assert Read(select(ORGANISATION.c.id).where(ORGANISATION.c.name == bindparam("name"))).scalar(name=A_NAME) is not None


def test_outside_of_it_nothing_of_an_open_unit_is_seen(app):
    with app.app_context():
        before = _name()
        with unit_of_work():
            _rename("Personne d'autre")
            with app.app_context():
                assert _name() == before
        assert _name() == "Personne d'autre"


def test_what_others_committed_is_seen_at_once(app):
    with app.app_context():
        _name()  # The lane is open from here on.
        with app.app_context(), unit_of_work():
            _rename("Une autre")
        assert _name() == "Une autre"


def test_requests_leave_no_connection_behind_them(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    for _turn in range(25):  # More than the pool has.
        client.get("/scanner")
    with app.app_context():
        assert db.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]  # of the pool that is used: the lane of this thread
        with pytest.raises(ZeroDivisionError), unit_of_work():
            _rename("Jamais")
            raise ZeroDivisionError
        assert _name() != "Jamais"


def test_a_thread_that_ends_leaves_a_connection_that_can_write(app):
    def read() -> None:
        with app.app_context():
            _name()

    for _turn in range(3):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    with app.app_context():
        before = _name()
        for _turn in range(6):  # Whichever connection it gets.
            with pytest.raises(ZeroDivisionError), unit_of_work():
                _rename("Jamais")
                raise ZeroDivisionError
        assert _name() == before


def test_a_thread_has_one_connection_for_what_it_reads_and_writes(app):
    with app.app_context():
        db.engine.dispose()
        pool: Any = db.engine.pool
        for _turn in range(2):
            before = _name()
            db.session.scalar(select(func.count(Account.id)))
            assert pool.checkedout() == 1
            _name()
            with unit_of_work():
                _rename(f"{before}.")
                assert _name() == f"{before}."
                assert pool.checkedout() == 1
            assert _name() == f"{before}."
        assert pool.checkedin() + pool.checkedout() == 1


def test_an_engine_that_is_disposed_of_leaves_none_open(app):
    with app.app_context():
        _name()
        pool = db.engine.pool
        db.engine.dispose()
        assert pool.checkedout() <= 0  # type: ignore[attr-defined]  # of the pool that was used
        assert _name()


def test_what_was_written_astray_does_not_stay(app):
    with app.app_context():
        astray = {"reference": "ST-90001", "name": A_NAME, "created_at": datetime.now(UTC), "search": "", "is_home": False}
        db.session.connection().execute(insert(ORGANISATION).values(astray))
        assert Read(select(ORGANISATION.c.id).where(ORGANISATION.c.name == A_NAME)).all()  # The session's own connection, which is in use.
    with app.app_context():
        assert not Read(select(ORGANISATION.c.id).where(ORGANISATION.c.name == A_NAME)).all()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_postgresql_keeps_what_it_prepared(app):
    for _turn in range(8):
        with app.app_context():
            db.session.execute(select(Account.id, Account.name).order_by(Account.id)).all()
            Read(_PERSON).all(email=people.EMAIL[Role.DESK])
    with app.app_context():
        kept = db.session.scalars(text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%accounts%'")).all()
    assert len(kept) == 2


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_restarted_server_is_asked_again(app, monkeypatch):
    def cut(backend: int) -> None:
        with create_engine(db.engine.url, poolclass=NullPool).connect() as connection:  # None of the pool's.
            connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})

    with app.app_context():
        before = _name()
        cut(Read(select(func.pg_backend_pid())).scalar())  # The lane's connection dies while it is held.
        assert _name() == before
        resting = db.session.scalar(select(func.pg_backend_pid()))
    with app.app_context(), db.engine.connect() as connection:
        # The pool lends the one that came back last, so this is the session's.
        assert connection.scalar(select(func.pg_backend_pid())) == resting
    with app.app_context():
        cut(resting)
        monkeypatch.setattr(database, "ASKED_AGAIN_AFTER", 0.0)  # As after a rest: the pool asks before it lends.
        assert db.session.scalar(select(Account.name).where(Account.email == people.EMAIL[Role.DESK])) == before
        db.session.remove()
        db.engine.dispose()  # What was cut here is not lent to the next test.


def test_a_fault_quotes_no_value(context):
    prepared = Read(_PERSON)
    prepared.all(email="a@refurb.example")
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE accounts RENAME COLUMN email TO mail"))
        with pytest.raises(Exception, match="accounts") as fault:
            prepared.all(email="zoe@refurb.example")
        assert "zoe" not in str(fault.value)
        assert not isinstance(fault.value, OperationalError) or fault.value.hide_parameters
        session.rollback()
