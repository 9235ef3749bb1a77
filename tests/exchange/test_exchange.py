"""Tables from elsewhere: every row is stored, known or left out with its reason; nothing is doubled, nothing half-written."""

import io
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import func, select, update
from xlsxwriter import Workbook

from refurb.accounts.invitations.models import Invitation
from refurb.directory.models import Contact, Organisation
from refurb.exchange.actions import (
    KEPT_FOR,
    BroughtInAlready,
    NothingToBringIn,
    bring_in,
    drop_table,
    forget_tables,
    read_sent,
    receive_table,
    understand_table,
)
from refurb.exchange.declared import KINDS
from refurb.exchange.models import ExchangeFile
from refurb.exchange.plan import plan_rows
from refurb.exchange.queries import exchange_file, last_files, open_kinds
from refurb.exchange.words import ExchangeFate, ExchangeKind
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.personal import NamesClosed
from refurb.kernel.deeds.progress import Work, go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.lending.models import Borrower, Item, Product
from refurb.spreadsheets.table import SheetTable
from tests.conftest import FIXTURES
from tests.support.story import people, places

PARTNERS = """Nom de la structure;SIRET;Code postal;Ville;Contact;Courriel
Mission locale du Clain;;86000;Poitiers;Inès Roux;ines@mission.example
CCAS de Civray;552100554;86400;Civray;;
Centre social des Trois-Cités;123;86000;Poitiers;;
;;86000;Poitiers;;
Mission locale du CLAIN;;86000;Poitiers;;
Menuiseries Batard & Associes;732829320;;;;
"""


def sent(text, kind=ExchangeKind.PARTNERS, role=Role.COORDINATOR):
    people.settle()
    row_kind = KINDS[kind]
    content = text if isinstance(text, bytes) else text.encode()
    read = read_sent(row_kind, content, "tableau.csv")
    with unit_of_work():
        return receive_table(people.actor(role), row_kind, read).id


def file_of(number, role=Role.COORDINATOR):
    return exchange_file(people.actor(role), number)


def brought(number, who=Role.COORDINATOR, **choices):
    with unit_of_work():
        work = bring_in(people.actor(who), file_of(number, who), result_url="/importer", **choices)
        number = work.id
    go_on(work_id=number)
    return db.session.get_one(Work, number)


def fates(number, who=Role.COORDINATOR):
    found = file_of(number, who)
    return [each.fate for each in plan_rows(KINDS[found.kind], SheetTable.from_json(found.table), found.columns)]


def test_every_row_is_stored_known_or_left_out(context):
    number = sent(PARTNERS)
    C, K, L, M = ExchangeFate.CREATE, ExchangeFate.KNOWN, ExchangeFate.LEAVE, ExchangeFate.COMPLETE  # noqa: N806 - a table of words
    assert fates(number) == [C, C, L, L, K, M]
    work = brought(number)
    assert work.outcome == {"create": 2, "complete": 1, "known": 1, "leave": 2}
    assert sum(work.outcome.values()) == file_of(number).rows == work.total
    new = db.session.scalars(select(Organisation).where(Organisation.name.in_(["Mission locale du Clain", "CCAS de Civray"]))).all()
    assert all(each.is_partner and each.reference for each in new)
    assert db.session.scalar(select(Contact.email).where(Contact.name == "Inès Roux")) == "ines@mission.example"
    assert people.organisation("Menuiseries").is_partner
    assert people.organisation("Menuiseries").is_donor
    assert [(row, column, code) for row, column, code, _facts in file_of(number).left] == [
        (4, "numbers", "field.organisation_number"),
        (5, "name", "field.required"),
    ]
    assert file_of(number).table is None


def test_the_same_table_twice_doubles_nothing(context):
    brought(sent(PARTNERS))
    before = db.session.scalar(select(func.count()).select_from(Organisation))
    again = sent(PARTNERS)
    assert ExchangeFate.CREATE not in fates(again)
    with pytest.raises(NothingToBringIn), unit_of_work():
        bring_in(people.actor(Role.COORDINATOR), file_of(again), result_url="/")
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == before


