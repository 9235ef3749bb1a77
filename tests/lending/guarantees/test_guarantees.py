"""What is shown or left before things go out: asked for by the rule of the category, told at the counter, written in the agreement."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.holds import freeze
from refurb.kernel.deeds.retention import run_now
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Invalid
from refurb.lending.counter.actions.piles import hear
from refurb.lending.counter.actions.recording import record
from refurb.lending.counter.shown import shown_pile
from refurb.lending.guarantees.actions import give_deposit_back, leave_deposit, note_certificate, withdraw_certificate, withdraw_deposit
from refurb.lending.guarantees.models import Certificate
from refurb.lending.guarantees.queries import certificates_of, deposits_of
from refurb.lending.guarantees.rules import AlreadyBack, InsuranceEnds, NotInsured, NotLentToThem, NotTrained, OnSiteOnly, still_to_show
from refurb.lending.guarantees.words import CertificateKind, DepositKind
from refurb.lending.loans.pdf import agreement
from refurb.lending.loans.queries import loans_of
from refurb.lending.models import Borrower, LoanLine
from refurb.lending.renewals.queries import renewal_of
from refurb.lending.retention import erase_whole, is_bound
from refurb.lending.rulings import TermsRule
from refurb.lending.terms import loan_policy
from refurb.lending.words import BorrowerKind
from tests.lending.counter.pressing import answered, pressed, scanned
from tests.support.story import desk, people

K = CertificateKind


@pytest.fixture
def ruled(monkeypatch):
    """Put rules in force for a test, at the counter too."""

    def rule(*rules):
        policy = replace(loan_policy(), rules=rules)
        for module in ("loans.actions", "loans.pdf", "counter.shown", "counter.actions.piles", "reservations.views", "renewals.queries"):
            monkeypatch.setattr(f"refurb.lending.{module}.loan_policy", lambda: policy)
        return policy

    return rule


def asking(**changes):
    return TermsRule("malles assurées", "kit", None, None, changes)


def noted(who, kind=K.INSURANCE, days=365, since=0, **facts):
    with unit_of_work():
        until = None if days is None else today() + timedelta(days=days)
        start = today() + timedelta(days=since)
        return note_certificate(people.actor(Role.DESK), who, kind=kind, valid_on=start, until_on=until, **facts)


def is_open(day):
    return loan_policy().is_open(day, days_of(1))


def open_day():
    """The first open day on which something may come back: sooner than it is due as usual."""
    return next(day for day in (today() + timedelta(days=far) for far in range(1, 9)) if is_open(day))


def said_in(loan):
    return " ".join(block.text for block in agreement(loan).blocks if hasattr(block, "text"))


def test_nothing_leaves_without_the_insurance_that_its_rule_asks_for(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(insurance=True))
    with pytest.raises(NotInsured) as refused:
        desk.lent(kit, who)
    assert "malles assurées" in refused.value.facts["rule"]
    assert refused.value.ruling.won.said.endswith("(malles assurées)")
    assert "malles assurées" in refused.value.ruling.lost[0].why
    noted(who, days=1)
    with pytest.raises(InsuranceEnds) as ends:
        desk.lent(kit, who)
    assert ends.value.facts["until"] == today() + timedelta(days=1)
    noted(who, said="MAIF, contrat 12")
    assert "Attestation d’assurance, jusqu’au" in said_in(desk.lent(kit, who))


def test_a_word_of_honour_stands_for_an_insurance_and_what_was_withdrawn_for_nothing(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(insurance=True))
    made = noted(who, K.HONOUR)
    with unit_of_work():
        withdraw_certificate(people.actor(Role.DESK), who, made)
    with pytest.raises(NotInsured):
        desk.lent(kit, who)
    noted(who, K.HONOUR)
    assert "Engagement sur l’honneur" in said_in(desk.lent(kit, who))


def test_an_organisations_insurance_counts_for_whoever_borrows_for_it_and_for_nobody_else(context, ruled):
    kit, other, who, colleague = desk.kit(), desk.kit("Robots mBot n° 4"), desk.borrower("Hortense"), desk.borrower("Ibrahim")
    people.settle()
    with unit_of_work():
        who.organisation_id = 2
    ruled(asking(insurance=True))
    noted(who, for_organisation=True)
    desk.lent(kit, who)
    with pytest.raises(NotInsured):
        desk.lent(other, colleague)
    with unit_of_work():
        colleague.organisation_id = 2
    desk.lent(other, colleague)


def test_a_training_is_for_one_category_and_may_end(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(training=True))
    noted(who, K.TRAINING, None, category="projector")
    with pytest.raises(NotTrained):
        desk.lent(kit, who)
    noted(who, K.TRAINING, None, category="kit")
    assert "Formation suivie, Malle pédagogique" in said_in(desk.lent(kit, who))


def test_two_insurances_one_after_the_other_cover_a_loan_and_both_are_written(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(insurance=True))
    noted(who, since=3, said="MAIF, l'an prochain")
    with pytest.raises(NotInsured):
        desk.lent(kit, who)
    noted(who, days=1, said="MAIF, cette année")
    with pytest.raises(InsuranceEnds) as gap:
        desk.lent(kit, who)
    assert gap.value.facts["until"] == today() + timedelta(days=1), "a day between them is not insured"
    noted(who, K.HONOUR, days=2)
    said = said_in(desk.lent(kit, who))
    assert [said.count(each) for each in ("an prochain", "Engagement sur l’honneur", "cette année")] == [1, 1, 0]


def test_a_training_to_come_hides_none_that_counts(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(training=True))
    noted(who, K.TRAINING, None, since=9, category="kit")
    with pytest.raises(NotTrained):
        desk.lent(kit, who)
    noted(who, K.TRAINING, days=30, category="kit")
    assert "Formation suivie, Malle pédagogique" in said_in(desk.lent(kit, who))


def test_what_stays_here_does_not_leave_either(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(on_site=True))
    with pytest.raises(OnSiteOnly):
        desk.lent(kit, who)
    ruled(TermsRule("structures seulement", "kit", BorrowerKind.PERSON, None, {"not_lent": True}))
    with pytest.raises(NotLentToThem):
        desk.lent(kit, who)


def test_the_counter_says_why_and_looks_again_once_it_was_shown(context, ruled):
    kit, who, agent = desk.kit(), desk.borrower(), people.actor(Role.DESK)
    ruled(asking(insurance=True))
    with unit_of_work():
        hear(agent, kit.code)
        pile = hear(agent, who.code)
    assert pile.lines[0].refusal["code"] == "borrower.not_insured"
    assert "malles assurées" in shown_pile(pile).lines[0].why
    noted(who)
    assert pile.lines[0].refusal is None
    before = shown_pile(pile).digest
    with unit_of_work():
        leave_deposit(agent, who, kind=DepositKind.CHEQUE, cents=8000, regie="Médiathèque", left_on=today())
    assert shown_pile(pile).digest != before, "what was left stands in what is signed"
    with unit_of_work():
        pile.on_paper = True
        pile.lines[0].answers = {str(each.id): {"state": "complete"} for each in kit.components}
        record(agent, pile)
    assert "chèque de 80,00" in said_in(loans_of(who)[0])


def test_a_nearer_day_of_return_makes_room_for_the_insurance_on_the_page(signed_in, app, ruled):
    with app.app_context():
        ruled(asking(insurance=True))
        kit, who = desk.kit(), desk.borrower()
        code, card, day = kit.code, who.code, open_day()
        noted(who, days=(day - today()).days)
    agent = signed_in(Role.DESK)
    page = scanned(agent, card, code)
    line = re.search(r'value="remove:(\d+)"', page.text)[1]
    assert "Refusé" not in page.text, "it is corrected where it stands"
    assert f'aria-describedby="d{line}-e"' in page.text
    assert "Noter l’attestation" in page.text
    pressed(agent, "paper", **answered(page))
    assert pressed(agent, "record").status_code == 409
    assert pressed(agent, "save", **{f"d{line}": day.isoformat()}).status_code == 303
    page = agent.get("/comptoir")
    assert f'aria-describedby="d{line}-e"' not in page.text
    pressed(agent, "save", **{f"d{line}": (day + timedelta(days=1)).isoformat()})
    page = agent.get("/comptoir")
    assert f'aria-describedby="d{line}-e"' in page.text, "looked at again with each day, and its field stays"
    pressed(agent, "save", **{f"d{line}": day.isoformat()})
    pressed(agent, "paper")
    assert pressed(agent, "record").status_code == 303
    with app.app_context():
        assert db.session.query(LoanLine).one().due_on == day


def test_a_nearer_day_of_return_makes_room_for_the_insurance_by_json(signed_in, app, ruled):
    with app.app_context():
        ruled(asking(insurance=True))
        kit, who = desk.kit(), desk.borrower()
        day = open_day()
        later = next(day + timedelta(days=far) for far in range(1, 9) if is_open(day + timedelta(days=far)))
        noted(who, days=(day - today()).days)
        told = {"borrower": who.code, "on_paper": True}
        counts = [{"component": each.id, "state": "complete"} for each in kit.components]
        line = {"item": kit.code, "counts": counts}
    client = signed_in(Role.DESK)

    def lent(due):
        body = told | {"lines": [line | {"due_on": due.isoformat()}]}
        return client.post("/api/v1/loans", json=body, headers={"X-CSRFToken": client.token()})

    refused = lent(later)
    assert (refused.status_code, refused.json["code"]) == (409, "borrower.insurance_ends")
    assert lent(day).status_code == 201


def test_what_was_left_is_told_to_whoever_brings_things_back_without_a_card(signed_in, app):
    with app.app_context():
        kit, who = desk.kit(), desk.borrower()
        desk.lent(kit, who)
        code = kit.code
        with unit_of_work():
            leave_deposit(people.actor(Role.DESK), who, kind=DepositKind.CHEQUE, cents=8000, regie="Médiathèque", left_on=today())
    page = scanned(signed_in(Role.DESK), code)
    assert "Caution à rendre au retour" in page.text
    assert re.search(r"par\sAïcha", page.text)


def test_a_loan_goes_on_only_while_the_insurance_lasts(context, ruled):
    kit, who = desk.kit(), desk.borrower()
    ruled(asking(insurance=True))
    noted(who, days=40)
    (line,) = desk.lent(kit, who).lines
    may = renewal_of(line)
    assert may.refusal.code == "borrower.insurance_ends"
    assert may.until is not None
    assert line.due_on < may.until <= today() + timedelta(days=40) < may.wanted
    noted(who)
    assert (renewal_of(line).refusal, renewal_of(line).until) == (None, may.wanted)


def test_what_is_still_to_be_shown_is_told_of_a_reservation(context, ruled):
    who = desk.borrower()
    loans = ruled(asking(insurance=True, training=True)).for_whom(BorrowerKind.PERSON, 1)
    due = today() + timedelta(days=9)
    told = still_to_show(loans, [loans.terms("kit"), loans.terms("tablet")], who, today(), due)
    assert [each.code for each in told] == ["borrower.not_insured", "borrower.not_trained"]
    noted(who)
    noted(who, K.TRAINING, None, category="kit")
    assert still_to_show(loans, [loans.terms("kit")], who, today(), due) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": K.INSURANCE}, "until_on"),
        ({"kind": K.INSURANCE, "days": -9}, "until_on"),
        ({"kind": K.TRAINING, "category": None}, "category"),
        ({"kind": K.TRAINING, "category": "sous-marin"}, "category"),
        ({"kind": K.HONOUR, "days": 0, "for_organisation": True}, "for_organisation"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(context, facts, field):
    who = desk.borrower()
    with pytest.raises(Invalid) as wrong:
        noted(who, **{"days": None, **facts})
    assert list(wrong.value.fields) == [field]
    assert db.session.query(Certificate).count() == 0


def test_a_deposit_has_a_sum_and_a_regie_binds_and_is_given_back_once(context):
    who, agent = desk.borrower(), people.actor(Role.DESK)
    with pytest.raises(Invalid) as wrong, unit_of_work():
        leave_deposit(agent, who, kind=DepositKind.CHEQUE, left_on=today())
    assert set(wrong.value.fields) == {"amount", "regie"}
    with unit_of_work():
        left = leave_deposit(agent, who, kind=DepositKind.CASH, cents=2000, regie="Médiathèque", left_on=today())
    bound = db.select(type(who).id).where(is_bound())
    assert db.session.scalars(bound).all() == [who.id]
    with pytest.raises(Invalid), unit_of_work():
        give_deposit_back(agent, left, given_back_on=today() - timedelta(days=1))
    with unit_of_work():
        give_deposit_back(agent, left, given_back_on=today())
    with pytest.raises(AlreadyBack), unit_of_work():
        give_deposit_back(agent, left, given_back_on=today())
    assert (deposits_of(who), db.session.scalars(bound).all()) == ([], [])


def test_a_deposit_noted_by_mistake_is_withdrawn_with_a_reason(context):
    who, agent = desk.borrower(), people.actor(Role.DESK)
    with unit_of_work():
        left = leave_deposit(agent, who, kind=DepositKind.CASH, cents=2000, regie="Médiathèque", left_on=today())
    assert "rendu au retour" not in said_in(desk.lent(desk.kit(), who)), "it may be another loan's"
    with unit_of_work():
        withdraw_deposit(agent, left, reason="Saisie pour une autre personne")
    assert deposits_of(who) == []
    assert "Laissé sans y être obligé" not in said_in(desk.lent(desk.tablet(), who))
    event = next(each for each in events_of(who) if each.move == "deposit_withdrawn")
    assert notes_of([event])[event.id] == {"reason": "Saisie pour une autre personne"}
    with unit_of_work():
        other = leave_deposit(agent, who, kind=DepositKind.EMPLOYER, left_on=today())
        give_deposit_back(agent, other, given_back_on=today())
    with pytest.raises(AlreadyBack), unit_of_work():
        withdraw_deposit(agent, other, reason="Trop tard")


def test_an_organisations_certificate_is_forgotten_though_somebody_is_frozen(context):
    who = desk.borrower()
    people.settle()
    with unit_of_work():
        who.organisation_id = 2
    noted(who, days=0, for_organisation=True)
    noted(who, days=0, said="À elle")
    with unit_of_work():
        freeze(people.actor(Role.COORDINATOR), Borrower.KIND, who.id, who.code, reason="Recours", review_on=today() + timedelta(days=90))
    with at(now() + timedelta(days=200)):
        (tally,) = [each for each in run_now(SERVICE).tallies if each.term == "lending.certificates"]
    assert (tally.before, tally.erased, tally.held) == (2, 1, 1)
    assert [each.said for each in db.session.query(Certificate)] == ["À elle"]


def test_who_is_forgotten_leaves_no_certificate(context):
    who = desk.borrower()
    noted(who, said="MAIF")
    with unit_of_work():
        erase_whole([who.id])
    assert certificates_of(who) == []
    assert db.session.query(Certificate).count() == 0


def test_pages_and_json_note_withdraw_and_give_back(signed_in, app):
    with app.app_context():
        code, day, later = desk.borrower().code, today().isoformat(), (today() + timedelta(days=90)).isoformat()
    client, where, api = signed_in(Role.DESK), f"/emprunteurs/{code}", f"/api/v1/borrowers/{code}"
    told = {"kind": "insurance", "said": "MAIF", "valid_on": day, "until_on": ""}
    wrong = client.submit(f"{where}/justificatifs/nouveau", told)
    assert (wrong.status_code, "MAIF" in wrong.text) == (422, True), "what was typed is kept"
    told["until_on"] = later
    assert client.submit(f"{where}/justificatifs/nouveau?comptoir=1", told).location.endswith("/comptoir")
    left = {"kind": "cheque", "amount": "80", "regie": "Médiathèque", "left_on": day}
    client.submit(f"{where}/cautions/nouvelle", left)
    shown = client.get(where).text
    assert all(word in shown for word in ("MAIF", "Médiathèque", "80,00"))
    found = client.get(f"{api}/guarantees").json
    number, deposit = found["certificates"][0]["id"], found["deposits"][0]["id"]
    assert client.get(f"{where}/justificatifs/{number}/document").status_code == 404
    client.submit(f"{where}/justificatifs/{number}/retirer")
    client.submit(f"{where}/cautions/{deposit}/rendre", {"given_back_on": day})
    assert client.get(f"{api}/guarantees").json == {"borrower": code, "certificates": [], "deposits": []}


@pytest.mark.both_databases
def test_by_json(signed_in, app):
    with app.app_context():
        code, day, later = desk.borrower().code, today().isoformat(), (today() + timedelta(days=90)).isoformat()
    client, api = signed_in(Role.DESK), f"/api/v1/borrowers/{code}"

    def sent(path, **facts):
        return client.post(f"{api}/{path}", json=facts, headers={"X-CSRFToken": client.token()})

    made = sent("certificates", kind="honour", valid_on=day, until_on=later)
    assert (made.status_code, made.json["until_on"]) == (201, later)
    assert sent("certificates", kind="training", valid_on=day).status_code == 422
    assert sent(f"certificates/{made.json['id']}/withdraw").json["certificates"] == []
    left = sent("deposits", kind="cash", amount="20", regie="Médiathèque", left_on=day)
    assert (left.status_code, left.json["cents"]) == (201, 2000)
    back = f"deposits/{left.json['id']}/give_back"
    assert sent(back, given_back_on=day).json["given_back_on"] == day
    assert sent(back, given_back_on=day).status_code == 409
    made = sent("deposits", kind="employer", left_on=day).json
    (listed,) = client.get("/api/v1/deposits").json["items"]
    assert (listed["id"], listed["borrower"]) == (made["id"], code)
    assert sent(f"deposits/{made['id']}/withdraw").status_code == 422
    assert sent(f"deposits/{made['id']}/withdraw", reason="Erreur").json["deposits"] == []
    assert sent(f"deposits/{made['id']}/withdraw", reason="Erreur").status_code == 404


def test_what_is_still_here_is_listed_by_age_and_one_noted_by_mistake_goes(signed_in, app):
    with app.app_context():
        first, second, agent = desk.borrower("Aïcha"), desk.borrower("Berthe"), people.actor(Role.DESK)
        with unit_of_work():
            leave_deposit(agent, second, kind=DepositKind.CHEQUE, cents=500, regie="R", left_on=today() - timedelta(days=40))
            wrong = leave_deposit(agent, first, kind=DepositKind.EMPLOYER, left_on=today())
        where = f"/emprunteurs/{first.code}/cautions/{wrong.id}/retirer"
    client = signed_in(Role.DESK)
    assert "/emprunteurs/cautions" in client.get("/emprunteurs").text
    shown = client.get("/emprunteurs/cautions").text
    assert shown.index("Berthe") < shown.index("Aïcha")
    assert re.search(r"40\sjours", shown)
    assert where in client.get(where.replace("retirer", "rendre")).text
    assert client.submit(where, {"reason": ""}).status_code == 422
    assert client.submit(where, {"reason": "Saisie deux fois"}).status_code == 303
    assert "Aïcha" not in client.get("/emprunteurs/cautions").text
    assert client.get(where).status_code == 404
    assert "prêt court" in client.get(where.rpartition("/cautions")[0] + "/cautions/nouvelle").text


@pytest.mark.both_databases
def test_names_closed_nothing_is_withdrawn_and_by_whom_is_hidden(signed_in, app):
    with app.app_context():
        who = desk.borrower()
        number, code = noted(who, said="MAIF 12").id, who.code
        day = today().isoformat()
    client, api = signed_in(Role.DESK), f"/api/v1/borrowers/{code}"
    assert "MAIF 12" in client.get(f"{api}/guarantees").text
    assert "MAIF 12" in client.get(f"/emprunteurs/{code}").text
    client.lose_proof()
    assert client.get(f"{api}/guarantees").json["certificates"][0]["said"] is None
    assert "MAIF 12" not in client.get(f"/emprunteurs/{code}").text
    assert client.submit(f"/emprunteurs/{code}/justificatifs/{number}/retirer").status_code == 403
    headers = {"X-CSRFToken": client.token()}
    assert client.post(f"{api}/certificates/{number}/withdraw", json={}, headers=headers).status_code == 403
    told = {"kind": "honour", "valid_on": day, "until_on": day}
    assert client.post(f"{api}/certificates", json=told, headers=headers).status_code == 403
    assert client.post(f"{api}/deposits", json={"kind": "employer", "left_on": day}, headers=headers).status_code == 403
    with app.app_context():
        assert db.session.query(Certificate).one().withdrawn_at is None


def test_a_photo_does_as_well_as_a_pdf_and_nothing_of_the_camera_is_kept(signed_in, app):
    with app.app_context():
        code, day = desk.borrower().code, today().isoformat()
    client, where = signed_in(Role.DESK), f"/emprunteurs/{code}"
    told = {"kind": "insurance", "said": "MAIF", "valid_on": day, "until_on": day}

    def sent(content, name):
        return client.submit(f"{where}/justificatifs/nouveau", told | {"file": (BytesIO(content), name)})

    assert sent(b"\xff\xd8\xff and then nothing", "carte.jpg").status_code == 422
    assert sent(b"....ftypheic....", "carte.heic").status_code == 422
    assert sent(b"MZ no paper", "carte.exe").status_code == 422
    with app.app_context():
        assert db.session.query(Certificate).count() == 0, "nothing is noted of a paper that cannot be read"
    assert sent(photo(), "carte.jpg").status_code == 303
    number = client.get(f"/api/v1/borrowers/{code}/guarantees").json["certificates"][0]["id"]
    kept = client.get(f"{where}/justificatifs/{number}/document")
    assert (kept.mimetype, kept.headers["Content-Disposition"]) == ("image/jpeg", 'attachment; filename="justificatif.jpg"')
    assert b"Refurb camera" not in kept.data, "what a camera writes beside a picture is left out"


def photo():
    """A small picture with what a camera writes beside it."""
    from PIL import Image

    written, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Refurb camera"
    Image.new("RGB", (40, 20), "white").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_funder_who_asks_for_it_is_named_in_the_agreement(context):
    loan = desk.lent(desk.kit())
    item = loan.lines[0].item
    with unit_of_work():
        item.funder = "Département de la Vienne"
    assert "Financé par" not in said_in(loan), "only who asks to be named is"
    with unit_of_work():
        item.logo_due = True
    assert f"Financé par Département de la Vienne : {item.name}." in said_in(loan).replace("\xa0", " ")
