"""The frozen content of a paper: one byte string, that tells every change."""

import json
from dataclasses import replace
from datetime import date

import pytest

from refurb.documents.content import (
    Claim,
    Column,
    Content,
    Facts,
    Heading,
    Issuer,
    Listed,
    Paragraph,
    Sides,
    Signature,
    Signatures,
    Table,
    canonical,
    from_json,
    sha256,
    to_json,
)

PAPER = Content(
    kind="donation_certificate",
    title="Attestation de don",
    reference="AD-2026-0017",
    issued_on=date(2026, 11, 13),
    issuer=Issuer("Le Relais numérique", "12 rue des Feuillants, 86000 Poitiers", "81234567800019", place="Poitiers"),
    lead="Le Relais numérique atteste avoir reçu 42 unités.",
    strong=("42 unités",),
    blocks=(
        Facts((("Don", "DN-2026-0031"),)),
        Facts((("Outil", "nwipe"),), small=True),
        Sides(Listed("Le support", (("Type", "SSD"),)), Listed("", ()), "1. SSD"),
        Table("Matériels", (Column("Type"), Column("Nombre", "end", 20)), (("Portable", "42"),), ("Total", "42")),
        Heading("Données"),
        Paragraph("Effacées, d'après les rapports d'origine. 🎉"),
        Claim("Ne constitue pas un reçu fiscal."),
        Signatures((Signature("Pour le Relais", "Hélène Charrier", "le 13 novembre 2026", "ab" * 32),)),
    ),
)


def test_a_content_comes_back_whole_from_json():
    assert from_json(json.loads(json.dumps(to_json(PAPER)))) == PAPER


def test_the_same_content_has_one_byte_string():
    again = from_json(json.loads(canonical(PAPER)))
    assert canonical(again) == canonical(PAPER)
    assert b" :" not in canonical(PAPER).replace(b" : ", b"")
    assert "Données".encode() in canonical(PAPER)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Attestation de dons"},
        {"issued_on": date(2026, 11, 14)},
        {"blocks": PAPER.blocks[1:]},
        {"language": "en"},
        {"strong": ()},
    ],
)
def test_a_change_changes_the_digest(change):
    assert sha256(replace(PAPER, **change)) != sha256(PAPER)


def test_a_row_that_does_not_match_its_columns_is_refused():
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        Table("Matériels", (Column("Type"), Column("Nombre")), (("Portable",),))


def test_a_total_that_does_not_match_its_columns_is_refused():
    with pytest.raises(ValueError, match="3 cells under 1 columns"):
        Table("Matériels", (Column("Type"),), (("Portable",),), ("Total", "", "1"))


def test_an_unknown_block_is_refused():
    data = to_json(PAPER)
    data["blocks"][0]["type"] = "hologram"
    with pytest.raises(ValueError, match="hologram"):
        from_json(data)


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="format 2"):
        from_json({**to_json(PAPER), "format": 2})
