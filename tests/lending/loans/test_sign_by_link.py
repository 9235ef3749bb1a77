"""Whoever borrows signs by the link of a letter: exactly the text that was shown, void as soon as the loan is another."""

import base64

import pytest

from refurb.documents.content import from_json
from refurb.documents.models import SignatureWay, Signing
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import AlreadySigned, count_unsigned, lists_the_same, signatory, signing_for
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold, Overtaken, Repeated, write_only
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.loans.pdf import agreement
from refurb.lending.loans.rules import AllBack, NameDiffers, NoAddress, TextChanged
from refurb.lending.loans.signing import accept_by_link, letter_to_sign, opened_to_sign, send_to_sign, to_sign_address, to_sign_link
from refurb.lending.models import Loan
from refurb.lending.reminders.effects import mail_to_sign
from refurb.lending.retention import erase_loans
from tests.lending.reserving import open_day
from tests.support.story import desk, families, people


def sent(loan, role=Role.DESK):
    with unit_of_work():
        loan.borrower.email = loan.borrower.email or "aicha@chez.example"
    with unit_of_work():
        return send_to_sign(people.actor(role), loan)


def mailed(signing, promised=None):
    """What leaves for a promise, the last one unless told."""
    return mail_to_sign(**(promised or letter_to_sign(signing)).facts)


def accepted(signing, name="AICHA N'DIAYE", shown=None, signature=None):
    with unit_of_work():
        return accept_by_link(signing, name=name, signature=signature, shown=shown or signing.digest)


def test_by_name_and_tick_the_paper_says_how_and_a_second_press_signs_nothing(context):
    loan = desk.lent(desk.kit())
    signing = sent(loan)
    assert opened_to_sign(to_sign_link(signing)) is signing
    said = mailed(signing).text
    assert to_sign_address(signing) in said
    for wrong, refusal in (({"name": "Berthe"}, NameDiffers), ({"shown": "0" * 64}, SignatureVoid)):
        with pytest.raises(refusal):
            accepted(signing, **wrong)
    assert not loan.is_signed
    accepted(signing, name=loan.borrower.name.upper())
    assert (signing.way, signing.by_link, signing.signed_by) == (SignatureWay.ACCEPTED, True, None)
    assert "Acceptée par le lien" in str(from_json(loan.paper.content))
    assert last_event(loan).facts["by_link"] is True
    for deed in (lambda: accepted(signing, name=loan.borrower.name), lambda: sent(loan)):
        with pytest.raises(AlreadySigned):
            deed()
    with pytest.raises(NotTold):
        mailed(signing)


def test_a_loan_that_changed_voids_what_was_sent_and_a_new_link_is_another_text(context):
    loan = desk.lent(desk.kit(), due_on=open_day(9))
    signing = sent(loan)
    first, key = letter_to_sign(signing), mailed(signing).key
    assert sent(loan) is signing, "the same text is sent again"
    assert mailed(signing).key != key, "by another letter"
    with pytest.raises(Repeated):
        mailed(signing, first)
    assert lists_the_same(signing, agreement(loan))
    desk.made_due(loan, open_day(15))
    assert not lists_the_same(signing, agreement(loan))
    with pytest.raises(TextChanged):
        accepted(signing, name=loan.borrower.name)
    with pytest.raises(Overtaken):
        mailed(signing)
    anew = sent(loan)
    assert anew is signing_for(loan) is not signing
    assert signing.called_off_at is not None
    with pytest.raises(TextChanged):
        accepted(signing, name=loan.borrower.name)
    drawing = base64.b64decode(families.drawing().partition(",")[2])
    accepted(anew, name=None, signature=drawing)
    assert (anew.way, anew.by_link) == (SignatureWay.DRAWN, True)
    assert loan.signature_file == anew.drawing


