"""Every policy with something wrong in it, typed on its page: told in plain words beside its key, kept nowhere, never a fault."""

import copy
import datetime as dt
import os
import random
import re
from functools import reduce

import pytest
from tomlkit import dumps

from refurb.directory.policies.queries import draft_of
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.access import Role
from refurb.policies import POLICIES
from tests.directory.policies.test_policy_pages import plain

GONE = object()
VALUES = (
    GONE, True, -1, 0, 3, 10**9, 1.5, float("nan"), float("inf"), "", "x", "%s", "{x}", "\n", "x" * 5000,
    [], [[]], ["x"], [{}], {}, {"x": 1}, dt.date(2026, 1, 1), dt.time(9), dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
)  # fmt: skip
EACH = int(os.environ.get("POLICY_FUZZ") or 60)
"""How many wrong values of each policy are typed by the soak."""
NOT_FOR_PEOPLE = re.compile(r"Traceback|\bmust be\b|there is no such|Not a valid|Missing data|Unknown field|&lt;class")


def paths(value, path=()):
    """The path of everything in a text."""
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*path, key))


def wrong_texts(name, number, drawn):
    """Texts of a policy, each with one value that may not be what belongs there."""
    content = policy.read(name).content
    everywhere = list(paths(content))
    for _ in range(number):
        path, value = drawn.choice(everywhere), drawn.choice(VALUES)
        changed = copy.deepcopy(content)
        inner = reduce(lambda table, key: table[key], path[:-1], changed)
        if value is GONE:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
        yield path, value, dumps(changed)


def typed(app, admin, name, text):
    """A text typed as a whole, and what the page says of it; what can be used is thrown away again."""
    answer = admin.submit(f"/regles/{name}/texte", {"seen": "0", "base": "1", "text": text})
    if answer.status_code == 303:
        for page in (f"/regles/{name}/essai", f"/regles/{name}/essai/adopter"):
            assert admin.get(page).status_code == 200
        assert admin.submit(f"/regles/{name}/essai/abandonner", {"seen": "1"}).status_code == 303
        return None
    assert answer.status_code == 422
    with app.app_context():
        assert draft_of(name) is None
    assert not NOT_FOR_PEOPLE.search(plain(answer)), plain(answer)
    assert "field-error" in answer.text or 'class="error' in answer.text or 'aria-invalid="true"' in answer.text
    return answer


@pytest.mark.soak
@pytest.mark.parametrize("file", POLICIES, ids=lambda each: each.name)
def test_whatever_is_typed_into_a_policy_it_is_kept_as_a_trial_or_refused_in_plain_words(app, signed_in, file):
    admin, drawn = signed_in(Role.ADMIN), random.Random(f"{file.name} 9")
    refused = 0
    for path, value, text in wrong_texts(file.name, EACH, drawn):
        try:
            refused += typed(app, admin, file.name, text) is not None
        except Exception as error:
            error.add_note(f"{file.name}: {path} = {value!r}")
            raise
    assert refused > EACH // 4


@pytest.mark.parametrize("name", ["loans", "checklists", "page_privacy"])
def test_a_few_wrong_values_are_refused_in_plain_words(app, signed_in, name):
    admin = signed_in(Role.ADMIN)
    told = [typed(app, admin, name, text) for _path, _value, text in wrong_texts(name, 5, random.Random(name))]
    assert any(told)