def test_what_refuses_a_row_at_the_last_moment_leaves_it_out_whole(context):
    number = sent("Nom;SIREN\nAtelier du Clain;552100554\n")
    with unit_of_work():
        work_id = bring_in(people.actor(Role.COORDINATOR), file_of(number), result_url="/").id
        # Between what was seen and what is done, the number was taken by somebody whom the finder does not list.
        db.session.execute(update(Organisation).where(Organisation.is_home).values(siren="552100554"))
    go_on(work_id=work_id)
    assert db.session.get_one(Work, work_id).outcome["leave"] == 1
    assert file_of(number).left[0][:3] == [2, "", "organisation.siren_taken"]
    assert db.session.scalar(select(Organisation).where(Organisation.name == "Atelier du Clain")) is None


def test_a_mapping_is_remembered_by_its_headings(context):
    number = sent("Intitulé;Où\nCentre social;Poitiers\n")
    assert file_of(number).columns == {}
    with pytest.raises(Invalid), unit_of_work():
        understand_table(people.actor(Role.COORDINATOR), file_of(number), {"place": 1})
    with unit_of_work():
        understand_table(people.actor(Role.COORDINATOR), file_of(number), {"name": 0, "place": 1})
    again = sent("INTITULE;Ou\nAutre;Civray\n")
    assert file_of(again).columns == {"name": 0, "place": 1}
    assert [each.id for each in last_files(people.actor(Role.COORDINATOR))] == [again, number]


SNIPE_IT = """\ufeffCompany,Name,Asset Tag,Category,Model,Model Number,Purchase Date,Purchase Cost,Checkout Type,Asset EOL Date
Fablab,Liseuse du salon,FB-0001,Liseuses,"Liseuse 6""\",LX-6,1/23/23,119.90,,10/27/28
Fablab,Liseuse du fond,FB-0002,Liseuses,"Liseuse 6""\",LX-6,1/23/23,119.90,,10/27/28
Fablab,,FB-0003,Drones,Drone école,DR-1,2/3/24,80,,
"""
REAL = FIXTURES / "migration" / "snipe-it-assets-sample.csv"


def test_a_snipe_it_export_becomes_things_to_lend_once(context):
    work = brought(sent(SNIPE_IT, ExchangeKind.ITEMS), category="tablet")
    assert work.outcome["create"] == db.session.scalar(select(func.count()).select_from(Item)) >= 2
    assert sum(work.outcome.values()) == work.total == 3
    assert db.session.scalar(select(Product.name).where(Product.name.startswith("Liseuse"))) == 'Liseuse 6"'
    assert set(fates(sent(SNIPE_IT, ExchangeKind.ITEMS))) <= {ExchangeFate.KNOWN, ExchangeFate.LEAVE}


@pytest.mark.skipif(not REAL.is_file(), reason="the real files are not beside this checkout")
def test_snipe_its_own_sample_becomes_things_to_lend_once(context):
    content = REAL.read_bytes()
    work = brought(sent(content, ExchangeKind.ITEMS), category="tablet")
    assert work.outcome["create"] == db.session.scalar(select(func.count()).select_from(Item)) > 20
    assert sum(work.outcome.values()) == work.total
    assert set(fates(sent(content, ExchangeKind.ITEMS))) <= {ExchangeFate.KNOWN, ExchangeFate.LEAVE}


@pytest.mark.skipif(not REAL.is_file(), reason="the real files are not beside this checkout")
def test_snipe_its_own_people_become_borrowers_once_and_its_broken_file_is_read_for_what_it_is(context):
    content = REAL.with_name("snipe-it-users-sample.csv").read_bytes()
    number = sent(content, ExchangeKind.BORROWERS)
    work = brought(number, is_adult=True)
    assert work.outcome["create"] == db.session.scalar(select(func.count()).select_from(Borrower)) > 10
    assert sum(work.outcome.values()) == work.total
    assert ExchangeFate.CREATE not in fates(sent(content, ExchangeKind.BORROWERS))
    broken = brought(sent(REAL.with_name("snipe-it-assets-sample-BAD.csv").read_bytes(), ExchangeKind.ITEMS), category="tablet")
    assert sum(broken.outcome.values()) == broken.total


GLPI = """"Nom";"Entité";"Statut";"Fabricant";"Numéro de série";"Type";"Modèle";"Numéro d'inventaire";"Dernière modification"
"PRET-01";"Racine > Fablab";"En service";"Dell";"VS0001";"Portable";"Latitude 5490";"FB-0101";"2026-03-02 10:12"
"PRET-02";"Racine > Fablab";"En service";"Dell";"VS0002";"Portable";"Latitude 5490";"FB-0102";"2026-03-02 10:13"
"PRET-03";"Racine > Fablab";"En réparation";"Epson";"";"Vidéoprojecteur";"EB-W06";"";"2026-03-02 10:14"
"""


