"""The labels on the pieces of a kit: scanned, a piece finds its kit."""

import pytest

from refurb.directory.actions import CodeTaken, CodeUnknown, fresh_code
from refurb.directory.queries import code_row
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import UnreadableCode
from refurb.lending.kits.actions import free_piece, label_pieces
from refurb.lending.kits.queries import kit_of_component, piece_labels
from refurb.lending.kits.rules import AllLabelled, PieceElsewhere
from refurb.lending.words import PieceWhy
from tests.lending.kits.telling import correct, part, told
from tests.support.story import desk, people


def label(kit, name="Robot", code=None):
    with unit_of_work():
        return label_pieces(people.actor(Role.DESK), kit, component=part(kit, name).id, code=code)


def printed():
    with unit_of_work():
        return fresh_code().code


def test_each_piece_finds_its_kit(context):
    kit = desk.kit()
    codes = label(kit)
    assert len(codes) == 4
    assert all(kit_of_component(each) == (kit, part(kit, "Robot")) for each in codes)
    assert piece_labels(kit) == {part(kit, "Robot").id: sorted(codes)}
    assert kit_of_component("rien") is None
    with pytest.raises(AllLabelled):
        label(kit)


def test_a_printed_label_is_on_one_piece_of_one_kit(context):
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    code = printed()
    assert label(kit, code=code.lower()) == [code]
    with pytest.raises(PieceElsewhere):
        label(other, code=code)
    with pytest.raises(CodeTaken):
        label(other, code=kit.code)
    with pytest.raises(CodeUnknown):
        label(other, code="JQYDKZY9")
    with pytest.raises(UnreadableCode):
        label(other, code="robot")


def test_a_label_that_is_taken_off_may_be_stuck_elsewhere(context):
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    (code,) = label(kit, "Tapis")
    with unit_of_work():
        free_piece(people.actor(Role.DESK), kit, code)
    assert kit_of_component(code) is None
    assert label(other, "Tapis", code) == [code]
    correct(other, told(other, Tapis={"quantity": 0, "fate": PieceWhy.USED}))
    assert code_row(code).subject_kind is None
    with pytest.raises(CodeUnknown), unit_of_work():
        free_piece(people.actor(Role.DESK), kit, code)
