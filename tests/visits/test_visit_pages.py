"""The pages of counting: five taps at most, today's list, what is refused beside what was typed; the figures, as a page and as a table."""

import re
from datetime import timedelta

import pytest

from refurb.directory.sites.actions import add_site, archive_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from tests.support.client import checking
from tests.support.story import people
from tests.support.story.rota import NOVEMBER

STEPS = "aide_aux_demarches_administratives"


@pytest.fixture
def other(app):
    """A second place, and one that was given up: their ids."""
    with app.app_context(), at(NOVEMBER), unit_of_work():
        office = people.actor(Role.COORDINATOR)
        closed = add_site(office, name="Ancienne poste", kind=SiteKind.DESK)
        archive_site(office, closed)
        return add_site(office, name="Maison de quartier", kind=SiteKind.DESK).id, closed.id


def key():
    key.last += 1
    return f"touch-{key.last}"


key.last = 0


def count(desk, **told):
    return desk.submit("/visites", {"site": "1", "reasons": [STEPS], **told})


def number_on(page):
    return int(re.search(r"/visites/(\d+)/corriger", page)[1])


def test_two_taps_count_a_visit_and_one_takes_it_back(desk):
    page = desk.get("/visites")
    assert "Visite n°" in page.text
    assert "Personne n’est encore compté" in page.text
    assert count(desk).headers["Location"] == "/visites?lieu=1"
    page = desk.get("/visites")
    assert "1 visite comptée aujourd’hui" in page.text
    assert "12 h" in page.text or "Aide aux démarches administratives" in page.text
    answer = desk.submit(f"/visites/{number_on(page.text)}/annuler")
    assert answer.status_code == 303
    assert "Personne n’est encore compté" in desk.get("/visites").text


def test_the_same_press_sent_again_counts_once(desk):
    for _ in range(2):
        assert count(desk, _key="once").status_code == 303
    assert "1 visite comptée" in desk.get("/visites").text


def test_the_page_reads_the_last_lines_and_tells_how_many_there_were(desk):
    for number in range(5):
        count(desk, _key=f"line-{number}")
    desk.submit("/visites/groupe", {"site": "1", "reasons": [STEPS], "soixante_dix_plus": "7"})
    page = desk.get("/visites").text
    assert "12 visites comptées" in page
    assert page.count("/corriger") == 4
    assert page.index("groupe de 7") < page.index("/corriger")
    assert desk.get("/visites?tout=1").text.count("/corriger") == 6


