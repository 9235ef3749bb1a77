"""What is kept counted is what the rows say, whatever is done in whatever order, by whomever."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from refurb.commands import commands
from refurb.inventory.bench.ageing import limits
from refurb.inventory.devices.actions.devices import correct_device
from refurb.inventory.devices.states import device_machine
from refurb.inventory.duplicates.actions import merge_devices
from refurb.inventory.models.counts import DEVICES
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.queries import DeviceFilter, all_devices, devices
from refurb.inventory.words.devices import LANES, DeviceKind, DeviceState
from refurb.kernel.deeds import counts
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.worker import fold_counts
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Refusal
from refurb.referrals.cases.queries.waiting import ready_count, waiting_kinds
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from refurb.reporting.queries.board import BoardFilter, lane_counts
from refurb.reporting.queries.throughput import COUNTED, months, steps, yields, yields_shown
from refurb.reporting.views.throughput import lasting
from refurb.wiring import COUNTS
from tests.reporting import counted
from tests.support.story import evidence, families, people, workshop

MOVES = [row.name for row in device_machine.moves]
INDEX = st.integers(0, 30)


def agree():
    """Every page's figures, and every row of every count."""
    db.session.rollback()
    assert [each for count in COUNTS for each in counts.differences(count)] == []
    by_state = counted.devices()
    assert all_devices() == sum(by_state.values())
    assert ready_count(DeviceKind.MONITOR) == by_state.get(("ready", "monitor"), 0)
    for state in (DeviceState.RECEIVED, DeviceState.MERGED):
        assert devices(DeviceFilter(state=state), 1).total == sum(n for (each, _kind), n in by_state.items() if each == state)
    assert devices(DeviceFilter(kind=DeviceKind.LAPTOP), 1).total == sum(n for (_state, kind), n in by_state.items() if kind == "laptop")
    since = {lane: now() - timedelta(days=limits(lane)[1]) for lane in LANES}
    for kind in (None, DeviceKind.MONITOR):
        shown = {lane: (each.all, each.late) for lane, each in lane_counts(BoardFilter(kind=kind)).items() if each.all}
        assert shown == counted.lanes(since, kind)
    assert [tuple(getattr(each, name) for name in COUNTED.values()) for each in months()] == counted.months()
    exact = counted.steps()
    assert {each.state: each.count for each in steps()} == {state: count for state, (count, _, _) in exact.items()}
    for each in steps():
        for kept, true in zip((each.median, each.ninth), exact[each.state][1:], strict=True):
            assert (lasting(kept), round(kept / 3600)) == (lasting(true), round(true / 3600))
    told = [(each.reference, each.total, each.kept, each.fates["parts"]) for each in yields()]
    assert told == counted.donations()
    assert yields_shown(1).total == len(told)
    figures = numbers(FiguresAsked(today().year))
    told = (figures.received.by_kind.total(), figures.ready.by_kind.total(), figures.given.by_kind.total(), figures.families)
    assert told == counted.year()
    assert waiting_kinds() == counted.waiting()


def device(number):
    found = list(db.session.scalars(select(Device).order_by(Device.id.desc()).limit(6)))
    return found[number % len(found)]


def attempt(deed):
    with suppress(Refusal), unit_of_work():
        deed()


def move(number, name):
    facts = {"reason": "vu", "note": "vu"} if device_machine[name].facts else {}
    attempt(lambda: device_machine.fire(device(number), name, SERVICE, **facts))


def bring_on(number):
    """As far towards a family as one deed goes."""
    here = device(number)
    if here.state == "testing":
        evidence.pass_checks(here)
        workshop.print_label(here)
    for name in ("accept", "finish_erasure", "start_tests", "pass_tests"):
        if here.state in device_machine[name].sources:
            move(number, name)
            return


def correct(number, kind):
    attempt(lambda: correct_device(SERVICE, device(number), kind=kind, manufacturer=None, model=None, serial=None))


def join(one, other):
    attempt(lambda: merge_devices(SERVICE, device(one), device(other), reason="la même"))


def fail(number):
    """A unit that is given up leaves nothing behind."""

    def deed():
        device_machine.fire(device(number), "accept", SERVICE)
        raise Refusal

    attempt(deed)


def by_hand(number, days):
    """Somebody repairs a row in the database itself."""
    with unit_of_work() as session:
        moved = {"moved": now() - timedelta(days=days), "id": device(number).id}
        session.execute(text("UPDATE devices SET moved_at = :moved, received_at = :moved WHERE id = :id"), moved)


def serve(kind):
    families.handed_over(kind)


def let_go(kind):
    families.left_unsigned(kind)


def wait(kind):
    families.waiting(device_kind=kind)


