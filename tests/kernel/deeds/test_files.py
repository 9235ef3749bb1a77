"""The files folder: kept once, found by hash, never outside."""

import pytest

from refurb.kernel.deeds.files import digest_of, fetch, keep
from refurb.kernel.speech.errors import NotFound


def test_kept_and_found_again(context):
    digest = keep(b"rapport")
    assert keep(b"rapport") == digest == digest_of(b"rapport")
    assert fetch(digest) == b"rapport"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "z" * 64, "a" * 63, "A" * 64])
def test_only_hashes_are_looked_up(context, name):
    with pytest.raises(NotFound):
        fetch(name)


def test_what_was_never_kept_is_not_found(context):
    with pytest.raises(NotFound):
        fetch("0" * 64)
