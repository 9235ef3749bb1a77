"""Encrypted archives: opened by the secret key alone, by age itself too, and found out where they were cut."""

import io

import pyrage
import pytest

from refurb.keeping.archive import ArchiveWriter, Manifest, NoArchive, unpack
from refurb.keeping.sealed import NoKeyForArchive, is_sealed, opened, sealing

FILE = f"files/ab/cd/abcd{'0' * 60}"


@pytest.fixture
def key(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    place = tmp_path / "key.txt"
    place.write_text(f"# made today\n{identity}\n")
    return place, identity


@pytest.fixture
def sealed(tmp_path, key):
    place = tmp_path / "refurb.tar.age"
    with place.open("wb") as out, sealing(out, [str(key[1].to_public())]) as stream:
        archive = ArchiveWriter(stream)
        archive.add(FILE, io.BytesIO(b"photo" * 100_000), 500_000)
        archive.finish(Manifest(version="1", made_at="", database="sqlite", revision="0018"))
    return place


def test_the_secret_key_opens_it(tmp_path, sealed, key):
    assert is_sealed(sealed)
    assert b"photo" not in sealed.read_bytes()
    with opened(sealed, key[0]) as source:
        unpack(source, tmp_path / "out")
    assert (tmp_path / "out" / FILE).read_bytes() == b"photo" * 100_000


def test_age_itself_opens_it(sealed, key):
    assert FILE.encode() in pyrage.decrypt(sealed.read_bytes(), [key[1]])


def test_nobody_else_opens_it(tmp_path, sealed):
    other = tmp_path / "other.txt"
    for given in (None, other):
        other.write_text(str(pyrage.x25519.Identity.generate()))
        with pytest.raises(NoKeyForArchive), opened(sealed, given) as source:
            unpack(source, tmp_path / "out")
    other.write_text("not a key")
    with pytest.raises(NoKeyForArchive), opened(sealed, other) as source:
        unpack(source, tmp_path / "out")


@pytest.mark.parametrize("damage", [lambda text: text[:-100_000], lambda text: text[:300_000] + b"X" + text[300_001:]])
def test_what_was_cut_or_changed_is_found_out(tmp_path, sealed, key, damage):
    sealed.write_bytes(damage(sealed.read_bytes()))
    with pytest.raises(NoArchive), opened(sealed, key[0]) as source:
        unpack(source, tmp_path / "out")


def test_a_full_disk_is_told_as_one(key):
    with (
        pytest.raises(OSError, match="No space left"),
        open("/dev/full", "wb", buffering=0) as out,  # noqa: PTH123 - the device that is always full
        sealing(out, [str(key[1].to_public())]) as stream,
    ):
        for _ in range(1000):
            stream.write(b"x" * 65_536)
