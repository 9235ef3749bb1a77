"""What is wrong with a row is said beside its cell; a grave fault leaves it out, a doubtful one lets it in without that cell."""

import pytest

from refurb.inventory.lists.columns import guess, known_headings
from refurb.inventory.lists.rows import Level, read_rows
from refurb.inventory.words.devices import DeviceKind
from refurb.spreadsheets.table import read_table
from tests.support.story import lists

FINE = ("PC-1", "portable", "Dell", "Latitude 5490", "7HXK2L3", "8 Go", "256 Go")


def read(*rows, default=None, headings=lists.HEADINGS):
    table = read_table(lists.csv(*rows, headings=headings), known_headings)
    return read_rows(table, guess(table.headings, [cells for _, cells in table.rows]), default).rows


def problems(*rows, **more):
    return [[(str(each.column), each.level, each.fault.code) for each in row.problems] for row in read(*rows, **more)]


def with_(**changed):
    names = ("tag", "kind", "maker", "model", "serial", "ram", "disk")
    return tuple(changed.get(name, value) for name, value in zip(names, FINE, strict=True))


def test_a_good_row_says_all_it_knows():
    (row,) = read(FINE)
    assert row.problems == ()
    assert (row.machine.kind, row.machine.manufacturer, row.machine.ram_mb, row.machine.storage_gb) == (
        DeviceKind.LAPTOP,
        "Dell",
        8192,
        256,
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"kind": "truc", "model": "X"}, ("kind", Level.STOP, "list.kind_unknown")),
        ({"kind": "", "model": "X"}, ("kind", Level.STOP, "list.kind_missing")),
        ({"serial": "To be filled by O.E.M."}, ("serial", Level.DOUBT, "list.serial_placeholder")),
        ({"serial": "6.37702E+15"}, ("serial", Level.DOUBT, "list.number_mangled")),
        ({"serial": "3,56938E+14"}, ("serial", Level.DOUBT, "list.number_mangled")),
        ({"serial": "356938035643809000"}, ("serial", Level.DOUBT, "list.number_rounded")),
        ({"tag": "5.02E+18"}, ("tag", Level.DOUBT, "list.number_mangled")),
        ({"ram": "beaucoup"}, ("ram", Level.DOUBT, "list.size_unreadable")),
        ({"model": "x" * 170}, ("model", Level.DOUBT, "list.cell_cut")),
    ],
)
def test_each_fault_stands_in_its_cell(changed, expected):
    assert problems(with_(**changed)) == [[expected]]


def test_a_cell_that_is_not_believed_is_left_empty():
    (row,) = read(with_(serial="6.37702E+15"))
    assert (row.machine.serial, row.is_doubtful) == (None, True)


def test_a_serial_twice_in_the_file_names_the_first_row():
    rows = read(FINE, with_(tag="PC-2", serial="7hxk2l3"))
    assert [(each.fault.code, each.fault.facts["row"]) for each in rows[1].problems] == [("list.serial_twice", 2)]
    assert rows[1].is_stopped


def test_lost_noughts_are_suspected():
    rows = [
        with_(tag=f"PC-{number}", serial=serial) for number, serial in enumerate(("00412377", "00412378", "10412379", "412380", "10412381"))
    ]
    assert [bool(each) for each in problems(*rows)] == [False, False, False, True, False]


def test_a_model_tells_its_kind_and_the_rest_is_told_for_all():
    rows = read(with_(kind="", model="OptiPlex 7050"), with_(tag="PC-2", kind="", model="X", serial="AB1234"), default=DeviceKind.TABLET)
    assert [row.machine.kind for row in rows] == [DeviceKind.DESKTOP, DeviceKind.TABLET]


def test_a_quantity_is_so_many_machines_without_a_name():
    headings = ("Type", "Modèle", "Quantité", "N° série")
    rows = read(("Écran", "P2419H", "3", ""), ("Écran", "P2419H", "2", "CN0123"), ("Écran", "P2419H", "mille", ""), headings=headings)
    assert [row.copy for row in rows] == [1, 2, 3, 1, 1]
    assert [row.machine.nth and row.machine.nth[-1] for row in rows[:3]] == ["1", "2", "3"]
    assert [row.problems[0].fault.code for row in rows[3:]] == ["list.quantity_of_one", "list.quantity_unreadable"]


def test_what_stands_under_the_list_is_no_machine():
    assert len(read(FINE, ("", "", "", "", "", "", ""), headings=lists.HEADINGS)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16 Go", 16384),
        ("16GB", 16384),
        ("2 x 8 Go", 16384),
        ("8192", 8192),
        ("8", 8192),
        ("0,5 To", 524288),
        ("512 Mo", 512),
        ("DDR4 8Go 2400", 8192),
        ("", None),
    ],
)
def test_sizes(text, expected):
    assert read(with_(ram=text))[0].machine.ram_mb == expected
