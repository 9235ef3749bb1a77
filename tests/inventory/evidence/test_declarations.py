"""What is stated of a device in which no drive was read: that it holds none, or, where the memory is soldered, that it was reset."""

import pytest

from refurb.documents.models import PaperKind
from refurb.inventory.devices.rules import DrivesUnknown, MemoryNotReset
from refurb.inventory.evidence.declarations import words_of_events
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import events_of
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.codes import spell
from tests.documents.papers import words
from tests.support.erasures import media
from tests.support.story import gifts, workshop
from tests.support.story.machines import devices_of

RESET = "mémoire intégrée remise à zéro (réinitialisation d'usine), déclaré par l'atelier le"


def arrived(kind):
    return workshop.devices_of(workshop.received({kind: 1}))[0]


def said(paper):
    return " ".join(words(fetch(paper.file)))


def rows_of(paper):
    return next(block for block in paper.content["blocks"] if block["type"] == "table")["rows"]


@pytest.mark.parametrize("kind", [DeviceKind.TABLET, DeviceKind.SMARTPHONE])
@pytest.mark.both_databases
def test_the_memory_of_a_tablet_or_a_telephone_is_said_to_be_reset(app, signed_in, kind):
    with app.app_context():
        code = workshop.fire(arrived(kind), "accept", "start_erasure").code
    client = signed_in(Role.TECHNICIAN)
    page = client.get(f"/appareils/{code}").text
    assert "Personne n’a encore dit que la mémoire intégrée est remise à zéro" in page
    assert "Remettre à zéro la mémoire intégrée" in page
    assert "Déclarer sans support" not in page
    assert client.get(f"/appareils/{code}/aucun-support").location.endswith(f"/appareils/{code}/memoire")
    asked = client.get(f"/appareils/{code}/memoire").text
    for expected in ("Mémoire intégrée remise à zéro", "Réinitialisation d’usine", "verrou d’activation", "écran de premier démarrage"):
        assert expected in asked, expected
    assert "mémoire soudée" not in asked
    with app.app_context():
        ended = local(now()).strftime("%Y-%m-%dT%H:%M:%S")
    told = {"technique": "factory_reset", "tool": "Android", "ended_at": ended}
    refused = client.submit(f"/appareils/{code}/memoire", {**told, "ended_at": "9" * 5000, "photo": "9" * 5000})
    assert refused.status_code == 422, "words where a picture goes are no picture"
    done = client.submit(f"/appareils/{code}/memoire", told)
    assert done.status_code == 303
    assert "Une seconde personne doit la confirmer." in client.get(f"/appareils/{code}").text
    own = client.submit(f"{done.location}/confirmer")
    assert own.status_code == 409
    assert "une autre personne, avec son propre compte" in own.text
    assert signed_in(Role.COORDINATOR).submit(f"{done.location}/confirmer").status_code == 303
    page = client.get(f"/appareils/{code}").text
    assert "Mémoire intégrée remise à zéro, déclaré" in page
    assert "verrou d’activation levé, écran de premier démarrage vu" in page
    assert "ne contient aucun support" not in page


def test_a_laptop_is_still_said_to_hold_no_drive(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert "ni disque, ni SSD, ni mémoire soudée" in client.get(f"/appareils/{code}/aucun-support").text
    client.submit(f"/appareils/{code}/aucun-support")
    page = client.get(f"/appareils/{code}").text
    assert "il ne contient aucun support" in page
    assert "Mémoire intégrée" not in page


def test_in_english(app, signed_in):
    with app.app_context():
        code = arrived(DeviceKind.TABLET).code
    client = signed_in(Role.TECHNICIAN)
    client.submit("/langue", {"language": "en"})
    assert "first-start screen" in client.get(f"/appareils/{code}/memoire").text


def test_a_tablet_waits_until_its_memory_is_said_to_be_reset(context):
    tablet = workshop.fire(arrived(DeviceKind.TABLET), "accept")
    with pytest.raises(MemoryNotReset):
        workshop.fire(tablet, "finish_erasure")
    workshop.fire(workshop.say_without_drive(tablet), "finish_erasure")


def test_a_laptop_waits_for_its_drives(context):
    laptop = workshop.fire(workshop.laptop(), "accept")
    with pytest.raises(DrivesUnknown) as refused:
        workshop.fire(laptop, "finish_erasure")
    assert refused.value.code == "device.drives_unknown"


def test_the_history_keeps_what_was_stated_when_the_kind_is_corrected_afterwards(context):
    device = workshop.say_without_drive(workshop.laptop())
    workshop.correct(device, kind=DeviceKind.TABLET)
    event = words_of_events(device.kind, events_of(device))["no_drive_declared"]
    assert "ne contient aucun support" in event.told({})


def test_the_attestation_d_effacement_says_that_the_workshop_declares_the_memory_reset(context):
    donation = gifts.received(2, kind=DeviceKind.TABLET)
    workshop.say_without_drive(devices_of(donation)[0])
    paper = gifts.issued(donation, PaperKind.ERASURE)
    (found,) = media(paper.content)
    assert found["Résultat"].replace("’", "'").startswith(RESET)
    text = said(paper)
    assert spell(devices_of(donation)[0].code) not in text
    assert (found["Machine"], found["N° de la machine"]) == ("Tablette", "non relevé")
    assert "atteste que la mémoire intégrée des matériels listés ci-dessous" in text
    assert "Mémoires intégrées remises à zéro 1" in text
    assert "aucun support" not in text
    assert "Appareils sans support" not in text


def test_the_attestation_d_effacement_tells_a_reset_tablet_from_a_laptop_without_drive(context):
    donation = workshop.received({DeviceKind.LAPTOP: 1, DeviceKind.TABLET: 1})
    for device in workshop.devices_of(donation):
        workshop.say_without_drive(device)
    paper = gifts.issued(donation, PaperKind.ERASURE)
    assert rows_of(paper) == [["Ordinateur portable", "non relevé", "–", "aucun support reçu"]]
    (found,) = media(paper.content)
    assert found["Machine"] == "Tablette"
    assert found["Résultat"].replace("’", "'").startswith(RESET)
    assert "ou qu'aucun support de stockage n'y a été trouvé" in said(paper)


def test_the_attestation_de_don_says_so_too(context):
    donation = gifts.received(1, kind=DeviceKind.SMARTPHONE)
    workshop.say_without_drive(devices_of(donation)[0])
    text = said(gifts.issued(donation, PaperKind.DONATION))
    assert "La mémoire intégrée de 1 appareil a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier le" in text
    assert "Aucun autre support de stockage n'a été relevé" in text
