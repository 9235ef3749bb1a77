"""The pages of our places: hours typed or pasted, closures seen before they are saved, and no word of places where there is one."""

import re
from datetime import timedelta

from refurb.directory.agenda.queries import closures
from refurb.directory.sites.models import FIRST
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from tests.support.story import desk, people, places


def test_a_place_is_entered_with_its_hours_and_what_was_typed_is_kept_when_it_is_not_understood(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    typed = {"name": "Fablab de Civray", "kind": "desk", "tuesday": "14h-18h", "saturday": "dix heures"}
    refused = client.submit("/lieux/ajouter", typed)
    assert refused.status_code == 422
    assert "dix heures" in refused.text
    assert "ne se lit pas comme des horaires" in refused.text
    assert client.submit("/lieux/ajouter", typed | {"saturday": "10h-12h30"}).status_code == 303
    listed = client.get("/lieux").text
    assert "14\u202fh à 18\u202fh" in listed
    with app.app_context():
        number = max(every_site())
        assert every_site()[number].hours == "Tu 14:00-18:00; Sa 10:00-12:30"
    assert client.submit(f"/lieux/{number}", typed | {"saturday": "", "osm": "Mo-Fr 09:00-17:00; PH off"}).status_code == 303
    assert client.submit(f"/lieux/{number}", typed | {"saturday": "", "osm": "Jan Mo 09:00-17:00"}).status_code == 422
    with app.app_context():
        assert every_site()[number].hours == "Mo-Fr 09:00-17:00"


def test_a_closure_is_seen_before_it_is_saved(app, signed_in):
    with app.app_context():
        people.settle()
        loan, day = desk.lent(desk.tablet()), places.monday()
        desk.made_due(loan, day)
        reference = loan.reference
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    told = {"reason": "Inventaire", "first": day.isoformat()}
    seen = client.submit("/lieux/fermetures/ajouter", told)
    assert reference in seen.text
    with app.app_context():
        assert closures() == []
    digest = re.search(r'name="seen" value="(\w+)"', seen.text)[1]
    other = client.submit("/lieux/fermetures/ajouter", told | {"seen": "0" * 64})
    assert other.status_code == 409
    assert "n’est plus ce qui était affiché" in other.text
    assert client.submit("/lieux/fermetures/ajouter", told | {"seen": digest}).status_code == 303
    listed = client.get("/lieux").text
    assert "Inventaire" in listed
    assert "Rien à déplacer" in listed
    with app.app_context():
        number = closures()[0].id
    change = f"/lieux/fermetures/{number}/modifier"
    assert 'value="Inventaire"' in client.get(change).text
    other = told | {"reason": "Grand inventaire"}
    digest = re.search(r'name="seen" value="(\w+)"', client.submit(change, other).text)[1]
    assert client.submit(change, other | {"seen": digest}).status_code == 303
    assert "Grand inventaire" in client.get("/lieux").text
    with app.app_context():
        (number,) = [each.id for each in closures()]
    assert client.submit(f"/lieux/fermetures/{number}/rouvrir", {}).status_code == 303
    assert "Aucune fermeture" in client.get("/lieux").text
    with app.app_context():
        first = today() - timedelta(days=300)
        number = places.closed(first, first + timedelta(days=1), yearly=True).id
    told = {"reason": "Congés", "first": first.isoformat(), "last": (first + timedelta(days=1)).isoformat(), "yearly": "1"}
    assert "Rien n’est prévu" in client.submit(f"/lieux/fermetures/{number}/modifier", told).text, "its days of then are not asked anew"


def test_a_place_is_given_up_and_taken_again(app, signed_in):
    with app.app_context():
        number = places.second().id
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert client.submit(f"/lieux/{number}/quitter", {}).status_code == 303
    assert "Lieux quittés" in client.get("/lieux").text
    assert client.submit(f"/lieux/{number}/reprendre", {}).status_code == 303
    assert client.submit(f"/lieux/{FIRST}/quitter", {}).status_code == 409
    assert client.get("/lieux/999").status_code == 404


def test_the_workshop_reads_the_hours_and_changes_nothing(signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert "Ajouter" not in re.sub(r"<nav.*?</nav>", "", client.get("/lieux").text, flags=re.DOTALL)
    assert client.get("/lieux/ajouter").status_code == 403
