"""The page of the letterhead, and what every page, mail and browser gets of it."""

import base64
import io
import re

import pytest

from refurb.directory.letterhead.actions import save_letterhead
from refurb.directory.letterhead.queries import letterhead, letterhead_versions
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.directory.letterhead.pictures import png, svg
from tests.directory.letterhead.test_letterhead import FACTS

TYPED = {
    "seen": "0", "name": "Association Le Relais numérique du Poitou", "short_name": "Le Relais", "legal_form": "association",
    "siret": "802 954 785 00028", "street": "12 rue du Clos", "postcode": "86000", "commune": "Poitiers", "phone": "05 49 00 00 00",
    "email": "bonjour@relais.example", "accent": "#6d2a5e",
}  # fmt: skip
PAGE = "/coordonnees"


@pytest.fixture
def admin(signed_in):
    return signed_in(Role.ADMIN)


def saved(app, **changes):
    with app.app_context(), unit_of_work():
        save_letterhead(SERVICE, seen=0, **FACTS | changes)


def current(app):
    with app.app_context():
        return letterhead()


def file(content, name="logo.svg"):
    return (io.BytesIO(content), name)


def test_what_is_typed_stands_on_every_page_at_once(app, admin):
    siret = valid_siret()
    assert admin.submit(PAGE, TYPED | {"siret": siret, "logo": file(svg('<path d="M0 0h40v20H0z"/>'))}).status_code == 303
    shown = admin.get("/aide").text
    digest = current(app).logo
    assert re.search(r"<span>Le Relais<small>Poitiers</small>", shown)
    assert f'<img class="brand-logo" src="/logo/{digest}.png" alt=""' in shown
    assert 'href="/theme.css?v=6D2A5E"' in shown
    assert "12 rue du Clos, 86000 Poitiers" in shown
    assert "Version 1" in admin.get(PAGE).text


def valid_siret():
    return "732 829 320 00074"


def test_a_wrong_siret_is_told_beside_it_and_all_that_was_typed_stays(app, admin):
    answer = admin.submit(PAGE, TYPED | {"logo": file(png(), "logo.png")})
    assert answer.status_code == 422
    assert "802 954 785 00028 ne passe pas le contrôle" in answer.text.replace("\u202f", " ")
    assert 'value="12 rue du Clos"' in answer.text
    assert "à corriger" in answer.text
    travelling = re.search(r'name="_picture" value="([^"]+)"', answer.text)[1]
    assert current(app) is None
    assert admin.submit(PAGE, TYPED | {"siret": valid_siret(), "_picture": travelling}).status_code == 303
    with app.app_context():
        assert letterhead().logo is not None


