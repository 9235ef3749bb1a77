"""Text on paper: broken where a reader expects it, and never wider than its place."""

from hypothesis import given
from hypothesis import strategies as st

from refurb.documents import typeset
from refurb.documents.typeset import BOLD, REGULAR


def shown(lines):
    return ["".join(part.text for part in line.pieces) for line in lines]


def test_lines_end_between_words():
    assert shown(typeset.lines("un deux trois quatre", REGULAR, 10, 50)) == ["un deux", "trois", "quatre"]


def test_spaces_that_do_not_break_hold_their_words_together():
    for room in range(30, 200, 7):
        lines = shown(typeset.lines("Voir le n°\u00a03, «\u202fannule\u202f» et 14\u202fh\u202f07\u202f!", REGULAR, 10, room))
        held = [line for line in lines if "n°" in line] + [line for line in lines if "14" in line]
        assert "n°\u00a03," in held[0] or room < 30
        if room > 60:
            assert "14\u202fh\u202f07\u202f!" in held[1]
            assert any("«\u202fannule\u202f»" in line for line in lines)


def test_phrases_are_brought_out_and_keep_their_punctuation():
    (line,) = typeset.lines("Reçu de Dupont & Fils, merci", REGULAR, 10, 500, strong=["Dupont & Fils"])
    assert [(part.text, part.font) for part in line.pieces] == [
        ("Reçu de ", REGULAR),
        ("Dupont & Fils", BOLD),
        (", merci", REGULAR),
    ]


@given(st.text(max_size=80), st.floats(min_value=20, max_value=300))
def test_no_line_is_wider_than_its_room_and_no_sign_is_lost(text, room):
    lines = typeset.lines(text, REGULAR, 10, room)
    assert lines
    assert all(line.width <= room + 0.1 for line in lines)
    kept = "".join("".join(shown(lines)).split())
    assert kept == "".join(typeset.printable(text).split())


@given(st.text(max_size=80))
def test_what_is_printable_stays_so(text):
    once = typeset.printable(text)
    assert typeset.printable(once) == once


def test_balanced_lines_are_no_more_than_needed_and_of_about_one_length():
    text = "La présente attestation ne constitue pas un reçu fiscal au sens du CGI."
    plain = typeset.lines(text, BOLD, 10, 330)
    balanced = typeset.balanced(text, BOLD, 10, 330)
    assert len(balanced) == len(plain) == 2
    assert min(line.width for line in balanced) > 0.7 * max(line.width for line in balanced)


def test_what_is_clipped_says_that_more_follows():
    lines = typeset.clipped(typeset.lines("un deux trois quatre", REGULAR, 10, 50), 2, 10, 50)
    assert shown(lines) == ["un deux", "trois…"]