def test_whoever_is_named_in_the_text_signs_it_and_another_name_is_another_text(context):
    loan = desk.lent(desk.kit())
    signing, before = sent(loan), loan.borrower.name
    with unit_of_work():
        loan.borrower.name = "Aïcha Dupont"
    for name in (before, "Aïcha Dupont"):
        with pytest.raises(TextChanged):
            accepted(signing, name=name)
    with unit_of_work():
        loan.borrower.organisation_id = people.organisation("CCAS de Poitiers").id
    anew = sent(loan)
    assert signatory(anew) == "Aïcha Dupont, pour CCAS de Poitiers"
    accepted(anew, name=signatory(anew))
    assert loan.is_signed


def test_what_was_never_signed_waits_for_nobody_once_it_is_erased(client, signed_in, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        token, path = to_sign_link(sent(loan)), f"/prets/{loan.reference}"
        desk.back(loan)
        with unit_of_work():
            erase_loans([loan.id])
        assert count_unsigned(Loan.KIND) == 0
    agent = signed_in(Role.DESK)
    page = agent.get(path)
    assert (page.status_code, "à signer" in page.text) == (200, False)
    for gone, status in ((f"{path}/signer", 404), (f"{path}/a-signer.pdf", 404), (f"/signer-un-pret/{token}", 410)):
        assert (agent if "prets" in gone else client).get(gone).status_code == status, gone


def test_nothing_is_sent_without_an_address_by_a_stranger_or_once_all_is_back(context):
    loan = desk.lent(desk.kit())
    with pytest.raises(NoAddress), unit_of_work():
        send_to_sign(people.actor(Role.DESK), loan)
    with pytest.raises(NobodyToWriteTo):
        mail_to_sign(loan_id=loan.id, signing_id=signing_for(loan).id, effect_id=1)
    with pytest.raises(Forbidden):
        sent(loan, Role.TECHNICIAN)
    signing = sent(loan)
    desk.back(loan)
    for deed in (lambda: sent(loan), lambda: accepted(signing, name=loan.borrower.name)):
        with pytest.raises(AllBack):
            deed()


def test_the_page_shows_what_is_signed_and_says_when_it_is_void(client, signed_in, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        signing = sent(loan)
        reference, token, shown, name = loan.reference, to_sign_link(signing), signing.digest, loan.borrower.name
    agent, path = signed_in(Role.DESK), f"/signer-un-pret/{token}"
    shown_to_desk = agent.get(f"/prets/{reference}").text
    assert "Lien envoyé le" not in shown_to_desk, "nothing has left yet"
    assert "emprunteur, demandé" in shown_to_desk
    with app.app_context(), unit_of_work():
        write_only(letter_to_sign(db.session.query(Signing).one()))
        letter_to_sign(db.session.query(Signing).one()).fault = None
    assert "Lien envoyé le" in agent.get(f"/prets/{reference}").text
    assert agent.submit(f"/prets/{reference}/envoyer-a-signer").status_code == 303
    page = client.get(path)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Robots mBot" in page.text
    assert shown in page.text
    for told, why in (
        ({"name": name}, "Cochez pour"),
        ({"agreed": "1"}, "réponse"),
        ({"name": "Autre", "agreed": "1"}, "comme il est dans"),
    ):
        refused = client.submit(path, told | {"shown": shown})
        assert (refused.status_code, why in refused.text) == (422, True), told
    with app.app_context():
        desk.made_due(db.session.query(Loan).one(), open_day(15))
    assert "Ne vaut plus" in client.get(path).text
    assert client.submit(path, {"name": name, "agreed": "1", "shown": shown}).status_code == 409
    assert "Le lien envoyé ne vaut plus" in agent.get(f"/prets/{reference}").text
    headers = {"X-CSRFToken": agent.token()}
    assert agent.post(f"/api/v1/loans/{reference}/send_to_sign", json={}, headers=headers).json["signature"]["state"] == "to_sign"
    with app.app_context():
        signing = db.session.query(Signing).order_by(Signing.id.desc()).first()
        path, shown = f"/signer-un-pret/{to_sign_link(signing)}", signing.digest
    assert client.submit(path, {"signature": families.drawing(), "shown": shown}).status_code == 303
    assert "C’est signé depuis" in client.get(path).text
    assert "Signée par lien" in agent.get(f"/prets/{reference}").text
