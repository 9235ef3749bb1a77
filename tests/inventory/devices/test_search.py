"""What is typed finds the devices that are meant: any part of code, maker, model or serial number, with or without dashes and blanks."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from refurb import commands
from refurb.directory.models import Code
from refurb.inventory.devices.actions.devices import words_of
from refurb.inventory.devices.queries import found
from refurb.inventory.devices.queries.found import few_found, newest_found, page_found
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.queries import BEST_FIRST, DeviceFilter, devices
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds import pieces
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import find_code, new_code, spell
from tests.support.story import workshop

S = DeviceState
MODELS = [
    ("HP", "EliteBook 840 G5"), ("HP", "ElitePad 1000"), ("Dell", "Latitude 5490"), ("Lenovo", "ThinkPad T480s"),
    ("Lenovo", "Think-Centre"), ("Fujitsu", "LIFEBOOK U747"), (None, None),
    ("Économie & Cie", "Modèle d'Œuvre n° 7"), ("ЗАВОД", "Агат-9"), ("HP", "100%_sûr"),
]  # fmt: skip
SERIALS = ["5CG8421QK7", "SN-0000-0012", "SN 0000 0123", "sn00000124", "PF0ABCDE", "pf-0abcdef", None, None, "0000012", "Ñ-77/12.A"]


def enter(count):
    """So many devices of one donation, written at once, of models and serial numbers that are alike."""
    drawn, donation = random.Random(1), workshop.received()
    numbers = {f"SN{number:06d}" for number in range(0, count, 3)} | {f"{drawn.randrange(10**7)}-X" for _ in range(count // 4)}
    serials = [*filter(None, SERIALS), *sorted(numbers)] + [None] * count
    with unit_of_work() as session:
        for serial in serials[:count]:
            session.add(known(session, donation, serial, *drawn.choice(MODELS), state=drawn.choice([S.RECEIVED, S.TO_ERASE])))
    return donation


def known(session, donation, serial, manufacturer=None, model=None, state=S.RECEIVED):
    """A device of which so much is known, with the words by which it is found."""
    code = new_code()
    session.execute(insert(Code), [{"code": code, "subject_kind": "device", "subject_id": 0}])
    device = Device(
        code=code, donation_id=donation.id, kind=DeviceKind.LAPTOP, state=state, manufacturer=manufacturer, model=model, serial=serial,
        received_at=now(), moved_at=now(),
    )  # fmt: skip
    device.search = words_of(device)
    return device


def squeezed(value):
    """A text as the search knows it, told plainly."""
    return "".join(letter for letter in fold(value or "") if letter.isalnum())


def meant(stock, typed):
    """Which of the devices somebody means, told plainly and slowly: a whole serial number, or else every word in one of the fields."""
    typed = typed.strip()
    if len(squeezed(typed)) >= 7 and not squeezed(typed).isalpha():
        bare = "".join(typed.split())
        whole = [each.id for each in stock if each.serial in {typed, typed.upper(), typed.lower(), bare.upper(), bare.lower()}]
        if whole:
            return sorted(whole, reverse=True)
    words = [squeezed(word) for word in fold(typed).split()[:8] if squeezed(word)]
    fields = {each.id: [squeezed(field) for field in (each.code, each.manufacturer, each.model, each.serial)] for each in stock}
    found = [key for key, said in fields.items() if words and all(any(word in field for field in said) for word in words)]
    return sorted(found, reverse=True)


@pytest.fixture
def stock(context):
    """Some eighty devices, read once."""
    enter(80)
    return db.session.scalars(select(Device)).all()


def typings(stock):
    """What people type: pieces of what devices say, cut anywhere, in any case, with signs put in, and things that are not there."""
    fields = sorted({field for each in stock for field in (spell(each.code), each.manufacturer, each.model, each.serial) if field})
    piece = st.builds(
        lambda field, start, length: field[start : start + length], st.sampled_from(fields), st.integers(0, 12), st.integers(1, 14)
    )
    dashed = st.builds(lambda word, at: word[:at] + "-" + word[at:], piece, st.integers(0, 8))
    word = st.one_of(piece, dashed, piece.map(str.swapcase), st.sampled_from(["zzq", "%", "_", "-", "'", "\\", '"', "NEAR", "a*", "000"]))
    return st.lists(word, min_size=1, max_size=3).map(" ".join)


def test_it_finds_what_is_meant(stock):
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(typings(stock))
    def search(typed):
        if find_code(typed) is None:
            expected = meant(stock, typed)
            assert few_found(typed) == expected
            page = page_found(typed, few_found(typed), (), 1)
            assert (list(page.rows), page.total) == (expected[:50], len(expected))
            to_erase = {each.id for each in stock if each.state == S.TO_ERASE}
            filtered = page_found(typed, few_found(typed), (Device.state == S.TO_ERASE,), 1)
            assert list(filtered.rows) == [each for each in expected if each in to_erase][:50]

    search()


def test_it_finds_the_same_when_there_are_too_many_to_count(stock, monkeypatch):
    monkeypatch.setattr(found, "COUNTED", 3)

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(typings(stock))
    def search(typed):
        expected = meant(stock, typed)
        assert few_found(typed) == (expected if len(expected) <= 3 else None)
        assert list(newest_found(typed, 8)) == expected[:8]
        assert list(page_found(typed, few_found(typed), (), 1).rows) == expected[:50]
        received = {each.id for each in stock if each.state == S.RECEIVED}
        filtered = page_found(typed, few_found(typed), (Device.state == S.RECEIVED,), 1)
        assert list(filtered.rows) == [each for each in expected if each in received][:50]

    search()


def test_dashes_and_blanks_do_not_count(stock):
    for typed in ("sn-0000-0012", "SN00000012", "think-pad", "thinkpadt480", "elitebook840", "ELITE book", "5cg-8421", "oeuvre"):
        assert few_found(typed), typed
        assert few_found(typed) == meant(stock, typed), typed


def test_a_part_of_a_code_is_found_as_the_label_prints_it(stock):
    one = stock[-1]
    assert one.id in few_found(spell(one.code)[:7])
    assert one.id in few_found(spell(one.code)[2:])


def test_a_whole_serial_number_means_its_device_alone(context):
    donation = workshop.received()
    with unit_of_work() as session:
        session.add_all(known(session, donation, serial) for serial in ("SN0000012", "SN00000123", "xSN0000012"))
    devices_by_serial = {each.serial: each.id for each in db.session.scalars(select(Device))}
    assert few_found("sn0000012") == [devices_by_serial["SN0000012"]]
    assert len(few_found("sn000001")) == 3


def elitebook():
    """A laptop of which everything is known."""
    device = workshop.laptop()
    workshop.correct(device, manufacturer="HP", model="EliteBook 840 G5", serial="5CG8421QK7")
    return device


def test_what_is_corrected_is_found_by_its_new_words_only(context):
    device = elitebook()
    assert few_found("elitebook") == [device.id]
    workshop.correct(device, manufacturer="Dell", model="Latitude 5490", serial="5CG8421QK7")
    assert few_found("elitebook") == []
    assert few_found("latitude") == [device.id]


def test_what_is_written_past_the_actions_is_found_too(context):
    device = workshop.laptop()
    with unit_of_work() as session:
        session.execute(text("UPDATE devices SET search = 'tout autre chose' WHERE id = :id"), {"id": device.id})
    assert few_found("autrech") == []
    assert few_found("autre cho") == [device.id]


def test_a_unit_that_fails_leaves_no_words(context):
    device = workshop.laptop()
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.execute(update(Device).where(Device.id == device.id).values(search="jamais vu"))
        session.flush()
        _ = 1 / 0
    assert few_found("jamais") == []


def test_beyond_what_is_counted_the_page_says_so_and_the_pages_go_on(app, signed_in, monkeypatch):
    monkeypatch.setattr(found, "COUNTED", 100)
    with app.app_context():
        workshop.received({DeviceKind.LAPTOP: 130})
        with unit_of_work() as session:
            session.execute(text("UPDATE devices SET model = 'EliteBook', search = 'hp elitebook'"))
    client = signed_in(Role.TECHNICIAN)
    first = client.get("/appareils?q=elite").text
    assert "plus de 100 sur 130" in first
    assert "Page 1 sur plus de 2" in first
    second = client.get("/appareils?q=elite&page=2").text
    assert 'rel="next"' in second
    last = client.get("/appareils?q=elite&page=3").text
    assert "130 sur 130" in last
    assert last.count('class="code"') == 30
    assert 'rel="next"' not in last
    assert client.get("/appareils?q=elite&page=9").status_code == 200
    listed = client.get("/api/v1/devices?q=elite").json
    assert (listed["total"], listed["more"], len(listed["items"])) == (100, True, 50)
    assert "more" not in client.get("/api/v1/devices").json
    assert "plus de 100 sur 130" not in client.get("/appareils?q=elite&nature=monitor").text


def test_the_best_first_of_what_was_typed(context):
    enter(30)
    stock = db.session.scalars(select(Device)).all()
    page = devices(DeviceFilter(words="elite"), 1, BEST_FIRST)
    assert {row.code for row in page.rows} == {each.code for each in stock if each.id in meant(stock, "elite")}


def test_the_words_are_checked_and_made_anew(app, context):
    device = elitebook()
    code, device_id = spell(device.code), device.id
    runner = app.test_cli_runner()
    assert runner.invoke(commands.check_search).exit_code == 0
    with unit_of_work() as session:
        session.execute(text("UPDATE devices SET search = 'autrefois'"))
    db.session.remove()
    checked = runner.invoke(commands.check_search)
    assert checked.exit_code == 1
    assert code in checked.output
    rebuilt = runner.invoke(commands.rebuild_search)
    assert rebuilt.exit_code == 0, rebuilt.output
    assert runner.invoke(commands.check_search).exit_code == 0
    assert few_found("elitebook840") == [device_id]


def test_pieces_that_are_missing_are_noticed_and_a_database_without_them_searches_all_the_same(app, context, backend):
    if backend == "postgresql":
        pytest.skip("PostgreSQL keeps its index by itself")
    device = elitebook()
    device_id = device.id
    runner = app.test_cli_runner()
    with unit_of_work() as session:
        session.execute(text("INSERT INTO device_pieces (device_pieces) VALUES ('delete-all')"))
    assert runner.invoke(commands.check_search).exit_code == 1
    with unit_of_work() as session:
        for statement in found.DEVICE_PIECES.unmade["sqlite"]:
            session.execute(text(statement))
    pieces._indexed.clear()
    assert few_found("elitebook840") == [device_id]
    assert runner.invoke(commands.rebuild_search).exit_code == 0
    assert few_found("elitebook840") == [device_id]
    assert pieces.has_pieces(found.DEVICE_PIECES)
