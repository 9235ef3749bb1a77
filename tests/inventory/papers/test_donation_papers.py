"""The attestations of a donation: what they say, when they are refused, and how one replaces another."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.directory.actions import add_organisation
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.inventory.devices.actions.devices import declare_without_drive
from refurb.inventory.donations.rules import ActMissing
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure, ErasureReport
from refurb.inventory.papers.actions import (
    NoDriveDone,
    NotAGift,
    NothingChanged,
    NothingToAttest,
    issue_donation_certificate,
    issue_erasure_certificate,
)
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden
from tests.documents.papers import scanned, words
from tests.support.erasures import media, rows
from tests.support.story import evidence, gifts, people, proofs
from tests.support.story.machines import devices_of

AD, AE = PaperKind.DONATION, PaperKind.ERASURE


def said(paper):
    return " ".join(words(fetch(paper.file)))


def test_an_attestation_de_don_says_who_gave_what_and_is_no_tax_receipt(context):
    donation = gifts.received(9, of=10)
    gifts.read_drives(donation, "WD-0001")
    paper = gifts.issued(donation, AD)
    text = said(paper)
    device = devices_of(donation)[0]
    assert paper.reference.startswith("AD-")
    assert paper.reference in text
    for expected in (
        "Menuiseries Bâtard & Associés",
        "732 829 320",
        donation.reference,
        "9 unités",
        "à titre gratuit et sans contrepartie",
        "SN-WD-0001",
        "Marais 14",
        "Don d'une entreprise",
        "Décision n° 2026-41, du 10 novembre 2026",
        "La présente attestation ne constitue pas un reçu fiscal au sens des articles 200, 238 bis et 978 du CGI.",
        "1 support de stockage relevé reste à effacer ou à détruire : il le sera avant toute remise.",
        "8 machines n'ont pas encore été examinées",
    ):
        assert expected in text, expected
    assert "Ordinateur portable 10 9 0 −1" in text
    assert spell(device.code) not in text, "a family carries the label out of the hall"
    assert "reconditionné" not in text
    assert "certifié" not in text
    assert "€" not in text
    assert scanned(fetch(paper.file), page=len(words(fetch(paper.file))) - 1) == [f"HTTP://REFURB.EXAMPLE/S/{paper.code}"]


def test_an_attestation_d_effacement_has_a_block_for_each_drive(context):
    donation = gifts.received(4)
    gifts.wiped(donation, "WD-0001", "WD-0002")
    gifts.read_drives(donation, "WD-0001", "WD-0002", "WD-0003")
    proofs.destroyed(proofs.drive_of_serial("WD-0003"), note="Broyé, bordereau B-12")
    with unit_of_work():
        declare_without_drive(people.actor(Role.TECHNICIAN), devices_of(donation)[3])
    paper = gifts.issued(donation, AE)
    text = said(paper)
    found = media(paper.content)
    assert [each["N° de série"] for each in found] == ["WD-0001", "WD-0002", "WD-0003"]
    assert [each["Résultat"] for each in found] == ["effacé et relu", "effacé et relu", "détruit"]
    assert [each[""].partition(".")[0] for each in found] == ["1", "2", "3"]
    assert [row[3] for row in rows(paper.content, "Appareils arrivés sans support de stockage")] == ["aucun support reçu"]
    assert not [device.code for device in devices_of(donation) if spell(device.code) in text], "a family carries the label out of the hall"
    assert (found[0]["Technique"], found[0]["Niveau"], found[0]["Outil"]) == ("Fill With Zeros, 1\u00a0passe", "Clear", "nwipe\u00a00.42")
    assert found[2]["Technique"] == "Percé, Broyé, bordereau B-12"
    assert "Niveau" not in found[2], "a hole reaches no level"
    assert [each["Opérateur"] for each in found] == ["Samira Benali (Atelier)"] * 3
    assert [each["Vérification"] for each in found[:2]] == ["dernière passe relue"] * 2
    assert [each.get("Confirmé par") for each in found] == [None, None, "Hélène Charrier (Coordination)"]
    assert [each.get("Rapport") for each in found] == ["n°\u00a01", "n°\u00a01", None]
    assert found[0]["Machine"].startswith("Vienne Informatique")
    assert [each["N° de la machine"] for each in found] == ["SN-WD-0001", "SN-WD-0002", "SN-WD-0003"]
    report = db.session.scalars(select(ErasureReport)).one()
    assert report.file in text.replace(" ", ""), "the raw report's sum is printed"
    assert "NIST SP 800-88 Rev. 2" in text
    assert "certifié NIST" not in text
    assert "Rev. 1" not in text
    assert "ne vaut pas certification" in text
    assert "restent à effacer" not in text


def test_an_attestation_d_effacement_leaves_out_what_is_not_done_and_says_how_many(context):
    donation = gifts.received(3)
    gifts.wiped(donation, "WD-0001")
    gifts.read_drives(donation, "WD-0001", "WD-0002", "WD-0003")
    evidence.wipe(evidence.Wipe("WD-0003", status="-FAILED-"), note="failed")
    paper = gifts.issued(donation, AE)
    assert "WD-0002" not in said(paper)
    assert "WD-0003" not in said(paper)
    assert "2 autres supports de ce don restent à effacer ou à détruire" in said(paper)


def test_a_drive_put_in_from_another_donation_is_on_its_own_donor_s_paper_only(context):
    ours, other = gifts.received(1), gifts.received(1)
    gifts.wiped(ours, "WD-0001")
    gifts.read_drives(other, "WD-0009")
    evidence.wipe(evidence.Wipe("WD-0009"), note="other")
    with unit_of_work():
        stay = db.session.scalars(select(DriveStay).join(Drive).where(Drive.serial == "WD-0009")).one()
        stay.until = now()
        db.session.add(DriveStay(drive_id=stay.drive_id, device_id=devices_of(ours)[0].id, since=now()))
    assert "WD-0009" not in said(gifts.issued(ours, AE))
    assert "WD-0009" in said(gifts.issued(other, AE))


def test_what_changed_since_annuls_and_replaces(context):
    donation = gifts.received(2)
    gifts.wiped(donation, "WD-0001")
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    first = gifts.issued(donation, AE)
    evidence.wipe(evidence.Wipe("WD-0002"), note="second")
    second = gifts.issued(donation, AE)
    assert second.number == first.number + 1
    assert second.replaces.reference == first.reference
    assert f"annule et remplace l'attestation {first.reference}" in said(second)
    assert first.status is PaperStatus.REPLACED
    assert second.status is PaperStatus.ISSUED
    assert "WD-0002" not in said(first), "the replaced one still says what it said"
    assert [event.move for event in events_of(first)] == ["replaced", "issued"]
    with pytest.raises(NothingChanged), unit_of_work():
        issue_erasure_certificate(people.actor(Role.ADMIN), donation)


def test_the_attestation_de_don_follows_the_erasures(context):
    donation = gifts.received(1)
    first = gifts.issued(donation, AD)
    assert "Aucun support de stockage n'a été relevé" in said(first)
    gifts.wiped(donation, "WD-0001")
    erasure = gifts.issued(donation, AE)
    second = gifts.issued(donation, AD)
    assert second.replaces_id == first.id
    assert f"Voir l'attestation {erasure.reference}" in said(second)


def test_the_same_paper_is_not_issued_twice(context):
    donation = gifts.received(1)
    paper = gifts.issued(donation, AD)
    with pytest.raises(NothingChanged) as refused:
        gifts.issued(donation, AD)
    assert refused.value.facts == {"reference": paper.reference}
    assert len(db.session.scalars(select(Paper)).all()) == 1


def test_nothing_is_attested_before_it_arrives(context):
    donation = gifts.announced(3)
    for kind in (AD, AE):
        with pytest.raises(NothingToAttest):
            gifts.issued(donation, kind)


def test_what_was_bought_is_no_gift(context):
    with pytest.raises(NotAGift):
        gifts.issued(gifts.received(1, origin=LegalOrigin.PURCHASE), AD)


def test_a_public_body_names_its_act_of_acceptance_first(context):
    donation = gifts.received(1, accepted=False)
    with pytest.raises(ActMissing):
        gifts.issued(donation, AD)


def test_no_attestation_d_effacement_when_nothing_is_done(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    with pytest.raises(NoDriveDone):
        gifts.issued(donation, AE)


def test_a_technician_issues_nothing(context):
    donation = gifts.received(1)
    with pytest.raises(Forbidden), unit_of_work():
        issue_donation_certificate(people.actor(Role.TECHNICIAN), donation)


def test_the_paper_stays_as_issued_when_the_donor_changes_its_name(context):
    donation = gifts.received(1)
    paper = gifts.issued(donation, AD)
    before, content = fetch(paper.file), paper.content
    with unit_of_work():
        people.organisation("Menuiseries").name = "Autre Raison Sociale"
    db.session.expire_all()
    assert fetch(paper.file) == before
    assert paper.content == content
    assert "Menuiseries" in paper.content["lead"]
    replacing = gifts.issued(donation, AD)
    assert "Autre Raison Sociale" in said(replacing)


def test_machines_refused_on_arrival_are_not_attested(context):
    donation = gifts.received(3)
    evidence.fire(devices_of(donation)[0], "refuse", reason="écran cassé")
    paper = gifts.issued(donation, AD)
    assert "2 unités" in said(paper)
    assert "1 appareil, refusé à l'arrivée, n'est pas compris" in said(paper)
    assert len(rows(paper.content, "Matériels reçus")) == 2


def test_a_donor_without_a_number_has_its_paper_too(context):
    with unit_of_work():
        add_organisation(SERVICE, name="Zoé d'Alès 🎁", is_donor=True, is_person=True, place="Ligugé")
    text = said(gifts.issued(gifts.received(1, donor="Zoé", origin=LegalOrigin.INDIVIDUAL), AD))
    assert "Zoé d'Alès" in text
    assert "Don d'un particulier" in text
    assert "SIREN" not in text


def test_a_hundred_drives_have_a_block_each(context):
    donation = gifts.received(100, kind=DeviceKind.DESKTOP)
    with unit_of_work():
        for number, device in enumerate(devices_of(donation)):
            drive = Drive(manufacturer="Seagate", model="ST1000DM010", serial=f"ZN1{number:05d}", size_bytes=10**12, medium=Medium.HDD)
            db.session.add(drive)
            db.session.flush()
            db.session.add(DriveStay(drive_id=drive.id, device_id=device.id, since=now()))
            report = ErasureReport(tool="nwipe", tool_version="0.42", file=f"{number:064x}", filename="n", size=1, received_at=now())
            db.session.add(report)
            db.session.flush()
            db.session.add(
                Erasure(
                    report_id=report.id, drive_id=drive.id, serial=drive.serial, method="PRNG Stream", level="clear", rounds=1,
                    verification="last", started_at=now() - timedelta(hours=2), ended_at=now(), outcome="success",
                    status=ErasureStatus.ACCEPTED,
                )
            )  # fmt: skip
    paper = gifts.issued(donation, AE)
    assert len({each["N° de série"] for each in media(paper.content)}) == 100


def coordinator(signed_in, app, **more):
    """A client of the coordinator, and the reference of a donation that arrived."""
    with app.app_context():
        reference = gifts.received(2, **more).reference
    return signed_in(Role.COORDINATOR), reference


def test_the_page_issues_and_then_says_that_nothing_changed(app, signed_in):
    client, reference = coordinator(signed_in, app)
    page = client.get(f"/dons/{reference}").text
    assert "Établir l’attestation de don" in page
    assert "Aucun support n’est encore effacé" in page
    answer = client.submit(f"/dons/{reference}/documents/attestation-de-don")
    assert answer.status_code == 303
    page = client.get(f"/dons/{reference}").text
    assert "Rien n’a changé depuis AD-" in page
    assert "Document établi" in page
    assert "ines@donateur.example" in page
    again = client.submit(f"/dons/{reference}/documents/attestation-de-don")
    assert again.status_code == 409
    assert "Rien n’a changé depuis AD-" in again.text
    assert client.submit(f"/dons/{reference}/documents/attestation-d-effacement").status_code == 409
    assert client.submit(f"/dons/{reference}/documents/recu-fiscal").status_code == 404


def test_the_page_tells_what_is_missing_to_accept(app, signed_in):
    client, reference = coordinator(signed_in, app, accepted=False)
    assert "l’acte par lequel la collectivité accepte ce don" in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/documents/attestation-de-don").status_code == 409


def test_the_page_sends(app, signed_in):
    client, reference = coordinator(signed_in, app)
    client.submit(f"/dons/{reference}/documents/attestation-de-don")
    assert client.submit(f"/dons/{reference}/documents/envoi").status_code == 303
    assert "Dernier envoi au donateur" in client.get(f"/dons/{reference}").text
    assert reference in client.get("/envois").text


def test_the_page_issues_and_sends_at_one_press(app, signed_in):
    client, reference = coordinator(signed_in, app)
    assert 'name="send" value="1"' in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/documents/attestation-de-don", {"send": "1"}).status_code == 303
    page = client.get(f"/dons/{reference}").text
    assert "part à ines@donateur.example" in page
    assert "Dernier envoi au donateur" in page


def test_a_repeated_press_issues_once(app, signed_in):
    client, reference = coordinator(signed_in, app)
    told = {"csrf_token": client.token(), "_key": "the same press"}
    answers = [client.post(f"/dons/{reference}/documents/attestation-de-don", data=told) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with app.app_context():
        assert len(db.session.scalars(select(Paper)).all()) == 1


def test_a_technician_sees_the_papers_and_no_button(app, signed_in):
    client, reference = coordinator(signed_in, app)
    client.submit(f"/dons/{reference}/documents/attestation-de-don")
    bench = signed_in(Role.TECHNICIAN)
    page = bench.get(f"/dons/{reference}").text
    assert "AD-" in page
    assert "Établir l’attestation" not in page
    assert "Envoyer au donateur" not in page
    assert bench.submit(f"/dons/{reference}/documents/attestation-de-don").status_code == 403
    assert bench.submit(f"/dons/{reference}/documents/envoi").status_code == 403


def test_the_api_issues_with_the_same_refusals(app, signed_in):
    client, reference = coordinator(signed_in, app)
    headers = {"X-CSRFToken": client.token()}
    path = f"/api/v1/donations/{reference}/papers"
    made = client.post(path, json={"kind": "AD"}, headers=headers)
    assert made.status_code == 201
    assert made.json["reference"].startswith("AD-")
    again = client.post(path, json={"kind": "AD"}, headers=headers)
    assert again.status_code == 409
    assert again.json["code"] == "paper.nothing_changed"
    assert client.post(path, json={"kind": "BR"}, headers=headers).status_code == 422
    assert client.post(path, json={}, headers=headers).status_code == 422
    assert client.post(path, json={"kind": "AE"}, headers=headers).json["code"] == "donation.no_drive_done"
    assert client.get(made.json["check_url"]).status_code == 200


def test_an_attestation_says_what_people_stated_and_who_confirmed_it(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    proofs.confirmed(proofs.stated(proofs.drive_of_serial("WD-0001"), technique=Technique.OVERWRITE, tool="BIOS HP", tool_version="1.4"))
    proofs.destroyed(proofs.drive_of_serial("WD-0002"), method=DestructionMethod.DISINTEGRATED, note="par l'éco-organisme", slip="B-12")
    paper = gifts.issued(donation, AE)
    stated, destroyed = media(paper.content)
    assert stated["Technique"] == "Réécriture complète (une passe ou plus)"
    assert (stated["Niveau"], stated["Outil"]) == ("Clear", "BIOS HP\u00a01.4")
    assert (stated["Résultat"], destroyed["Résultat"]) == ("effacé, déclaré et confirmé", "détruit")
    assert (destroyed["Technique"], destroyed["Niveau"]) == (
        "Désintégré par un prestataire, par l'éco-organisme (bordereau B-12)", "Destroy",
    )  # fmt: skip
    assert [each["Confirmé par"] for each in (stated, destroyed)] == ["Hélène Charrier (Coordination)"] * 2
    assert rows(paper.content, "Rapports d’effacement conservés")[0][1] == "declaration"
    assert "établi sur déclaration de l'opérateur, confirmée par une seconde personne" in said(paper)


def test_a_stated_erasure_that_nobody_confirmed_is_not_attested(context):
    donation = gifts.received(2)
    gifts.wiped(donation, "WD-0001")
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    proofs.stated(proofs.drive_of_serial("WD-0002"))
    text = said(gifts.issued(donation, AE))
    assert "WD-0002" not in text
    assert "1 autre support de ce don reste à effacer" in text


def test_one_drive_has_a_page_of_its_own_form(context):
    donation = gifts.received(1)
    gifts.wiped(donation, "S4GXNX0R512847")
    paper = gifts.issued(donation, AE)
    (found,) = media(paper.content)
    assert (found[""], found["Modèle"], found["Origine"]) == ("", "CHAUVIGNY SSD 25", f"don {donation.reference}")
    assert [each["text"] for each in paper.content["blocks"] if each["type"] == "heading"] == ["L’effacement", "La preuve"]
    assert len(words(fetch(paper.file))) == 1, "one page"
    text = said(paper)
    for told in ("S4GXNX0R512847", "NIST SP 800-88 Rev. 2, IEEE 2883-2022", "Effacé par Samira Benali (Atelier)", "ne vaut pas"):
        assert told in text, told
    assert db.session.scalars(select(ErasureReport)).one().file in text.replace(" ", "")


def test_one_destroyed_drive_says_who_confirmed_it_and_no_report(context):
    donation = gifts.received(1)
    gifts.read_drives(donation, "WD-0001")
    proofs.destroyed(proofs.drive_of_serial("WD-0001"), method=DestructionMethod.DISINTEGRATED, note="par l'éco-organisme", slip="B-12")
    text = said(gifts.issued(donation, AE))
    assert "Détruit par Samira Benali (Atelier) ; confirmé par Hélène Charrier (Coordination)" in text
    assert "Destroy (terminologie" in text
    assert "La preuve" not in text


@pytest.mark.parametrize("spelling", ["{0}-{1}", "{0} {1}", "{0}{1}", "{0}\u2011{1}", "HTTPS://REFURB.EXAMPLE/S/{0}{1}", "voir {0}-{1}."])
def test_a_label_s_code_that_somebody_typed_is_on_no_paper(context, spelling):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    code = devices_of(donation)[0].code
    typed = spelling.format(code[:4], code[4:])
    proofs.destroyed(proofs.drive_of_serial("WD-0001"), note=f"broyé avec {typed} hier", slip=typed.lower())
    for kind in (AE, AD):
        text = said(gifts.issued(donation, kind)).replace("-", "").replace(" ", "").replace("\u2011", "").upper()
        assert code not in text
        if kind is AE:
            assert "BROYÉAVEC" in text, "the rest of the note stays"


def test_what_only_looks_like_a_label_s_code_stays(context):
    donation = gifts.received(1)
    gifts.read_drives(donation, "WD-0001")
    proofs.destroyed(proofs.drive_of_serial("WD-0001"), note="lot 4H7Z-FJ5Y, R7K2-4MXQ")
    assert "lot 4H7Z-FJ5Y, R7K2-4MXQ" in said(gifts.issued(donation, AE)).replace("\u2011", "-")
