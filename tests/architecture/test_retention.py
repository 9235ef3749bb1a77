"""What a new table owes to the people whom it names: a term, or the reason why it has none."""

from sqlalchemy import JSON, LargeBinary, String, Text

from refurb import wiring
from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.erased_files import file_columns
from refurb.kernel.deeds.personal import PersonalMailAddress, PersonalName, PersonalTelephone
from refurb.kernel.deeds.reachable import MailAddress, Telephone
from refurb.terms import KEPT, TERMS

assert wiring.MODELS  # Every table is known.

PEOPLE = {"beneficiaries", "borrowers", "referrals", "allocations", "handovers", "loans"}
SPOKEN = 60
"""Whoever has so many letters may write about somebody."""

THINGS = {
    "ceremonies", "ceremony_turns", "check_results", "closed_days", "committees", "components", "costs", "declared_items", "destructions",
    "device_targets", "devices", "donor_statements", "drives", "erasure_reports", "erasure_statements", "erasures", "exchange_mappings",
    "exchange_marks", "flags", "grants",
    "hardware_reports", "items", "keeping_runs", "list_mappings", "machines", "mergers", "odometer_readings",
    "parts", "passages", "piece_moves", "product_pictures", "products", "refused_lots", "retention_tallies", "rota_closures", "rotas",
    "sites", "supplies", "supply_moves", "upkeep_plans", "upkeep_tickets", "waste_batches", "waste_lines",
}  # fmt: skip
"""Tables whose words and pictures are of things, places and rules: nobody who receives, borrows or gives stands in them."""

OF_PLACES = {"sites.phone", "ceremony_turns"}
"""A number that is a place's, and the order of a ceremony, which knows devices and turns."""


def answered():
    """What the terms, and what is kept, answer for."""
    return {each for term in TERMS for each in term.answers_for} | {each for kept in KEPT for each in kept.covers}


def is_said(table, column):
    return {table.name, f"{table.name}.{column.name}"} & answered()


def test_every_term_and_every_reason_has_a_key_of_its_own_and_names_what_is_there():
    for declared in (TERMS, KEPT):
        keys = [each.key for each in declared]
        assert len(keys) == len(set(keys))
    known = set(Base.metadata.tables) | {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns}
    assert answered() <= known


def test_what_names_people_has_a_term():
    """Names, addresses and numbers of people, and whatever hangs on one of them, in no table of things."""
    types = PersonalName | PersonalTelephone | PersonalMailAddress | MailAddress | Telephone
    naming = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns if isinstance(c.type, types)}
    hanging = {t.name for t in Base.metadata.sorted_tables for key in t.foreign_keys if key.column.table.name in PEOPLE}
    unsaid = {each for each in naming if not {each, each.partition(".")[0]} & answered()} | (hanging - answered())
    unsaid -= OF_PLACES
    assert unsaid == set(), "declare when it is forgotten, in retention.py of its room (a Term, or a Kept with its reason)"
    assert {each.partition(".")[0] for each in naming - OF_PLACES} & THINGS == set()


def test_every_column_in_which_people_write_or_a_file_is_named_has_a_term_or_is_about_things():
    files = {(each.table.name, each.name) for each in file_columns()}
    undecided = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in THINGS
        for column in table.columns
        if (table.name, column.name) in files
        or isinstance(column.type, Text | JSON | LargeBinary)
        or (type(column.type) is String and (column.type.length or SPOKEN) >= SPOKEN and column.type.length != 64)
        if not is_said(table, column)
    }
    assert undecided == set(), "say when it is forgotten (retention.py of its room), or that it is about things (THINGS here)"
    assert set(Base.metadata.tables) >= THINGS
    assert THINGS & answered() == set()
