"""A referral filled in on a phone by the keyboard alone: fourteen questions at most, those that are answered already among them."""

from playwright.sync_api import expect

from refurb.kernel.deeds.access import Role
from tests.support.pictures import keep_for_the_guide
from tests.support.visitor import PHONE, Visitor
from tests.support.web import Welcome

MOST_TABS = 40
# By the name of each field, what is typed in it; of a group of choices how many times the arrow is pressed after the space bar.
ANSWERS: tuple[tuple[str, str | int], ...] = (
    ("first_name", "Zoë"),
    ("last_name", "O'Neil 🙂"),
    ("commune", "Poitiers"),
    ("channel", 0),
    ("phone", "06 12 34 56 78"),
    ("situation", 1),
    ("household_size", "4"),
    ("priority_area", 0),
    ("usage", 3),
    ("connection", 1),
    ("mobility", 0),
)
ANSWERED = ("device_kind", "eligibility_checked_on", "notice_given_on")
"""What the form says by itself: a laptop, today and today."""


def reach(visitor: Visitor, name: str) -> None:
    """Press Tab until the field, or the button, of this name has the focus."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("() => document.activeElement.name || document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_a_referral_is_filled_by_keyboard_on_a_phone(welcome: Welcome) -> None:
    claire: Visitor = welcome(width=PHONE)
    claire.sign_in(Role.PRESCRIBER)
    claire.open("/orientations/nouvelle")
    claire.page.locator("#contenu").focus()
    for name, answer in ANSWERS:
        reach(claire, name)
        if isinstance(answer, str):
            claire.page.keyboard.type(answer)
        else:
            claire.page.keyboard.press("Space")
            for _ in range(answer):
                claire.page.keyboard.press("ArrowDown")
    for name in ANSWERED:
        expect(claire.page.locator(f'[name="{name}"]:checked')).to_have_count(1)
    keep_for_the_guide(claire.page, "structures-orientation")
    reach(claire, "Transmettre")
    with claire.page.expect_navigation(wait_until="load"):
        claire.page.keyboard.press("Enter")
    claire.look()

    claire.sees("Transmise", "Zoë O'Neil 🙂", "Seulement un téléphone", "Elle peut venir", "En emploi")
    assert len(ANSWERS) + len(ANSWERED) <= 14
