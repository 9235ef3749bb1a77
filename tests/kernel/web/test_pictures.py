"""Pictures: upright, small, bare of what the camera wrote beside them; what is no picture is refused, and never decoded when enormous."""

import base64
import io
import struct
import zlib

import pytest
from marshmallow import Schema
from PIL import Image

from refurb.kernel.deeds.facts import load
from refurb.kernel.speech.errors import Invalid
from refurb.kernel.web.fields import Picture
from refurb.kernel.web.pictures import clean_picture
from refurb.kernel.web.redrawn import PictureRefused


def photo(size=(40, 20), kind="JPEG", mode="RGB", colour="red", **more):
    """A picture whose left half has another colour than its right half."""
    image = Image.new(mode, size, colour)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "blue"), (0, 0))
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_jpeg_and_made_small(kind):
    kept = opened(clean_picture(photo((2400, 1200), kind)))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (1600, 800))


def test_a_small_one_stays_small():
    assert opened(clean_picture(photo())).size == (40, 20)


def test_what_the_camera_wrote_beside_it_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "Poitiers Optique"
    exif.get_ifd(0x8825)[1] = "N"
    sent = photo(exif=exif, comment=b"chez Mme Untel", icc_profile=b"x" * 200)
    assert b"Poitiers" in sent
    kept = clean_picture(sent)
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(opened(kept).info)
    assert not dict(opened(kept).getexif())
    assert b"Untel" not in kept


def test_it_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side: to be turned a quarter clockwise
    kept = opened(clean_picture(photo((400, 200), exif=exif, quality=95)))
    assert kept.size == (200, 400)
    red, _green, blue = kept.getpixel((100, 20))
    assert (blue > 200, red < 50) == (True, True), "the left of what the sensor saw is the top"


def test_what_is_transparent_is_white():
    assert opened(clean_picture(photo(mode="RGBA", kind="PNG", colour=(0, 0, 0, 0)))).getpixel((35, 10)) == (255, 255, 255)


def enormous_png():
    """A few bytes that claim ten thousand million pixels."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


# Made when their turn comes: a picture of 56 million pixels is not for every process that only gathers tests.
REFUSED = {
    "nothing": (lambda: b"", {"picture.unreadable"}),
    "a drawing": (lambda: b"<svg onload='alert(1)'/>", {"picture.unreadable"}),
    "a GIF": (lambda: photo(kind="GIF", mode="P", colour=1), {"picture.unreadable"}),
    "cut short": (lambda: photo((400, 400))[:600], {"picture.unreadable"}),
    "a telephone's own kind": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", {"picture.heic"}),
    "enormous": (enormous_png, {"picture.unreadable", "picture.too_many_pixels"}),
    "large": (lambda: photo((8000, 7000), "PNG"), {"picture.too_many_pixels"}),
}


@pytest.mark.parametrize(("make", "codes"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_to_keep_is_refused(make, codes):
    with pytest.raises(PictureRefused) as refusal:
        clean_picture(make())
    assert refusal.value.code in codes


class Shot(Schema):
    """A form with a picture."""

    photo = Picture("Photo")


def test_in_json_a_picture_is_base64():
    sent = base64.b64encode(photo()).decode()
    for text in (sent, f"data:image/jpeg;base64,{sent}"):
        assert opened(load(Shot, {"photo": text})["photo"]).size == (40, 20)
    assert load(Shot, {})["photo"] is None


def test_a_fault_of_the_picture_stands_beside_its_field():
    for wrong in ("pas du base64 !", 12):
        with pytest.raises(Invalid) as invalid:
            load(Shot, {"photo": wrong})
        assert [fault.code for fault in invalid.value.fields["photo"]] == ["picture.unreadable"]
