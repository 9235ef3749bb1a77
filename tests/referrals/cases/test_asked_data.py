"""What a referral tells beside the person: the household, the device's adaptation, the way there, and purposes in numbers."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.cases.actions import correct_contact_of, revise_referral
from refurb.referrals.cases.purposes import PurposeCount, purposes_of
from refurb.referrals.cases.views.asking import kinds_now, stops_for
from refurb.referrals.models import Referral
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import erase_beneficiaries
from refurb.referrals.words import Adaptation, Channel, Connection, Mobility, PriorityArea, StatedPurpose
from tests.support.story import families, people, rota

ADDRESS = "12 rue des Exemples, 86000 Poitiers"
HOME = {"mobility": Mobility.HOME, "address": ADDRESS}
TOLD = {
    "priority_area": "yes",
    "household_size": "4",
    "connection": "phone_only",
    "mobility": "home",
    "address": ADDRESS,
    "adaptations": ["read_aloud", "large_display"],
    "purposes": ["rights", "links"],
}


def counted():
    return dict(tuple(row) for row in db.session.execute(select(PurposeCount.purpose, PurposeCount.number)))


def revise(referral, **changes):
    dates = {"eligibility_checked_on": referral.eligibility_checked_on, "notice_given_on": referral.notice_given_on}
    with unit_of_work():
        revise_referral(people.actor(Role.PRESCRIBER), referral, **{**families.FACTS, **dates, **changes})


def test_the_form_takes_it_and_the_file_the_door_and_the_person_are_told(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    answer = client.submit("/orientations/nouvelle", families.form_facts(**TOLD), follow_redirects=True)
    for said in ("Seulement un téléphone", "Visite à domicile", ADDRESS, "Affichage agrandi, Lecture de l’écran"):
        assert said in answer.text
    with app.app_context():
        referral = db.session.scalars(select(Referral)).one()
        known = {str(each.label): each.value for part in REFERRED.known(referral.id) for each in part.facts}
        assert (known["Personnes au foyer"], known["Adresse postale"]) == (4, ADDRESS)
    told = client.get(f"/api/v1/referrals/{referral.reference}").json
    assert {name: told[name] for name in TOLD} == {
        **TOLD,
        "household_size": 4,
        "adaptations": ["large_display", "read_aloud"],
        "purposes": [],
    }
    listed = client.get("/orientations.csv").text
    assert "Quartier prioritaire" in listed
    assert ADDRESS not in listed


def test_what_nobody_said_is_not_known(context):
    referral = families.submitted()
    assert (referral.priority_area, referral.connection, referral.mobility) == (PriorityArea.UNKNOWN, Connection.UNKNOWN, Mobility.UNKNOWN)
    assert (referral.household_size, referral.adaptations) == (None, [])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channel": "letter"}, "f-address-e"),
        ({"mobility": "home"}, "f-address-e"),
        ({"household_size": "0"}, "f-household_size-e"),
        ({"household_size": "2", "school_children": "3"}, "f-school_children-e"),
        ({"adaptations": "malvoyance"}, "f-adaptations-e"),
        ({"priority_area": "peut-être"}, "f-priority_area-e"),
        ({"mobility": "stop", "stop_id": "999"}, "f-stop_id-e"),
        ({"notice_given_on": "other", "notice_given_on-other": "1900-01-01"}, "f-notice_given_on-e"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(signed_in, changes, told):
    answer = signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", families.form_facts(**changes))
    assert answer.status_code == 422
    assert f'id="{told}"' in answer.text


def test_another_day_is_picked_and_kept_when_the_form_comes_back(app, signed_in):
    with app.app_context():
        day = (today() - timedelta(days=5)).isoformat()
    picked = {"notice_given_on": "other", "notice_given_on-other": day}
    client = signed_in(Role.PRESCRIBER)
    refused = client.submit("/orientations/nouvelle", families.form_facts(**picked, phone=""))
    assert f'name="notice_given_on-other" value="{day}"' in refused.text
    client.submit("/orientations/nouvelle", families.form_facts(**picked))
    with app.app_context():
        assert db.session.scalars(select(Referral)).one().notice_given_on.isoformat() == day


# --- where somebody lives --------------------------------------------------------------------------------------------------


def test_where_somebody_lives_is_not_kept_for_one_who_comes(context):
    assert families.submitted(mobility=Mobility.COMES, address=ADDRESS).address is None
    assert families.submitted(**HOME).address == ADDRESS
    assert families.submitted(channel=Channel.LETTER, address=ADDRESS).by_letter


@pytest.mark.parametrize(("move", "facts"), [("refuse", {"reason": "no_answer"}), ("withdraw", {})])
def test_it_goes_with_the_last_step(context, move, facts):
    referral = families.submitted(**HOME)
    families.fire(referral, move, people.actor(Role.PRESCRIBER) if move == "withdraw" else None, **facts)
    assert referral.address is None
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE referrals SET address = 'encore' WHERE id = :id"), {"id": referral.id})


def test_it_goes_with_the_hand_over_and_no_letter_is_promised_afterwards(context):
    referral = families.handed_over(**HOME).allocation.referral
    assert referral.address is None
    with pytest.raises(Invalid), unit_of_work():
        correct_contact_of(people.actor(Role.PRESCRIBER), referral, channel=Channel.LETTER, address=ADDRESS)


def test_a_new_telephone_leaves_where_the_visit_goes(context):
    referral = families.submitted(**HOME)
    with unit_of_work():
        correct_contact_of(people.actor(Role.PRESCRIBER), referral, channel=Channel.PHONE, phone="+33549000077")
    assert referral.address == ADDRESS


def test_it_is_erased_with_the_person_and_what_was_told_of_the_household_too(context):
    told = {"household_size": 4, "connection": Connection.NONE, "adaptations": [Adaptation.READ_ALOUD]}
    referral = families.submitted(**HOME, **told)
    assert (referral.household_size, referral.connection, bool(referral.adaptations)) == (4, Connection.NONE, True)
    with unit_of_work():
        erase_beneficiaries([referral.beneficiary_id])
    db.session.refresh(referral)
    assert (referral.address, referral.household_size, referral.stop_id, referral.adaptations) == (None, None, None, [])
    assert (referral.connection, referral.mobility, referral.by_letter) == (Connection.UNKNOWN, Mobility.UNKNOWN, False)


# --- purposes --------------------------------------------------------------------------------------------------------------


def test_a_purpose_is_counted_once_and_in_no_file(context):
    referral = families.draft(purposes=[StatedPurpose.HEALTH, StatedPurpose.RIGHTS])
    assert (referral.purposes, counted()) == (["rights", "health"], {})
    families.fire(referral, "submit", people.actor(Role.PRESCRIBER))
    revise(referral, purposes=[StatedPurpose.WORK])
    assert (referral.purposes, counted()) == ([], {StatedPurpose.RIGHTS: 1, StatedPurpose.HEALTH: 1})
    families.submitted(purposes=[StatedPurpose.RIGHTS])
    assert counted()[StatedPurpose.RIGHTS] == 2
    assert {str(word): number for word, number in purposes_of(today().year)}["Accéder à ses droits"] == "moins de 5"
    assert purposes_of(today().year - 1) == []
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("""UPDATE referrals SET purposes = '["health"]' WHERE id = :id"""), {"id": referral.id})


def test_a_draft_that_is_withdrawn_counts_for_nothing(context):
    referral = families.draft(purposes=[StatedPurpose.HEALTH])
    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
    assert (referral.purposes, db.session.scalar(select(func.count()).select_from(PurposeCount))) == ([], 0)


# --- what can be asked now -------------------------------------------------------------------------------------------------


def test_each_kind_says_what_is_there_and_who_waits(context):
    families.ready()
    families.waiting()
    told = {kind: said for kind, _word, said in kinds_now()}
    assert told["monitor"] == "1 disponible, 1 demande en attente"
    assert told["laptop"] == "Aucun disponible, personne n’attend"


def test_a_stop_is_chosen_or_that_of_the_commune_and_one_that_closed_stays(context):
    assert stops_for(None) == []
    stop = rota.stop(rota.begun(), "Charroux")
    assert [number for number, _said in stops_for(None)] == [str(stop.site_id)]
    by_commune = families.submitted(mobility=Mobility.STOP, commune="Charroux")
    assert by_commune.stop_id == stop.site_id
    assert families.submitted(mobility=Mobility.STOP, commune="Poitiers").stop_id is None
    with unit_of_work():
        stop.until = today()
    assert [number for number, _said in stops_for(by_commune)] == [str(stop.site_id)]
    revise(by_commune, mobility=Mobility.STOP, stop_id=stop.site_id)
    assert by_commune.stop_id == stop.site_id


def test_whoever_chooses_the_device_reads_what_it_must_offer(app, signed_in):
    with app.app_context():
        reference = families.waiting(adaptations=[Adaptation.LARGE_KEYS]).reference
        families.ready()
    client = signed_in(Role.COORDINATOR)
    for page in (f"/orientations/{reference}/attribuer", "/attente?besoin=monitor"):
        assert "À vérifier sur l’appareil\N{NO-BREAK SPACE}: Clavier à gros caractères" in client.get(page).text