def test_the_preview_shows_and_changes_nothing(app, admin):
    answer = admin.submit(PAGE, TYPED | {"siret": valid_siret(), "preview": "1", "logo": file(png(), "logo.png")})
    assert answer.status_code == 200
    assert "rien n’est enregistré" in answer.text
    assert '<img class="brand-logo" src="data:image/png;base64,' in answer.text
    assert "SIRET" in answer.text
    assert current(app) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"siret": "732"}, "quatorze chiffres"),
        ({"rna": "863001234"}, "W et neuf chiffres"),
        ({"postcode": "8600"}, "cinq chiffres"),
        ({"accent": "#FFD100"}, "contraste de 1,1"),
        ({"accent": "#B0201F"}, "trop proche du rouge"),
        ({"accent": "bleu"}, "six signes"),
        ({"short_name": "Le Relais numérique du Poitou"}, "22"),
        ({"dpo_name": "Agathe Monnier"}, "comment joindre cette personne"),
        ({"legal_form": ""}, 'id="f-legal_form-e"'),
        ({"seen": "3"}, "pendant que vous écriviez"),
        ({"logo": file(svg("<script>1</script>"))}, "un programme ou une animation"),
        ({"logo": file(b"x" * 300_000)}, "293 Ko"),
        ({"_picture": base64.b64encode(b"nothing").decode()}, "ni un PNG ni un SVG"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_saved(app, admin, typed, said):
    answer = admin.submit(PAGE, TYPED | {"siret": valid_siret()} | typed)
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert 'value="bonjour@relais.example"' in answer.text
    assert current(app) is None


def test_whoever_was_told_of_another_version_may_save_over_it(app, admin):
    saved(app)
    told = admin.submit(PAGE, TYPED | {"siret": valid_siret()})
    assert told.status_code == 409
    assert 'name="seen" value="1"' in told.text
    assert admin.submit(PAGE, TYPED | {"siret": valid_siret(), "seen": "1"}).status_code == 303


def test_la_poste_has_a_key_of_its_own(app, admin):
    assert admin.submit(PAGE, TYPED | {"siret": "356 000 000 49837"}).status_code == 303
    assert admin.submit(PAGE, TYPED | {"seen": "1", "siret": "356 000 000 49838"}).status_code == 422


def test_a_logo_of_fifty_megabytes_is_refused_before_it_is_read(admin):
    told = {"CONTENT_LENGTH": "50000000"}
    answer = admin.post(PAGE, data=b"--x", content_type="multipart/form-data; boundary=x", environ_overrides=told)
    assert answer.status_code == 413
    assert "20\u202fMo" in answer.text


def test_a_former_version_comes_back_by_a_press(app, admin):
    saved(app)
    admin.submit(PAGE, TYPED | {"seen": "1", "siret": valid_siret()})
    assert admin.submit("/coordonnees/versions/1/reprendre", {"seen": "2"}).status_code == 303
    with app.app_context():
        assert [each.name for each in letterhead_versions()] == [FACTS["name"], TYPED["name"], FACTS["name"]]
    assert "reprend la version 1" in admin.get(PAGE).text


@pytest.mark.both_databases
def test_a_signatory_is_named_and_changed(app, admin):
    saved(app)
    new = "/coordonnees/signataires/ajouter"
    told = {"seen": "1", "name": "Josiane Thibaudeau", "function": "présidente", "since": "2026-01-05", "signs_donations": "1"}
    late = admin.submit(new, told | {"until": "2026-01-04"})
    assert late.status_code == 422
    assert "avant le premier" in late.text
    assert admin.submit(new, told | {"griffe": file(png(30, 10), "griffe.png")}).status_code == 303
    shown = admin.get(PAGE).text
    assert "Josiane Thibaudeau" in shown
    griffe = re.search(r'src="(/coordonnees/griffes/\w+\.png)"', shown)[1]
    assert admin.get(griffe).content_type == "image/png"
    assert admin.get("/coordonnees/griffes/" + "0" * 64 + ".png").status_code == 404
    changed = told | {"seen": "2", "until": "2026-02-01"}
    assert admin.submit("/coordonnees/signataires/1", changed).status_code == 303
    assert "1er février 2026" in admin.get(PAGE).text.replace("\u00a0", " ")
    assert admin.get("/coordonnees/signataires/2").status_code == 404


def test_the_style_sheet_is_kept_by_browsers_until_the_colour_changes(app, client):
    assert client.get("/theme.css").text == ""
    assert "theme.css" not in client.get("/aide").text
    saved(app, accent="#6D2A5E")
    named = client.get("/theme.css?v=6D2A5E")
    assert "--accent: #6D2A5E" in named.text
    assert named.content_type == "text/css; charset=utf-8"
    assert "immutable" in named.headers["Cache-Control"]
    bare = client.get("/theme.css")
    assert bare.headers["Cache-Control"] == "no-cache"
    assert client.get("/theme.css", headers={"If-None-Match": bare.headers["ETag"]}).status_code == 304


@pytest.mark.both_databases
def test_a_logo_is_shown_to_everybody_and_no_other_file_is(app, client):
    saved(app, logo=png())
    digest = current(app).logo
    answer = client.get(f"/logo/{digest}.png")
    assert (answer.data, answer.content_type) == (png(), "image/png")
    assert client.get("/logo/" + "0" * 64 + ".png").status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER, Role.OBSERVER])
def test_nobody_else_sees_the_page(signed_in, role):
    client = signed_in(role)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/plan-du-site").text
