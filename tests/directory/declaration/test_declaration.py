"""The declaration of accessibility: what it says follows from the audit alone, on its page and at the foot of every page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.declaration.actions import DeclarationChanged, declare_accessibility
from refurb.directory.declaration.models import AccessibilityDeclaration
from refurb.directory.declaration.queries import accessibility_mention, declaration, declarations
from refurb.directory.declaration.standing import Conformity, conformity_of, rate_of
from refurb.directory.letterhead.actions import save_letterhead
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden
from tests.directory.letterhead.test_letterhead import FACTS
from tests.support.story import people

PAGE = "/accessibilite/declaration"
AUDIT = {"audited_by": "Audits du Poitou", "criteria_met": 45, "criteria_applicable": 60}


def typed_audit(app):
    with app.app_context():
        told = AUDIT | {"audited_on": today() - timedelta(days=40), "declared_on": today(), "seen": 0}
    return {name: str(value) for name, value in told.items()}


def declared(seen=0, **changes):
    with unit_of_work():
        return declare_accessibility(
            people.actor(Role.ADMIN), seen=seen, declared_on=today(), audited_on=today() - timedelta(days=40), **AUDIT | changes
        )


@pytest.mark.parametrize(
    ("met", "applicable", "said"),
    [
        (60, 60, Conformity.FULL),
        (59, 60, Conformity.PARTIAL),
        (30, 60, Conformity.PARTIAL),
        (29, 60, Conformity.NONE),
        (0, 1, Conformity.NONE),
    ],
)
def test_half_of_the_criteria_is_partial_and_all_are_full(met, applicable, said):
    audit = AccessibilityDeclaration(audited_on=date(2026, 1, 15), criteria_met=met, criteria_applicable=applicable)
    assert conformity_of(audit, date(2026, 2, 1)) is said
    assert conformity_of(audit, date(2029, 1, 14)) is said
    assert conformity_of(audit, date(2029, 1, 15)) is Conformity.UNKNOWN, "an audit holds three years"


def test_without_an_audit_a_service_does_not_conform():
    day = date(2026, 2, 1)
    assert conformity_of(None, day) is Conformity.UNKNOWN
    assert conformity_of(AccessibilityDeclaration(declared_on=day), day) is Conformity.UNKNOWN
    assert rate_of(AccessibilityDeclaration(criteria_met=2, criteria_applicable=3)) == 66.6


def test_a_declaration_is_a_version_and_every_page_follows(context):
    assert str(accessibility_mention()) == "Accessibilité : non conforme".replace(" :", "\u00a0:")
    declared()
    assert "partiellement" in str(accessibility_mention())
    second = declared(1, criteria_met=60)
    assert "totalement" in str(accessibility_mention())
    assert [each.criteria_met for each in declarations()] == [60, 45]
    assert events_of(second)[0].facts == {"number": 2, "changed": ["criteria_met"]}
    with pytest.raises(DeclarationChanged):
        declared(1)
    with pytest.raises(Forbidden), unit_of_work():
        declare_accessibility(people.actor(Role.COORDINATOR), seen=2, declared_on=today())


@pytest.mark.parametrize(
    "change", ["criteria_met = 61", "criteria_applicable = 107", "audited_by = NULL", "criteria_met = NULL", "number = 0"]
)
def test_the_database_refuses_half_an_audit(context, change):
    declared()
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE accessibility_declarations SET {change}"))


def test_what_is_entered_is_what_the_public_reads(app, signed_in):
    admin = signed_in(Role.ADMIN)
    assert "Aucun audit" in admin.get("/accessibilite").text
    typed = typed_audit(app) | {
        "shortcomings": "Le menu\nLes cartes", "exemptions": "La carte ancienne",
        "out_of_scope": "Les vidéos de 2019", "environment": "NVDA, Firefox", "plan_url": "https://relais.example/plan",
        "contact_email": "acces@relais.example",
    }  # fmt: skip
    assert admin.submit(PAGE, typed).status_code == 303
    shown = admin.get("/accessibilite").text
    for said in ("partiellement conforme", "75 %", "45 sur 60", "Audits du Poitou", "<li>Les cartes</li>", "<li>La carte ancienne</li>",
                 "Les vidéos de 2019", "NVDA, Firefox", "https://relais.example/plan", "mailto:acces@relais.example"):  # fmt: skip
        assert said in shown.replace("\u202f", " ").replace("\u00a0", " "), said
    assert "Aucun audit" not in shown
    assert "partiellement conforme" in admin.get("/aide").text
    with app.app_context():
        assert declaration().number == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"audited_on": ""}, "en entier"),
        ({"criteria_met": "61"}, "plus de critères respectés"),
        ({"criteria_applicable": "107"}, "106"),
        ({"plan_url": "javascript:alert(1)"}, 'id="f-plan_url-e"'),
        ({"declared_on": "2099-01-01"}, 'id="f-declared_on-e"'),
        ({"seen": "4"}, "pendant que vous écriviez"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_published(app, signed_in, typed, said):
    answer = signed_in(Role.ADMIN).submit(PAGE, typed_audit(app) | typed)
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert 'value="Audits du Poitou"' in answer.text
    with app.app_context():
        assert declaration() is None


def test_the_legal_pages_say_who_publishes_hosts_and_protects(app, client):
    before = client.get("/mentions-legales").text
    assert "la personne qui représente légalement" in before
    with app.app_context(), unit_of_work():
        told = {
            "publisher": "Josiane Thibaudeau",
            "host": "Hébergeur du Clain, Poitiers",
            "rna": "W863001234",
            "dpo_name": "Agathe Monnier",
        }
        save_letterhead(SERVICE, seen=0, **FACTS | told | {"dpo_email": "dpo@relais.example"})
    legal = client.get("/mentions-legales").text
    for said in ("Josiane Thibaudeau", "Hébergeur du Clain", "W863001234", FACTS["name"], "Association loi 1901"):
        assert said in legal
    privacy = client.get("/donnees-personnelles").text
    assert "mailto:dpo@relais.example" in privacy
    assert "intérêt légitime" in privacy, "an association is no public body"
    assert client.get(PAGE).status_code != 200
