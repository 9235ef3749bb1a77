"""The figures: exact for the house, protected outside; the same on page and file; where each comes from."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from refurb.funding import actions as funding
from refurb.funding.queries import money_of
from refurb.funding.words import Activity, CostKind
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.folding import slug
from refurb.lending.models import Loan
from refurb.referrals.words import Situation
from refurb.reporting.figures import tables
from refurb.reporting.figures.costs import unit_costs
from refurb.reporting.figures.definitions import FIGURES
from refurb.reporting.figures.evidence import behind
from refurb.reporting.figures.numbers import Numbers, numbers
from refurb.reporting.figures.periods import FiguresAsked
from refurb.reporting.figures.suppression import FEW, Cover
from refurb.reporting.figures.tables import Report, report
from refurb.visits.models import Visit, VisitReason
from refurb.visits.words import AgeBand, FirstTime, Gender, Motive
from tests.support.story import evidence, families, people, workshop

# Civraisien en Poitou, 2023: 702 visits, 56 % over 60, 53 % retired, 30 % in work; taking a device in hand 28 %.
CIVRAISIEN, OVER_60, RETIRED, AT_WORK, DEVICE = 702, 393, 372, 211, 197


def visits(number, day="2023-05-09", *, old=0, retired=0, at_work=0, device=0):
    """Visits of one day, in bulk."""
    who = people.actor(Role.DESK).id
    rows = [
        {
            "site_id": 1, "day": today().fromisoformat(day), "counted_by": who, "entered_at": None, "gender": Gender.UNTOLD, "heard": "",
            "sent": "", "detour": "", "first_time": FirstTime.UNTOLD, "age": AgeBand.FROM_70 if each < old else AgeBand.UNTOLD,
            "situation": Situation.RETIRED if each < retired else Situation.EMPLOYED if each < retired + at_work else Situation.UNTOLD,
        }
        for each in range(number)
    ]  # fmt: skip
    with unit_of_work():
        numbers_of = db.session.scalars(insert(Visit).returning(Visit.id, sort_by_parameter_order=True), rows).all()
        reasons = [
            {"visit_id": visit, "reason": Motive.DEVICE if each < device else Motive.UNTOLD} for each, visit in enumerate(numbers_of)
        ]
        db.session.execute(insert(VisitReason), reasons)


def file_of(client):
    """The rows of the file of 2023, with plain blanks."""
    told = client.get("/chiffres.csv?annee=2023").text.replace("\u00a0", " ").replace("\u202f", " ")
    return [line.split(";") for line in told.splitlines()]


def test_a_machine_that_is_thrown_away_later_stays_counted_in_its_month(context):
    device, year = workshop.ready_laptop(), today().year
    with at(now() + timedelta(days=400)):
        workshop.fire(device, "discard", reason="carte mère")
        told, later = numbers(FiguresAsked(year)), numbers(FiguresAsked(today().year))
    assert (told.received.total, told.ready.total, told.fates.total()) == (1, 1, 0)
    assert (later.received.total, later.fates["discard"]) == (0, 1)


def test_refurbished_a_second_time_it_is_counted_once(context):
    device = workshop.fire(workshop.ready_laptop(), "back_to_bench", reason="charnière")
    workshop.fire(device, "start_tests")
    evidence.pass_checks(device)
    workshop.fire(device, "pass_tests")
    assert numbers(FiguresAsked(today().year)).ready.total == 1


def test_only_a_signed_slip_is_given_and_one_that_comes_back_stays_so(context):
    families.left_unsigned(DeviceKind.LAPTOP)
    assert numbers(FiguresAsked(today().year)).given.total == 0
    handover = families.handed_over(DeviceKind.LAPTOP)
    told = numbers(FiguresAsked(today().year))
    assert (told.given.total, told.given_to_families, told.families) == (1, 1, 1)
    workshop.fire(handover.allocation.device, "come_back", reason="déménagement")
    told = numbers(FiguresAsked(today().year))
    assert (told.given.total, told.fates["come_back"]) == (1, 1)


def test_each_months_bars_add_up_and_a_part_of_the_year_is_a_part(context):
    visits(12, "2023-02-07")
    visits(30, "2023-11-07")
    assert [numbers(FiguresAsked(2023, part)).visits.total for part in ("", "s1", "s2", "t4", "t2")] == [42, 12, 30, 30, 0]
    assert numbers(FiguresAsked(2022)).is_empty


def test_the_civraisiens_year_on_page_and_file(app, signed_in):
    with app.app_context():
        people.settle()
        visits(CIVRAISIEN, old=OVER_60, retired=RETIRED, at_work=AT_WORK, device=DEVICE)
    for role in (Role.COORDINATOR, Role.OBSERVER):
        client = signed_in(role)
        page = " ".join(client.get("/chiffres?annee=2023").text.split())
        assert f"{OVER_60}, soit 56 % des visites" in page.replace("\u00a0", " ").replace("\u202f", " ")
        rows = {(row[0], row[1]): row[2] for row in file_of(client)}
        assert rows["Visites", "Total"] == str(CIVRAISIEN)
        assert rows["Visites par âge", "70 ans et plus"] == str(OVER_60)
        assert rows["Visites par motif", "Prendre en main du matériel"] == str(DEVICE)
        assert (rows["Situation", "À la retraite"], rows["Situation", "En emploi"]) == (str(RETIRED), str(AT_WORK))


def test_outside_small_numbers_are_not_told_nor_worked_out(app, signed_in):
    with app.app_context():
        people.settle()
        visits(40, old=38)  # Two of forty are not old: the total and the one tell the other.
    inside, outside = ([row[:3] for row in file_of(signed_in(role))] for role in (Role.COORDINATOR, Role.OBSERVER))
    assert ["Visites par âge", "Non communiqué", "2"] in inside
    assert ["Visites", "Total", "40"] in outside
    assert ["Visites par âge", "Non communiqué", "moins de 5"] in outside
    assert ["Visites par âge", "70 ans et plus", "non montré"] in outside
    page = signed_in(Role.OBSERVER).get("/chiffres?annee=2023").text
    assert "soit 95" not in page
    assert 'name="lieu"' not in page


def test_outside_only_years_that_are_over_are_told(app, signed_in):
    """Two readings of a year that goes on would tell by subtraction what each of them hides."""
    with app.app_context():
        year = today().year
        assert FiguresAsked(year, exact=False).months == []
        assert len(FiguresAsked(year - 1, exact=False).months) == 12
        assert f"{today():%Y-%m}" in FiguresAsked(year).months
    observer = signed_in(Role.OBSERVER)
    page = observer.get("/chiffres")
    assert (page.status_code, f"<h1>{year - 1}</h1>" in page.text) == (200, True)
    assert f"à partir du 1er janvier {year + 1}" in page.text.replace("\u00a0", " ")
    for path in ("/chiffres", "/chiffres.csv"):
        assert observer.get(f"{path}?annee={year}").status_code == 422
        assert signed_in(Role.COORDINATOR).get(f"{path}?annee={year}").status_code == 200


def test_a_year_that_goes_on_is_compared_over_the_months_that_are_over(context):
    with at(now().replace(year=2026, month=3, day=17)):
        assert FiguresAsked(2026).year_before().months == ["2025-01", "2025-02"]
        assert FiguresAsked(2026, "t3").year_before() is None
        assert FiguresAsked(2025).year_before().months[-1] == "2024-12"


def test_nothing_to_compare_is_nothing(app, signed_in):
    with app.app_context():
        year = today().year
    for role in (Role.COORDINATOR, Role.OBSERVER):
        client = signed_in(role)
        assert f"<p>{year - 2}" not in client.get(f"/chiffres?annee={year - 1}&comparer=").text
        assert f"<p>{year - 2}" in client.get(f"/chiffres?annee={year - 1}&comparer=1").text


def test_a_period_that_has_not_begun_has_nothing_behind_it(app, signed_in):
    with app.app_context():
        people.settle()
    client = signed_in(Role.COORDINATOR)
    for figure in FIGURES.values():
        with app.test_request_context():
            assert not figure.told_by or behind(people.actor(Role.COORDINATOR), figure, FiguresAsked(2999, "t4"), 1).total == 0
    with app.app_context(), at(now().replace(month=2, day=3)):
        assert FiguresAsked(today().year, "t4").months == []
    assert client.get("/chiffres/origine/received?periode=t4").status_code == 200


def test_a_file_of_one_structure_says_so(app, signed_in):
    with app.app_context():
        partner = families.submitted().partner
        number, name = partner.id, partner.name
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/chiffres?structure={number}").text
    assert f'<p class="lead">{name}</p>' in page.replace("&#39;", "'")
    answer = client.get(f"/chiffres.csv?structure={number}&periode=s2")
    assert f"s2-{slug(name)}" in answer.headers["Content-Disposition"]
    assert f"2e semestre;Tout le territoire;{name}" in answer.text
    assert "Structures équipées" not in answer.text


def test_behind_equipped_organisations_stand_their_own_slips(app, context):
    families.handed_over(DeviceKind.LAPTOP)
    with app.test_request_context():
        told = [
            behind(people.actor(Role.COORDINATOR), FIGURES[key], FiguresAsked(today().year), 1).total for key in ("given", "organisations")
        ]
    assert told == [1, 0]


def reasons_told(*told, untold=0):
    """A report of visits with one reason each, so many of each."""
    who = people.actor(Role.DESK).id
    motives = [each for each in Motive if each is not Motive.UNTOLD]
    whys = [*(motives[at] for at, number in enumerate(told) for _each in range(number)), *([Motive.UNTOLD] * untold)]
    for why in whys:
        with unit_of_work():
            visit = Visit(site_id=1, day=today().fromisoformat("2023-05-09"), counted_by=who, reasons=[VisitReason(reason=why)])
            db.session.add(visit)
    return report(FiguresAsked(2023, exact=False))


def test_a_few_who_told_a_reason_do_not_say_which(context):
    found = reasons_told(2, 1, untold=30)
    assert found.block("visit_motifs").withheld


def test_a_reason_that_nearly_all_told_does_not_count_those_who_told_none(context):
    """Of 12 visits, 11 came for one thing: at most one told nothing."""
    found = reasons_told(11, untold=1)
    told = {line.label: found.told(line.cell) for line in found.block("visit_motifs").lines}
    assert 11 not in told.values()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("annee=1999", "annee"), ("annee=2999", "annee"), ("annee=abcd", "annee"), ("annee=-001", "annee"), ("periode=t9", "periode"),
        ("lieu=777", "lieu"), ("structure=777", "structure"),
    ],
)  # fmt: skip
def test_what_is_no_period_is_said_beside_its_field(signed_in, path, field):
    answer = signed_in(Role.COORDINATOR).get(f"/chiffres?{path}")
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text


def test_each_figure_says_where_it_comes_from_and_lists_what_is_behind_it(app, signed_in):
    with app.app_context():
        code = families.handed_over(DeviceKind.LAPTOP).allocation.device.code
        lent = db.session.scalar(select(Loan.id).limit(1))
    assert lent is None
    office, observer = signed_in(Role.COORDINATOR), signed_in(Role.OBSERVER)
    for key in FIGURES:
        assert office.get(f"/chiffres/origine/{key}").status_code == 200
        assert code not in observer.get(f"/chiffres/origine/{key}").text
    assert f"/appareils/{code}" in office.get("/chiffres/origine/received").text
    assert re.search(r"OR-\d{4}-\d{4}", office.get("/chiffres/origine/given").text)
    assert office.get("/chiffres/origine/rien").status_code == 404
    assert signed_in(Role.DESK).get("/chiffres").status_code == 403


def test_a_cost_of_nothing_is_not_an_error(context):
    with unit_of_work():
        for activity in (Activity.VISITS, Activity.COMPUTERS):
            funding.note_cost(
                people.actor(Role.COORDINATOR), year=2023, label="a", kind=CostKind.STAFF, activity=activity, amount_cents=4_870_000
            )
    visits(2846)
    asked = FiguresAsked(2023)
    told = {each.activity: each.cents for each in unit_costs(report(asked), money_of([2023]))}
    assert told == {Activity.VISITS: 1711, Activity.COMPUTERS: None, Activity.LOANS: None}


def test_a_cost_that_would_tell_a_hidden_number_is_hidden(context):
    visits(3)
    with unit_of_work():
        funding.note_cost(
            people.actor(Role.COORDINATOR), year=2023, label="a", kind=CostKind.STAFF, activity=Activity.VISITS, amount_cents=300
        )
    (cost, *_others) = unit_costs(report(FiguresAsked(2023, exact=False)), money_of([2023]))
    assert (cost.cents, cost.number, cost.hidden) == (None, None, True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=12, max_size=12), st.lists(st.integers(0, 9), max_size=6), st.integers(0, 30))
def test_no_table_of_a_report_tells_a_few(months, partners, organisations):
    """Whatever the year was: no few number is told, and what is hidden has no place in the order."""
    found = Report(FiguresAsked(2023, exact=False), Numbers())
    given_total = sum(months)
    found.put("given", given_total)
    found.cells |= {("given", month): number for month, number in enumerate(months)}
    found.sums.append(tables.SumOf("given", tuple(("given", month) for month in range(12))))
    found.put("asks", sum(partners))
    found.table("asks", "partners", "", [(f"P{each}", ("asks", each), number) for each, number in enumerate(partners)], "asks")
    found.put("organisations", organisations)
    tables._protect(found)
    assert all(not isinstance(found.told(cell), int) for cell, number in found.cells.items() if 0 < number < FEW)
    for block in found.blocks:
        hows = [found.shown[line.cell] is Cover.EXACT for line in block.lines]
        assert hows == sorted(hows, reverse=True)
