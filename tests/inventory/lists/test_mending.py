"""A list is mended on screen before its import: what a word means, what stands in a row; the file's own words stay in sight."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import null, select, update

from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.lists.actions.lists import AlreadyConfirmed, forget_lists, understand_columns
from refurb.inventory.lists.actions.mending import RowImported, explain_words, mend_row
from refurb.inventory.lists.columns import DeclaredColumn
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import RowFate, cells_of, donor_list, kind_words, plan_of, remembered, row_start
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.progress import Work
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from tests.support.story import lists, people, workshop

C = DeclaredColumn
SAMPLES = Path(__file__).parent / "samples"
TOASTER = ("X-1", "Grille-pain", "Moulinex", "Subito", "MX12345", "", "")


def waiting(*more):
    donation = workshop.announced()
    return donation, lists.receive(donation, lists.csv(*lists.ROWS, *(more or (TOASTER,))))


def mend(donation, found, row, role=Role.COORDINATOR, **told):
    with unit_of_work():
        mend_row(people.actor(role), donation, found, row, {C(name): text for name, text in told.items()})


def explain(donation, found, role=Role.COORDINATOR, **words):
    with unit_of_work():
        explain_words(people.actor(role), donation, found, words)


def planned(found, row):
    return next(each for each in plan_of(found) if each.row.number == row)


def test_a_word_is_explained_and_the_next_list_knows_it(context):
    donation, found = waiting(TOASTER, ("X-2", "GRILLE‑PAIN", "Seb", "Toast", "SB12345", "", ""))
    assert [(each.rows, each.kind) for each in kind_words(found, plan_of(found))] == [(2, None)], "one word, however it is typed"
    assert planned(found, 5).fate == RowFate.LEAVE
    explain(donation, found, **{"grille-pain": DeviceKind.OTHER})
    assert (planned(found, 5).fate, planned(found, 5).row.machine.kind) == (RowFate.CREATE, DeviceKind.OTHER)
    assert planned(found, 2).row.machine.kind == DeviceKind.LAPTOP, "what was known is as it was"
    again = lists.receive(donation, lists.csv(*lists.ROWS, ("X-3", "grille-pain", "Seb", "", "SB99999", "", "")))
    assert planned(again, 5).row.machine.kind == DeviceKind.OTHER
    explain(donation, again, **{"Grille-Pain": None})
    assert planned(again, 5).fate == RowFate.LEAVE
    assert planned(found, 5).fate == RowFate.CREATE, "a list keeps what was said of it"


def test_a_word_of_one_row_may_name_somebody_and_goes_with_the_table(context):
    donation, found = waiting(("X-1", "Poste Mme Durand", "", "", "MX12345", "", ""))
    explain(donation, found, **{"Poste Mme Durand": DeviceKind.DESKTOP})
    assert planned(found, 5).row.machine.kind == DeviceKind.DESKTOP
    assert remembered(donation.donor_id, found.signature).words == {}, "not for the next list"
    lists.confirm(donation, found)
    assert db.session.get_one(DonorList, found.id).words == {}


def test_what_two_lists_explained_is_remembered_of_both(context):
    donation, found = waiting(TOASTER, TOASTER)
    other = lists.receive(donation, lists.csv(*lists.ROWS, *[("X-9", "Bouilloire", "", "", "", "", "")] * 2))
    explain(donation, other, bouilloire=DeviceKind.OTHER)
    explain(donation, found, **{"grille-pain": DeviceKind.OTHER})
    assert sorted(remembered(donation.donor_id, found.signature).words) == ["bouilloire", "grille-pain"]


@pytest.mark.parametrize("word", ["pc portable", "Latitude 5490", "toaster"])
def test_a_word_that_we_know_or_that_is_not_there_is_not_explained(context, word):
    donation, found = waiting(("X-1", "Latitude 5490", "", "", "MX12345", "", ""))
    with pytest.raises(Invalid) as refused:
        explain(donation, found, **{word: DeviceKind.MONITOR})
    assert [each.code for each in refused.value.fields["words"]] == ["list.word_not_asked"]
    db.session.refresh(found)
    assert found.words == {}


def test_an_endless_word_is_looked_up_as_it_is_kept(context):
    donation, found = waiting(("X-1", "machine " * 40, "", "", "MX12345", "", ""))
    explain(donation, found, **{"machine " * 40: DeviceKind.OTHER})
    assert planned(found, 5).row.machine.kind == DeviceKind.OTHER


def test_a_kind_chosen_for_a_row_is_no_word_of_the_donors(context):
    donation, found = waiting()
    with unit_of_work():
        found.words = {"other": "laptop"}
    mend(donation, found, 5, kind="other")
    assert planned(found, 5).row.machine.kind == DeviceKind.OTHER


def test_a_row_is_mended_imported_and_its_mending_goes_with_the_table(context):
    donation, found = waiting()
    mend(donation, found, 5, kind="other", serial="MX 54321", ram="8 192 Mo", tag="")
    machine = planned(found, 5).row.machine
    assert (machine.kind, machine.serial, machine.ram_mb, machine.tag) == (DeviceKind.OTHER, "MX 54321", 8192, None)
    assert machine.model == "Subito"
    lists.confirm(donation, found)
    item = db.session.scalars(select(DeclaredItem).where(DeclaredItem.serial == "MX 54321")).one()
    assert (item.kind, item.row, item.ram_mb) == (DeviceKind.OTHER, 5, 8192)
    assert db.session.get_one(DonorList, found.id).mended == {}
    with pytest.raises(AlreadyConfirmed):
        mend(donation, found, 5, serial="Y")


def test_what_is_written_as_the_file_says_it_is_the_files(context):
    donation, found = waiting()
    mend(donation, found, 2, kind="laptop", serial="7HXK2L3", ram="8 Go", model="Latitude 5491")
    assert found.mended == {"2": {"model": "Latitude 5491"}}
    mend(donation, found, 2, model="Latitude 5490")
    assert found.mended == {}


@pytest.mark.parametrize(
    ("told", "column", "code"),
    [
        ({"ram": "huit"}, "ram", "list.size_unreadable"),
        ({"serial": "8HXK2L4"}, "serial", "list.serial_twice"),
        ({"quantity": "3"}, "quantity", "list.quantity_of_one"),
    ],
)
def test_what_is_written_is_read_or_refused_beside_its_cell(context, told, column, code):
    donation, found = waiting()
    with pytest.raises(Invalid) as refused:
        mend(donation, found, 5, **told)
    assert {name: [each.code for each in faults] for name, faults in refused.value.fields.items()} == {column: [code]}
    db.session.refresh(found)
    assert found.mended == {}


def test_a_cell_that_a_spreadsheet_changed_is_written_anew(context):
    donation = workshop.announced()
    found = lists.receive(donation, (SAMPLES / "xlsx-serial-became-date.xlsx").read_bytes(), "parc.xlsx")
    row = plan_of(found)[0].row
    assert [each.fault.code for each in row.problems] == ["list.cell_date"]
    mend(donation, found, row.number, serial="MAR0005")
    assert (planned(found, row.number).row.machine.serial, planned(found, row.number).row.problems) == ("MAR0005", ())


def test_a_doubted_cell_that_is_written_as_it_stands_is_believed(context):
    donation = workshop.announced()
    found = lists.receive(donation, (SAMPLES / "xlsx-serial-became-date.xlsx").read_bytes(), "parc.xlsx")
    row = plan_of(found)[0].row
    text = cells_of(found, row.number)[found.columns["serial"]]
    assert row_start(found, row.number)[C.SERIAL] == ""
    mend(donation, found, row.number, serial=text)
    assert (planned(found, row.number).row.machine.serial, planned(found, row.number).row.problems) == (text, ())


def test_a_line_with_an_open_quotation_mark_is_doubted_until_all_of_it_is_written(context):
    donation = workshop.announced()
    found = lists.receive(donation, (SAMPLES / "csv-open-quote.csv").read_bytes())
    row = plan_of(found)[0].row.number
    start = {str(column): text for column, text in row_start(found, row).items() if str(column) in found.columns}
    mend(donation, found, row, serial="OPQ9999")
    assert [each.fault.code for each in planned(found, row).row.problems] == ["list.cell_quote"]
    mend(donation, found, row, **start)
    assert planned(found, row).row.problems == ()


def test_words_to_explain_come_before_those_that_are(context):
    donation, found = waiting(TOASTER, TOASTER, ("X-2", "Bouilloire", "", "", "SB12345", "", ""))
    explain(donation, found, **{"grille-pain": DeviceKind.OTHER})
    assert [each.word for each in kind_words(found, plan_of(found))] == ["Bouilloire", "Grille-pain"]


def test_words_that_find_no_room_on_the_page_are_counted(app, signed_in):
    with app.app_context():
        words = [f"Chose {chr(97 + each // 26)}{chr(97 + each % 26)}" for each in range(32)]
        donation, found = waiting(*((f"X-{word[-2:]}", word, "", "", f"SB{word[-2:]}12345", "", "") for word in words))
        preview = f"/dons/{donation.reference}/liste/{found.id}"
    shown = signed_in(Role.COORDINATOR).get(preview).text
    assert shown.count('name="word"') == 30
    assert "Et 2 autres mots" in shown


def test_a_row_that_says_no_machine_any_more_is_still_reached(app, signed_in):
    with app.app_context():
        donation, found = waiting()
        mend(donation, found, 5, tag="", kind="", manufacturer="", model="", serial="")
        preview = f"/dons/{donation.reference}/liste/{found.id}"
    assert f'href="{preview}/lignes/5"' in signed_in(Role.COORDINATOR).get(preview).text


def test_not_a_row_that_is_not_there_nor_by_whoever_may_not(context):
    donation, found = waiting()
    with pytest.raises(NotFound):
        mend(donation, found, 99, serial="Y")
    for deed in (lambda: mend(donation, found, 5, Role.TECHNICIAN, serial="Y"), lambda: explain(donation, found, Role.TECHNICIAN, x=None)):
        with pytest.raises(Forbidden):
            deed()


def test_what_was_written_is_forgotten_with_the_table_of_an_import_that_stopped(context):
    donation, found = waiting()
    mend(donation, found, 5, kind="other", note="chez Odette")
    number = lists.confirm(donation, found).id
    with unit_of_work():
        work = db.session.get_one(Work, number)
        work.fault, kept = "progress.stopped", db.session.get_one(DonorList, found.id)
        kept.table, kept.mended = {"sheet": None}, {"5": {"note": "chez Odette"}}
        kept.words = {"poste odette": "desktop"}
    with at(now() + timedelta(days=31)), unit_of_work():
        assert forget_lists() == 1
    db.session.expire_all()
    kept = db.session.get_one(DonorList, found.id)
    assert (kept.table, kept.mended, kept.words) == (None, {}, {})


def test_a_row_that_was_imported_before_its_import_stopped_is_not_mended(context):
    donation, found = waiting()
    table = found.table
    number = lists.confirm(donation, found).id
    with unit_of_work():
        db.session.get_one(Work, number).fault = "progress.stopped"
        db.session.get_one(DonorList, found.id).table = table
    found = donor_list(people.actor(Role.COORDINATOR), donation, found.id)
    with pytest.raises(RowImported):
        mend(donation, found, 2, serial="7HXK2L9")
    mend(donation, found, 5, kind="other")
    assert found.mended == {"5": {"kind": "other"}}, "what was left out then is mended now"


def test_what_is_mended_is_told_of_the_donation_without_its_words(context):
    donation, found = waiting()
    for serial in ("MX54321", "MX54321"):
        mend(donation, found, 5, serial=serial)
    mend(donation, found, 5)
    told = [each.facts for each in db.session.scalars(select(Event).where(Event.move == "list_mended").order_by(Event.id))]
    assert told == [{"list": found.id, "row": 5, "columns": ["serial"]}] * 2


def test_columns_are_not_told_of_a_list_that_was_confirmed_meanwhile(context):
    donation, found = waiting()
    with pytest.raises(AlreadyConfirmed), unit_of_work():
        assert found.table
        db.session.execute(update(DonorList).values(table=null()), execution_options={"synchronize_session": False})
        understand_columns(people.actor(Role.COORDINATOR), donation, found, columns=found.columns, default_kind=None)


@pytest.mark.both_databases
def test_of_two_people_on_one_page_neither_takes_back_what_the_other_said(app, signed_in):
    with app.app_context():
        donation, found = waiting()
        reference, number = donation.reference, found.id
    client, preview = signed_in(Role.COORDINATOR), f"/dons/{reference}/liste/{number}"
    shown = re.search('name="shown" value="(.*?)"', client.get(f"{preview}/lignes/5").text)[1]
    facts = {"tag": "X-1", "manufacturer": "Moulinex", "model": "Subito"}
    assert client.submit(f"{preview}/lignes/5", {**facts, "kind": "other", "serial": "MX54321", "shown": shown}).location == preview
    stale = {**facts, "kind": "", "serial": "MX12345", "note": "gris", "shown": shown}
    refused = client.submit(f"{preview}/lignes/5", stale)
    assert refused.status_code == 409
    assert "(MX54321)" in refused.text
    assert 'value="gris"' in refused.text
    now = re.search('name="shown" value="(.*?)"', refused.text)[1]
    assert client.submit(f"{preview}/lignes/5", {**stale, "shown": now}).location == preview, "whoever insists knows what was there"
    assert client.submit(f"{preview}/mots", {"word": "Grille-pain", "was": "", "kind": "other"}).location == preview
    assert client.submit(f"{preview}/mots", {"word": "Grille-pain", "was": "", "kind": ""}).location == preview
    assert '<option value="other" selected>' in client.get(preview).text


def test_on_the_page_and_by_the_json_door(app, signed_in):
    with app.app_context():
        donation, found = waiting()
        reference, number = donation.reference, found.id
    client, preview = signed_in(Role.COORDINATOR), f"/dons/{reference}/liste/{number}"
    shown = client.get(preview).text
    assert f'href="{preview}/lignes/5"' in shown
    assert 'name="word" value="Grille-pain"' in shown
    row = client.get(f"{preview}/lignes/5").text
    assert 'value="MX12345"' in row
    assert "ne dit pas ce que c’est" in row
    refused = client.submit(f"{preview}/lignes/5", {"kind": "other", "ram": "huit", "serial": "MX54321"})
    assert refused.status_code == 422
    assert 'id="f-ram-e"' in refused.text
    assert 'value="huit"' in refused.text
    facts = {"tag": "X-1", "kind": "other", "manufacturer": "Moulinex", "model": "Subito", "serial": "MX54321"}
    assert client.submit(f"{preview}/lignes/5", facts).location == preview
    after = client.get(preview).text
    assert "MX54321" in after
    assert "corrigée ici" in after
    assert '<span class="cell-typed">MX12345</span>' in after, "what the file says stays in sight"
    assert client.submit(f"{preview}/lignes/5/du-fichier").location == preview
    assert "MX54321" not in client.get(preview).text
    assert client.submit(f"{preview}/mots", {"word": "Grille-pain", "was": "", "kind": "other"}).location == preview
    assert "1 ligne à revoir" not in client.get(preview).text
    assert client.get(f"{preview}/lignes/99").status_code == 404
    head, door = {"X-CSRFToken": client.token()}, f"/api/v1/donations/{reference}/lists/{number}"
    told = client.put(f"{door}/words", json={"words": {"Grille-pain": None}}, headers=head).json
    assert [row["fate"] for row in told["rows"]] == ["create", "create", "create", "leave"]
    told = client.put(f"{door}/rows/5", json={"kind": "other", "tag": None}, headers=head).json
    assert (told["rows"][3]["fate"], told["rows"][3]["machine"]["tag"], told["rows"][3]["machine"]["serial"]) == ("create", None, "MX12345")
    assert client.put(f"{door}/rows/5", json={}, headers=head).json["mended"] == {}
    assert client.put(f"{door}/rows/5", json={"kind": "toaster"}, headers=head).json["fields"]["kind"][0]["code"] == "field.choice"
    assert client.put(f"{door}/words", json={"words": {"x": "toaster"}}, headers=head).status_code == 422
    refused = client.put(f"{door}/words", json={"words": {"PC portable": "monitor"}}, headers=head)
    assert (refused.status_code, refused.json["fields"]["words"][0]["code"]) == (422, "list.word_not_asked")
    assert client.put(f"{door}/words", json={"words": {"Grille-pain": []}}, headers=head).status_code == 422