def test_a_list_of_glpi_becomes_things_to_lend_once(context):
    number = sent(GLPI, ExchangeKind.ITEMS)
    work = brought(number, category="computer")
    assert work.outcome == {"create": 3, "complete": 0, "known": 0, "leave": 0}
    assert db.session.scalars(select(Product.name).distinct().order_by(Product.name)).all() == ["EB-W06", "Latitude 5490"]
    assert fates(sent(GLPI, ExchangeKind.ITEMS)) == [ExchangeFate.KNOWN] * 3


def test_two_of_a_kind_without_a_number_are_not_taken_for_one(context):
    text = "Nom;Produit;N° de série\n" + "Vidéoprojecteur;Vidéoprojecteur;\n" * 202 + "Vidéoprojecteur;Vidéoprojecteur;XK4471\n"
    number = sent(text, ExchangeKind.ITEMS)
    C, L = ExchangeFate.CREATE, ExchangeFate.LEAVE  # noqa: N806 - a table of words
    assert fates(number) == [C, *[L] * 201, C]
    assert brought(number, category="tablet").outcome == {"create": 2, "complete": 0, "known": 0, "leave": 201}
    assert {(each[2], each[3]["row"]) for each in file_of(number).left} == {("exchange.unnumbered", 2)}


def test_borrowers_come_by_name_and_reach_and_only_adults(context):
    text = "Nom de famille;Prénom;Adresses de messagerie;Téléphone;Entité\nLe Goff;Yann;yann@example.org;;Racine\nSans;Rien;;;Racine\n"
    number = sent(text, ExchangeKind.BORROWERS)
    assert fates(number) == [ExchangeFate.CREATE, ExchangeFate.LEAVE]
    brought(number, is_adult=True)
    assert db.session.scalars(select(Borrower.name)).all() == ["Yann Le Goff"]
    assert fates(sent(text, ExchangeKind.BORROWERS))[0] is ExchangeFate.KNOWN


def test_people_are_invited_once_each_with_her_role(context):
    text = "Nom;Courriel;Rôle;Structure\nAnne Roy;anne@relais.example;Atelier;\nLéo Petit;leo@ccas.example;;CCAS de Poitiers\n"
    text += "Zoé Blanc;zoe@relais.example;;\nPaul;paul@x.example;Astronaute;\nEve;eve@x.example;;Nulle part\nAude;admin@refurb.example;;\n"
    number = sent(text, ExchangeKind.PEOPLE, Role.ADMIN)
    C, L, K = ExchangeFate.CREATE, ExchangeFate.LEAVE, ExchangeFate.KNOWN  # noqa: N806 - a table of words
    assert fates(number, Role.ADMIN) == [C, C, C, L, L, K]
    brought(number, Role.ADMIN, role="desk")
    invited = {each.name: [(grant.role, grant.organisation_id) for grant in each.grants] for each in db.session.scalars(select(Invitation))}
    partner = people.organisation("CCAS").id
    assert invited == {"Anne Roy": [(Role.TECHNICIAN, None)], "Léo Petit": [(Role.PRESCRIBER, partner)], "Zoé Blanc": [(Role.DESK, None)]}
    assert fates(sent(text, ExchangeKind.PEOPLE, Role.ADMIN), Role.ADMIN)[:3] == [K, K, K]


def test_a_role_comes_for_one_place_where_the_table_says_so(context):
    desk, row = places.second(), "{};{}@relais.example;{};{}\n"
    told = [("Anne", "a", "Atelier", desk.name.upper()), ("Zoé", "z", "", desk.name), ("Paul", "p", "Atelier", "Nulle part"),
            ("Eve", "e", "Observation", desk.name), ("Léo", "l", "Atelier", "")]  # fmt: skip
    number = sent("Nom;Courriel;Rôle;Lieu\n" + "".join(row.format(*each) for each in told), ExchangeKind.PEOPLE, Role.ADMIN)
    C, L = ExchangeFate.CREATE, ExchangeFate.LEAVE  # noqa: N806 - a table of words
    assert fates(number, Role.ADMIN) == [C, C, L, L, C]
    brought(number, Role.ADMIN, role="coordinator")
    invited = {each.name: each.grants for each in db.session.scalars(select(Invitation))}
    assert invited == {"Anne": [Grant(Role.TECHNICIAN, None, desk.id)], "Léo": [Grant(Role.TECHNICIAN)]}
    left = [(row, column, code) for row, column, code, _facts in file_of(number, Role.ADMIN).left]
    none = "exchange.role_at_no_site"
    assert left == [(3, "site", none), (4, "site", "exchange.unknown_site"), (5, "site", none)]