STEP = st.one_of(
    st.tuples(st.just(bring_on), INDEX),
    st.tuples(st.just(bring_on), INDEX),
    st.tuples(st.just(move), INDEX, st.sampled_from(MOVES)),
    st.tuples(st.just(correct), INDEX, st.sampled_from([DeviceKind.MONITOR, DeviceKind.PRINTER])),
    st.tuples(st.just(join), INDEX, INDEX),
    st.tuples(st.just(fail), INDEX),
    st.tuples(st.just(by_hand), INDEX, st.integers(0, 80)),
    st.tuples(st.just(serve), st.just(DeviceKind.MONITOR)),
    st.tuples(st.just(let_go), st.just(DeviceKind.MONITOR)),
    st.tuples(st.just(wait), st.sampled_from([DeviceKind.LAPTOP, DeviceKind.TABLET])),
    st.tuples(st.just(fold_counts)),
)


def play(examples, size, **options):
    """Invented months in a workshop, one after the other on one stock."""

    pauses = st.sampled_from([0, 1, 1800, 3600, 7000, 86_400, 20 * 86_400])

    # A story that fails is told as it is: making it shorter takes minutes.
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), **options
    )
    @given(st.lists(st.tuples(pauses, STEP), min_size=size, max_size=size))
    def run(story):
        instant = now() - timedelta(days=300)
        with at(instant):
            evidence.arrive(DeviceKind.MONITOR, 3)
        for pause, (deed, *told) in story:
            instant += timedelta(seconds=pause)
            with at(instant):
                deed(*told)
        agree()

    run()


def test_what_is_kept_is_what_is_counted(context):
    play(6, 20, derandomize=True)


@pytest.mark.soak
def test_what_is_kept_is_what_is_counted_for_long(context):
    play(200, 60)


def test_every_figure_agrees_after_a_story(context):
    device = workshop.fire(workshop.ready_laptop(), "back_to_bench", reason="charnière")
    workshop.fire(device, "start_tests")
    one, other = workshop.devices_of(workshop.received({DeviceKind.TABLET: 2}))
    with unit_of_work():
        merge_devices(workshop.coordinator(), other, one, reason="deux étiquettes")
    workshop.fire(workshop.laptop(), "strip", reason="écran fendu")
    families.handed_over()
    families.waiting(device_kind=DeviceKind.LAPTOP)
    agree()
    assert numbers(FiguresAsked(today().year)).given.by_kind.total() == 1
    assert sum(each.ready for each in months()) == 2


def test_a_count_that_drifted_is_named_and_mended(app):
    runner = app.test_cli_runner()
    with app.app_context():
        workshop.laptop()
        fold_counts()
        with unit_of_work() as session:
            session.execute(text("UPDATE kept_counts SET n = n + 3 WHERE name = 'devices' AND a = 'received'"))
            session.execute(text("DELETE FROM months WHERE name = '2026-11'"))
    told = runner.invoke(commands, ["counts", "check"])
    assert told.exit_code == 1
    assert "devices received laptop: kept 4, counted 1" in told.output
    assert "months: of another time zone" in told.output
    assert runner.invoke(commands, ["counts", "rebuild"]).exit_code == 0
    told = runner.invoke(commands, ["counts", "check"])
    assert (told.exit_code, told.output.strip()) == (0, "every count is what the rows say")
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM months WHERE name = '2026-11'")) == 1


def test_two_who_write_at_once_both_count_and_neither_waits_for_the_other(app, backend):
    """On PostgreSQL the second commits while the first is still at it; SQLite has one writer at a time."""
    with app.app_context():
        one, other = (each.id for each in workshop.devices_of(workshop.received({DeviceKind.LAPTOP: 2})))
    done = threading.Event()

    def second():
        with app.app_context():
            with unit_of_work():
                device_machine.fire(db.session.get_one(Device, other), "accept", SERVICE)
            done.set()
            db.session.remove()

    thread = threading.Thread(target=second)
    with app.app_context():
        with unit_of_work():
            device_machine.fire(db.session.get_one(Device, one), "accept", SERVICE)
            thread.start()
            assert done.wait(10 if backend == "postgresql" else 0.2) is (backend == "postgresql")
        thread.join(20)
        assert counts.tally(DEVICES) == {("to_erase", "laptop"): 2}
        assert [each for count in COUNTS for each in counts.differences(count)] == []


def test_folding_while_somebody_writes_loses_nothing(app):
    with app.app_context():
        workshop.laptop()
        fold_counts()
        workshop.laptop()
        assert counts.tally(DEVICES) == {("received", "laptop"): 2}
        fold_counts()
        assert not counts.is_to_fold()
        assert counts.tally(DEVICES) == {("received", "laptop"): 2}
        with unit_of_work():
            counts.forget_empty()
        assert [each for count in COUNTS for each in counts.differences(count)] == []


def test_reloading_says_the_same_as_the_file_beside(app, signed_in):
    """What was done a moment ago is on the page at once, and in the file."""
    client = signed_in(people.Role.COORDINATOR)
    for number in (1, 2):
        with app.app_context():
            workshop.laptop()
        page, again = client.get("/chiffres/atelier"), client.get("/chiffres/atelier")
        assert page.text.count('<text class="chart-foot"') == again.text.count('<text class="chart-foot"')
        assert f";{number};0;0;0" in client.get("/chiffres/atelier/mois.csv").text
        assert f">{number}<" in page.text
