"""The register and the signed heads: whatever is done to the history after a head was given out is named."""

import base64
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.orm import Session

from refurb.directory.actions import add_organisation
from refurb.kernel.deeds import heads
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.heads import Head, Register, RegisterCut, Tree
from refurb.kernel.deeds.history import Event, digest_of_event, record
from refurb.kernel.deeds.signed_notes import BadKey, Key, notes_in
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.verification import findings

# The leaves and some roots of the test of the first such log (RFC 6962's own reference implementation).
LEAVES = [
    bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.fixture
def partners(context):
    with unit_of_work():
        return [add_organisation(SERVICE, name=f"Structure {number}", place="Civray") for number in range(4)]


@pytest.fixture
def register(tmp_path) -> Register:
    return Register(tmp_path / "history", "refurb.example/history")


def tell(partner, *moves):
    for each in moves:
        with unit_of_work():
            record(partner, each, SERVICE, note=each)


def wrong(register, session=None, **options):
    return list(findings(session or db.session(), register, key=register.signer().key, **options))


def let_anybody_write(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER events_no_update"))
        connection.execute(text("DROP TRIGGER events_no_delete"))
    else:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))


@contextmanager
def forging() -> Iterator[Session]:
    """A session of somebody who holds the database; what he does is taken back at the end."""
    db.session.rollback()
    with db.engine.connect() as connection, Session(connection) as session:
        let_anybody_write(connection)
        yield session
        connection.rollback()


def written_anew(session: Session, chain: list[Event]) -> None:
    """The chain with sums that fit each other, as if nobody had touched it."""
    previous = "0" * 64
    for position, each in enumerate(chain, start=1):
        each.position, each.previous = position, previous
        previous = each.digest = digest_of_event(each)
        session.flush()


def tampered(session: Session, drawn: random.Random) -> tuple[str, int]:
    """Do one thing to one chain, drawn; answers whose chain it is."""
    subjects = session.execute(select(Event.subject_kind, Event.subject_id).distinct().order_by(Event.subject_kind, Event.subject_id)).all()
    kind, number = drawn.choice(subjects)
    query = select(Event).where(Event.subject_kind == kind, Event.subject_id == number).order_by(Event.position)
    chain = list(session.scalars(query))
    one = drawn.choice(chain)
    deed = drawn.choice(["cut the end", "cut all", "cut one and join", "edit", "edit and sign", "write all anew", "another's"])
    if deed == "cut the end":
        session.execute(delete(Event).where(Event.id.in_([each.id for each in chain[chain.index(one) :]])))
    elif deed == "cut all":
        session.execute(delete(Event).where(Event.id.in_([each.id for each in chain])))
    elif deed == "cut one and join":
        session.execute(delete(Event).where(Event.id == one.id))
        written_anew(session, [each for each in chain if each is not one])
    elif deed == "edit":
        values = drawn.choice([{"facts": {"x": 1}}, {"move": "other"}, {"actor_id": 99}])
        session.execute(update(Event).where(Event.id == one.id).values(**values))
    elif deed == "edit and sign":
        one.facts = {"x": drawn.random()}
        written_anew(session, chain)
    elif deed == "write all anew":
        for each in chain:
            each.move, each.facts = "forged", {}
        written_anew(session, chain)
    else:
        session.execute(update(Event).where(Event.id.in_([each.id for each in chain])).values(subject_id=9_000_000))
    session.flush()
    session.expire_all()
    return kind, number


def names_every_one(partners, register, drawn, count):
    for each in partners:
        tell(each, "called", "visited")
        heads.sign_head(register)
    db.session.rollback()
    for _number in range(count):
        with forging() as forger:
            kind, number = tampered(forger, drawn)
            found = wrong(register, forger)
        assert any(line.startswith(f"broken: {kind} {number}, ") for line in found), (kind, number, found)
    assert wrong(register) == []


def test_the_root_is_the_one_that_everybody_computes():
    tree = Tree()
    for size, leaf in enumerate(LEAVES, start=1):
        tree.add(leaf)
        if size in ROOTS:
            assert tree.root().hex() == ROOTS[size]


def test_a_head_counts_every_event_and_grows_with_them(partners, register):
    tell(partners[0], "called")
    first = Head.read(heads.sign_head(register))
    assert heads.sign_head(register) is None
    tell(partners[1], "called", "visited")
    second = Head.read(heads.sign_head(register))
    assert second.size == first.size + 2 == db.session.query(Event).count()
    whole = Tree()
    for line in register.read():
        whole.add(line.encode())
    assert whole.root() == second.root
    assert wrong(register) == []


def test_a_long_history_is_registered_by_and_by(partners, register):
    tell(partners[0], "called", "visited", "called", "visited")
    heads.sign_head(register, most=3)
    assert Head.read(register.last_note()).size == 3
    assert Head.read(heads.sign_up_to_now(register)).size == db.session.query(Event).count()
    assert wrong(register) == []


