"""What a new table owes to backups and exports: a sentence that explains it, and whether its sums name files."""

from sqlalchemy import String

from refurb import wiring
from refurb.keeping.explained import LEFT_OUT, TABLES
from refurb.keeping.exports import columns_to_give, tables_to_give
from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.erased_files import NOT_FILES, SUM_LENGTH, file_columns

FILES = {"file", "photo", "certificate", "drawing", "copy", "signature_file", "back_signature", "letter", "logo", "griffe", "signed_copy"}
assert wiring.MODELS  # Every table is known.


def test_every_table_is_explained_or_left_out_with_a_reason():
    names = set(Base.metadata.tables)
    unexplained = names - set(TABLES) - set(LEFT_OUT)
    assert unexplained == set(), "say in French what it holds, in refurb/keeping/explained.py"
    assert (set(TABLES) | set(LEFT_OUT)) - names == set()
    given = {f"{table.name}.{column.name}" for table in tables_to_give() for column in columns_to_give(table)}
    assert not [each for each in given if "password" in each or "token" in each]


def test_every_column_of_a_sum_is_known_to_name_a_file_or_not():
    sums = {c.name for t in Base.metadata.sorted_tables for c in t.columns if isinstance(c.type, String) and c.type.length == SUM_LENGTH}
    undecided = sums - FILES - NOT_FILES
    assert undecided == set(), "a file to be found in every backup (FILES here), or not (NOT_FILES in refurb/kernel/deeds/erased_files.py)"
    assert {each.name for each in file_columns()} <= FILES
