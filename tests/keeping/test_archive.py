"""The archive's form: what was cut, changed or put in is found out, and nothing is written outside its folder."""

import io
import tarfile

import pytest

from refurb.keeping.archive import MANIFEST, ArchiveWriter, Manifest, NoArchive, manifest_of, unpack

FILE = f"files/ab/cd/abcd{'0' * 60}"


def packed(**parts):
    out = io.BytesIO()
    archive = ArchiveWriter(out)
    for name, content in {"settings.env": b"REFURB_DEMO=true\n", FILE: b"photo" * 4000, **parts}.items():
        archive.add(name, io.BytesIO(content), len(content))
    archive.finish(Manifest(version="1", made_at="2026-11-29T02:10:00+00:00", database="sqlite", revision="0018", rows={"devices": 2}))
    return out.getvalue()


def test_what_went_in_comes_out(tmp_path):
    manifest = unpack(io.BytesIO(packed()), tmp_path)
    assert (tmp_path / FILE).read_bytes() == b"photo" * 4000
    assert manifest.rows == {"devices": 2}
    assert manifest == manifest_of(io.BytesIO(packed()))
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_is_none(tmp_path, share):
    content = packed().rstrip(b"\0")
    with pytest.raises(NoArchive):
        unpack(io.BytesIO(content[: int(len(content) * share)]), tmp_path)


@pytest.mark.parametrize("found", [b"photophoto", b"REFURB_DEMO=true", b'"devices": 2'])
def test_a_changed_byte_is_found_out(tmp_path, found):
    content = packed()
    at = content.index(found)
    changed = content[:at] + b"X" + content[at + 1 :]
    with pytest.raises(NoArchive):
        unpack(io.BytesIO(changed), tmp_path)
    with pytest.raises(NoArchive):
        manifest_of(io.BytesIO(changed))


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/ab/../../../outside", f"files/ab/ce/abcd{'0' * 60}", "history/lock"])
def test_other_parts_are_refused(tmp_path, name):
    out = io.BytesIO()
    archive = ArchiveWriter(out)
    archive.add(name, io.BytesIO(b"x"), 1)
    archive.finish(Manifest(version="1", made_at="", database="sqlite", revision="0018"))
    (tmp_path / "inside").mkdir()
    with pytest.raises(NoArchive):
        unpack(io.BytesIO(out.getvalue()), tmp_path / "inside")
    assert [each.name for each in tmp_path.iterdir()] == ["inside"]


def test_a_link_in_it_is_refused(tmp_path):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("settings.env")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(NoArchive):
        unpack(io.BytesIO(out.getvalue()), tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"parts": {}}', '{"parts": {"a": 1}}'])
def test_a_manifest_that_is_none(text):
    with pytest.raises(NoArchive):
        Manifest.read(text)
    assert MANIFEST == "manifest.json"