def test_only_who_may_store_such_rows_sees_the_table(context):
    number = sent(PARTNERS)
    with pytest.raises(NotFound):
        exchange_file(people.actor(Role.DESK), number)
    assert {each.kind for each in open_kinds(people.actor(Role.DESK))} == {ExchangeKind.ITEMS, ExchangeKind.BORROWERS}
    with pytest.raises(Forbidden), unit_of_work():
        drop_table(people.actor(Role.DESK), file_of(number))
    with pytest.raises(Forbidden), unit_of_work():
        bring_in(people.actor(Role.DESK), file_of(number), result_url="/")


def test_what_was_dropped_or_is_old_says_nothing_any_more(context):
    number, other = sent(PARTNERS), sent(PARTNERS)
    with unit_of_work():
        drop_table(people.actor(Role.COORDINATOR), file_of(number))
    with pytest.raises(BroughtInAlready), unit_of_work():
        drop_table(people.actor(Role.COORDINATOR), file_of(number))
    with unit_of_work() as session:
        session.execute(update(ExchangeFile).values(received_at=now() - KEPT_FOR - timedelta(days=1)))
    with unit_of_work():
        assert forget_tables() == 1
    assert (file_of(other).table, file_of(other).filename) == (None, "")


def test_rows_that_a_spreadsheet_hid_are_left_out_and_counted(context):
    book = io.BytesIO()
    with Workbook(book) as file:
        sheet = file.add_worksheet()
        for at, row in enumerate([("Nom", "Ville"), ("Montrée", "Poitiers"), ("Cachée", "Poitiers")]):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    work = brought(number := sent(book.getvalue()))
    assert (work.outcome["create"], work.outcome["leave"], file_of(number).rows) == (1, 1, 2)


def test_a_coordinator_goes_through_the_pages(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    assert "Structures partenaires" in client.get("/importer").text
    answer = client.submit("/importer/partners", {"file": (io.BytesIO(PARTNERS.encode()), "structures.csv")})
    assert answer.status_code == 303
    columns = client.get(answer.location)
    assert "SIRET, SIREN ou RNA" in columns.text
    mapped = client.submit(answer.location, {"column_0": "name", "column_1": "numbers", "column_3": "place"})
    shown = client.get(mapped.location + "?voir=toutes").text
    assert "Déjà là, sera complété" in shown
    assert "Dit la même chose que la ligne 2" in shown
    done = client.submit(mapped.location, {})
    assert done.status_code == 303
    number = mapped.location.rpartition("/")[2]
    result = client.get(f"/importer/fichiers/{number}/resultat").text
    assert "Ligne 4" in result
    with app.app_context():
        assert people.organisation("CCAS de Civray").is_partner
    assert signed_in(Role.TECHNICIAN).get("/importer").status_code == 403
    assert signed_in(Role.DESK).get(f"/importer/fichiers/{number}").status_code == 404


def test_what_stopped_half_way_is_taken_up_on_screen(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    with app.app_context():
        number = sent(PARTNERS)
        with unit_of_work():
            work = bring_in(people.actor(Role.COORDINATOR), file_of(number), result_url="/")
            work.finished_at, work.fault = now(), "x"
    assert f'href="/importer/fichiers/{number}"' in client.get(f"/importer/fichiers/{number}/resultat").text
    assert client.get(f"/importer/fichiers/{number}").status_code == 200
    assert client.submit(f"/importer/fichiers/{number}", {}).status_code == 303
    assert client.get(f"/importer/fichiers/{number}").status_code == 303
    with app.app_context():
        assert people.organisation("CCAS de Civray").is_partner


def test_a_table_of_borrowers_is_closed_to_who_may_read_no_name(context):
    number, other = sent("Nom;Courriel\nAïcha N'Diaye;a@x.example\n", ExchangeKind.BORROWERS, Role.DESK), sent(PARTNERS)
    g.names_closed = True
    with pytest.raises(NamesClosed):
        file_of(number, Role.DESK)
    assert file_of(other).rows