def test_a_group_and_its_correction(desk):
    told = {"site": "1", "reasons": [STEPS], "soixante_dix_plus": "5"}
    assert desk.submit("/visites/groupe", told).status_code == 303
    page = desk.get("/visites")
    assert "5 visites comptées" in page.text
    assert "groupe de 5" in page.text
    number = number_on(page.text)
    assert 'value="5"' in desk.get(f"/visites/{number}/corriger").text
    assert desk.submit(f"/visites/{number}/corriger", told | {"soixante_dix_plus": "6"}).status_code == 303
    assert "6 visites comptées" in desk.get("/visites").text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"day": "2026-11-25"}, "futur"),
        ({"day": "1900-01-01"}, "1900"),
        ({"day": "2025-01-01"}, "depuis"),
        ({"reasons": ["faire_du_cafe"]}, "proposé"),
        ({"age": "jeune"}, "proposé"),
        ({"heard": "Par un rêve"}, "proposé"),
        ({"site": "9999"}, "proposé"),
        ({"site": ""}, "lieu"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_tapped_is_kept(desk, told, said):
    answer = count(desk, **{"first_time": "deja_venu", **told})
    assert answer.status_code == 422
    assert said in answer.text.lower() or said in answer.text
    assert re.search(r'value="deja_venu" checked', answer.text)
    assert "Personne n’est encore compté" in answer.text


def test_a_place_that_closed_is_refused_by_name(desk, other):
    answer = count(desk, site=str(other[1]))
    assert answer.status_code == 422
    assert re.search(r"«\sAncienne poste\s» n’est plus un de nos lieux", answer.text)


@pytest.mark.parametrize("many", ["0", "101", "10000", "beaucoup"])
def test_a_group_of_nobody_or_of_a_crowd_is_refused(desk, many):
    answer = desk.submit("/visites/groupe", {"site": "1", "reasons": [STEPS], "douze_dix_huit": many})
    assert answer.status_code in {409, 422}
    assert re.search(rf'value="{STEPS}" checked', answer.text)
    assert "0 visite" in desk.get("/visites").text


def test_after_midnight_the_page_says_that_it_is_too_late(desk, signed_in):
    count(desk)
    number = number_on(desk.get("/visites").text)
    with at(NOVEMBER + timedelta(days=1)):
        desk = signed_in(Role.DESK)
        for answer in (desk.get(f"/visites/{number}/corriger"), desk.submit(f"/visites/{number}/annuler")):
            assert answer.status_code == 409
            assert "jusqu’à minuit" in answer.text


def test_anothers_visit_is_not_found(desk, signed_in):
    count(desk)
    number = number_on(desk.get("/visites").text)
    office = signed_in(Role.COORDINATOR)
    assert office.get(f"/visites/{number}/corriger").status_code == 404
    assert office.submit(f"/visites/{number}/annuler").status_code == 404


def test_another_place_and_a_day_that_was_left_uncounted(desk, other):
    assert desk.submit("/visites/lieu", {"site": str(other[0]), "day": "2026-11-25"}).status_code == 422
    where = desk.submit("/visites/lieu", {"site": str(other[0]), "day": "2026-11-20"}).headers["Location"]
    page = desk.get(where)
    assert "Vous comptez pour le 20 novembre 2026" in page.text
    assert desk.submit(where, {"site": str(other[0]), "day": "2026-11-20", "reasons": [STEPS]}).headers["Location"] == where
    found = desk.get(f"/visites/chiffres?de=2026-11&a=2026-11&lieu={other[0]}")
    assert "1 visite" in found.text


def test_the_figures_and_their_table(desk):
    for age in ("soixante_dix_plus", "soixante_soixante_neuf", "non_communique"):
        count(desk, age=age, _key=age)
    page = desk.get("/visites/chiffres?de=2026-12&a=2026-01")
    assert "3 visites" in page.text
    assert re.search(r"60\sans et plus\s: 2, soit 67\s%", page.text)
    table = desk.get("/visites/chiffres.csv?de=2026-11&a=2026-11").get_data(as_text=True)
    assert '"Visites";"Total";"3"'.replace('"', "") in table.replace('"', "")
    assert "Motifs;Aide aux démarches administratives;3" in table.replace('"', "")
    for nonsense, name in (("?de=2026-13", "de"), ("?de=hier&a=%00", "de"), ("?lieu=999999999999", "lieu"), ("?lieu=9999", "lieu")):
        answer = desk.get(f"/visites/chiffres{nonsense}")
        assert (answer.status_code, f'id="{name}-e"' in answer.text) == (422, True)
        assert "visites</h2>" not in answer.text, "nobody is told other figures"
        assert desk.get(f"/visites/chiffres.csv{nonsense}").status_code == 422
    assert desk.get("/visites/chiffres?de=1999-01&a=1999-02").text.count("Aucune visite comptée") == 1


def test_a_role_for_one_place_is_told_so_at_both_doors(app, other):
    with app.app_context(), at(NOVEMBER):
        people.somebody(Grant(Role.DESK, None, other[0]), email="civray@refurb.example")
        hers = checking(app)
        hers.sign_in("civray@refurb.example")
        page = count(hers)
        assert page.status_code in {409, 422}
        assert "votre rôle ne vaut que pour" in page.text
        assert 'id="f-site"' in page.text, "what the sentence above leads to"
        assert "Atelier" not in hers.get("/visites?lieu=1").text
        assert hers.submit("/visites/lieu", {"site": "1", "day": "2026-11-20"}).status_code in {409, 422}
        assert hers.submit("/visites/groupe", {"site": "1", "soixante_dix_plus": "2"}).status_code in {409, 422}
        assert hers.submit("/visites/avis", {"site": "1"}).status_code == 409
        assert count(hers, site=str(other[0])).status_code == 303
