"""What anybody is told who scans a label: true of the thing as it stands, whatever state it is in."""

import pytest

from refurb.directory.queries import home_organisation
from refurb.inventory.labels.actions.label_runs import make_run
from refurb.inventory.pages.found import told_to_all
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import workshop

GIVEN = "a été remis par"


def scanned(client, code):
    return " ".join(client.get(f"/S/{code}").text.split())


def test_a_machine_of_the_workshop_was_given_to_nobody(app, client):
    with app.app_context():
        codes = [workshop.laptop().code, workshop.ready_laptop().code]
    for code in codes:
        told = scanned(client, code)
        assert GIVEN not in told
        assert "est suivi par l’atelier du Relais numérique, et n’est remis à personne en ce moment." in told


def test_a_machine_that_was_given_says_who_helps(app, client):
    with app.app_context():
        code = workshop.fire(workshop.ready_laptop(), "reserve", "hand_over").code
    told = scanned(client, code)
    assert "Cet appareil a été remis par Le Relais numérique." in told
    assert "Il ne démarre plus" in told


@pytest.mark.parametrize(
    ("move", "sentence"), [("lose", "est porté perdu"), ("discard", "a été mis au rebut"), ("refuse", "n’a pas été pris")]
)
def test_one_that_is_gone_says_so(app, client, move, sentence):
    with app.app_context():
        code = workshop.fire(workshop.laptop(), move, reason="carte mère brûlée").code
    told = scanned(client, code)
    assert sentence in told
    assert GIVEN not in told


def test_a_label_on_nothing_yet_is_of_no_device(app, client):
    with app.app_context(), unit_of_work():
        code = make_run(workshop.technician(), 1).codes[0].code
    told = scanned(client, code)
    assert "Cette étiquette est celle du Relais numérique, et ne désigne encore aucun appareil." in told


def test_the_name_is_joined_as_french_wants_it(app, client):
    with app.app_context():
        code = workshop.laptop().code
        with unit_of_work():
            home_organisation().name = "Emmaüs Vienne"
    assert "l’atelier d’Emmaüs Vienne" in scanned(client, code)


def test_every_state_has_its_sentence(context):
    given = {state for state in DeviceState if GIVEN in str(told_to_all("device", state))}
    assert given == {DeviceState.HANDED_OVER}