def test_what_is_done_to_the_history_is_named(partners, register):
    names_every_one(partners, register, random.Random(20261129), 40)


@pytest.mark.soak
def test_a_thousand_forgeries_are_a_thousand_named(partners, register):
    names_every_one(partners, register, random.Random(1), 1000)


def test_an_event_slipped_in_among_the_old_ones_is_named(partners, register):
    tell(partners[0], "called", "visited")
    heads.sign_head(register)
    with forging() as forger:
        middle, last = forger.scalars(select(Event).where(Event.move.in_(("called", "visited"))).order_by(Event.id))
        forger.execute(delete(Event).where(Event.id == middle.id))
        forger.execute(update(Event).where(Event.id == last.id).values(id=middle.id))
        found = wrong(register, forger)
    assert f"broken: organisation {partners[0].id}, event 2 (cut)" in found


def test_a_rewritten_register_is_told_by_the_heads_that_are_out(partners, register):
    tell(partners[0], "called")
    first = str(heads.sign_head(register))
    tell(partners[1], "called")
    out = str(heads.sign_head(register))
    lines = register.lines.read_text().splitlines()
    lines[-1] = lines[-1][:-1] + ("0" if lines[-1][-1] != "0" else "1")
    register.lines.write_text("\n".join(lines) + "\n")
    register.heads.write_text("")
    assert not any(line.startswith("wrong:") for line in wrong(register, given={"mail.txt": first}))
    found = wrong(register, given={"mail.txt": first + out})
    assert found[0].startswith("wrong: the register is not what the head of ")
    assert any(line.startswith(f"broken: organisation {partners[1].id}, ") for line in found)


def test_whoever_takes_database_register_and_heads_is_told_by_the_head_that_is_out(partners, register):
    tell(partners[0], "called")
    out = f"Bonjour,\r\n\r\n> {heads.sign_head(register)}".replace("\n", "\r\n> ")
    register.lines.unlink()
    register.heads.unlink()
    with forging() as forger:
        forger.execute(delete(Event).where(Event.move == "called"))
        found = wrong(register, forger, given={"mail.txt": out})
    assert any("ends after" in line for line in found), found


def test_a_head_of_another_key_proves_nothing(partners, register, tmp_path):
    heads.sign_head(register)
    other = Register(tmp_path / "other", "refurb.example/history")
    note = str(heads.sign_head(other))
    assert any("is not signed by" in line for line in wrong(register, given={"mail.txt": note}))
    mine = str(register.last_note())
    assert wrong(register, given={"mail.txt": mine}) == []
    altered = mine.replace(mine.splitlines()[1], "1", 1)
    assert any("is not signed by" in line for line in wrong(register, given={"mail.txt": altered}))
    assert wrong(register, given={"mail.txt": "Bonjour"}) == ["wrong: mail.txt holds no head"]


def test_what_a_crash_left_half_done_is_done_again(partners, register):
    heads.sign_head(register)
    standing = (register.folder / "edge.json").read_text()
    tell(partners[0], "called")
    heads.sign_head(register)
    (register.folder / "edge.json").write_text(standing)
    register.lines.write_text(register.lines.read_text() + "half a li")
    tell(partners[0], "visited")
    heads.sign_head(register)
    assert wrong(register) == []


def test_a_lost_edge_is_worked_out_from_the_lines(partners, register):
    tell(partners[0], "called")
    before = Head.read(heads.sign_head(register))
    (register.folder / "edge.json").unlink()
    tell(partners[1], "called")
    after = Head.read(heads.sign_head(register))
    assert after.size == before.size + 1
    assert wrong(register) == []


def test_a_register_that_was_cut_grows_no_further(partners, register):
    heads.sign_head(register)
    register.lines.write_text(register.lines.read_text()[:-80])
    tell(partners[0], "called")
    with pytest.raises(RegisterCut):
        heads.sign_head(register)
    assert any(line.startswith("wrong: the register ") for line in wrong(register))


def test_the_key_is_made_once_and_its_owner_alone_reads_it(register):
    key = register.signer().key
    assert register.signer().key == key == Key.read(str(key))
    assert (register.folder / "key").stat().st_mode & 0o777 == 0o600
    assert base64.b64decode(str(key).split("+", 2)[2])[1:] == key.public
    for broken in ("", "name", "name+00000000+AAAA", str(key).replace("+", "+0", 1)):
        with pytest.raises(BadKey):
            Key.read(broken)


def test_a_signature_cut_on_its_way_signs_nothing(register):
    note = register.signer().sign("refurb.example/history\n3\nAAAA\n")
    (cut,) = notes_in(str(note).rstrip()[:-7])
    assert not cut.is_by(register.signer().key)


def test_a_note_is_found_in_a_mail(register):
    note = register.signer().sign("refurb.example/history\n3\nAAAA\n")
    quoted = "> " + "\r\n> ".join(str(note).splitlines())
    assert list(notes_in(f"Bonjour,\r\n\r\n{quoted}\r\n\r\nÀ bientôt")) == [note]
