"""From whom a second factor is asked, and with what: a policy with a floor; who has none is told of, reminded, and proposed one at once."""

import re
from datetime import datetime, time, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from refurb.accounts.actions import make_token, open_session, secret_of
from refurb.accounts.factors.actions import (
    KindRefused,
    RemindedAlready,
    WrongCode,
    add_authenticator,
    codes_to_show,
    end_former_proofs,
    end_unserved_proofs,
    make_card,
    need_kind,
    prove,
    prove_session,
    remind,
    remove_card,
    reset_factors,
)
from refurb.accounts.factors.models import Authenticator, CardCode
from refurb.accounts.factors.passkeys.models import Passkey
from refurb.accounts.factors.policy import ACCOUNTS, ALWAYS_ASKED, FactorKind, FactorPolicy, factor_policy, is_asked, sees_names
from refurb.accounts.factors.preview import preview_accounts, somebody_still_proves
from refurb.accounts.factors.queries import factors_of, has_factor, kinds_held, with_factor
from refurb.accounts.invitations.actions import invite
from refurb.accounts.invitations.queries import code_of
from refurb.accounts.models import Door, OpenSession, Token
from refurb.accounts.people.queries import without_factor
from refurb.accounts.queries import account_by_email, actor_of, bearer_of
from refurb.commands import token as token_command
from refurb.kernel.deeds.access import GRANTS, PERSONS, SERVICE, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import FOLDER, PolicyError
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.directory.policies.test_policy_pages import mark_on
from tests.directory.policies.trying import adopted, tried
from tests.support.story import people

TEXT = (FOLDER / "accounts.toml").read_text()
EVERY_KIND = frozenset(FactorKind)


def account_of(role):
    return account_by_email(people.EMAIL[role])


def with_card(role):
    with unit_of_work():
        make_card(actor_of(account_of(role)), account_of(role))
    return codes_to_show(account_of(role).id)


def shipped(**changes):
    made = ACCOUNTS.read_text(TEXT)
    return FactorPolicy(changes.get("roles", made.roles), changes.get("kinds", made.kinds))


def test_it_comes_asking_whoever_sees_people_and_takes_every_kind():
    made = shipped()
    assert made.roles == {
        Role.ADMIN,
        Role.COORDINATOR,
        Role.DESK,
        Role.ADVISER,
        Role.ORGANISER,
        Role.VISITOR,
        Role.TRAINER,
        Role.PRESCRIBER,
    }
    assert made.kinds == EVERY_KIND
    assert {role for role in PERSONS if Permission.REFERRAL_READ in GRANTS[role]} <= ALWAYS_ASKED


@pytest.mark.parametrize(
    "before,after,complaint",
    [
        ('"coordinator", ', "", "second_factor.roles: must name every role that sees people who are helped"),
        ('kinds = ["application", "key", "card"]', "kinds = []", "second_factor.kinds: must hold 1 entries at least"),
        ('"card"]', '"mail"]', "second_factor.kinds[3]: must be one of: application, key, card"),
        ('"desk", ', '"station", ', "second_factor.roles[3]: must be one of"),
    ],
)
def test_below_the_floor_or_without_a_kind_it_is_refused(before, after, complaint):
    assert before in TEXT
    with pytest.raises(PolicyError, match=re.escape(complaint)):
        ACCOUNTS.read_text(TEXT.replace(before, after))


def test_who_teaches_the_machines_may_be_left_out_and_the_workshop_asked():
    assert Role.TRAINER not in ACCOUNTS.read_text(TEXT.replace('"trainer", ', "")).roles
    with ACCOUNTS.as_if(shipped(roles=frozenset({*ALWAYS_ASKED, Role.TECHNICIAN}))):
        assert sees_names({Role.TRAINER}, proved=False)
        assert (is_asked({Role.TECHNICIAN}), sees_names({Role.TECHNICIAN}, proved=True)) == (True, True)


def test_a_kind_that_is_taken_out_opens_nothing_and_locks_nobody_out(context):
    code = with_card(Role.DESK)[0]
    with ACCOUNTS.as_if(shipped(kinds=frozenset({FactorKind.KEY}))):
        assert factor_policy().kinds == {FactorKind.KEY}
        found = factors_of(account_of(Role.DESK).id)
        assert (bool(found), found.any_held, found.types_codes, has_factor(account_of(Role.DESK).id)) == (False, True, False, False)
        with pytest.raises(WrongCode), unit_of_work():
            prove(account_of(Role.DESK), code)
        for kind in (FactorKind.APPLICATION, FactorKind.CARD):
            with pytest.raises(KindRefused):
                need_kind(kind)
        with pytest.raises(KindRefused), unit_of_work():
            make_card(actor_of(account_of(Role.DESK)), account_of(Role.DESK))
        with pytest.raises(KindRefused), unit_of_work():
            add_authenticator(actor_of(account_of(Role.DESK)), account_of(Role.DESK), secret="GEZDGNBVGY3TQOJQ", typed="000000")
    assert has_factor(account_of(Role.DESK).id)
    assert kinds_held({account_of(Role.DESK).id}) == {account_of(Role.DESK).id: {FactorKind.CARD}}
    assert list(db.session.scalars(with_factor())) == [account_of(Role.DESK).id]


def test_a_card_is_proposed_where_cards_serve(context):
    assert factors_of(account_of(Role.DESK).id).wants_card
    with ACCOUNTS.as_if(shipped(kinds=frozenset({FactorKind.KEY}))):
        assert not factors_of(account_of(Role.DESK).id).wants_card
    with_card(Role.DESK)
    assert not factors_of(account_of(Role.DESK).id).wants_card


def test_a_trial_says_for_whom_names_would_close_and_open(context):
    with_card(Role.DESK)
    before = shipped()
    assert preview_accounts(before, before).count == 0
    closing = preview_accounts(before, shipped(kinds=frozenset({FactorKind.KEY})))
    assert (closing.count, closing.first) == (1, ((people.NAME[Role.DESK], "Noms ouverts", "Noms fermés"),))
    opening = preview_accounts(before, shipped(roles=before.roles - {Role.DESK}))
    assert [(name, old) for name, old, _new in opening.first] == [(people.NAME[Role.DESK], "Noms ouverts")]
    assert opening.first[0][2].startswith("Rien n")


def test_no_adoption_leaves_administrators_without_a_proof(context):
    only_keys = shipped(kinds=frozenset({FactorKind.KEY}))
    assert list(somebody_still_proves(only_keys)) == []
    with_card(Role.ADMIN)
    (complaint,) = somebody_still_proves(only_keys)
    assert (complaint.path, complaint.fault.code) == ("second_factor.kinds", "policy.factor_nobody")
    assert list(somebody_still_proves(shipped(kinds=frozenset({FactorKind.CARD})))) == []


def test_a_card_that_is_used_up_and_a_key_where_none_serves_are_no_proof_to_rely_on(context):
    no_application = shipped(kinds=frozenset({FactorKind.KEY, FactorKind.CARD}))
    with_card(Role.ADMIN)
    number = account_of(Role.ADMIN).id
    with unit_of_work() as writing:
        facts = {"credential": "x", "public_key": b"x", "sign_count": 0, "added_at": now()}
        writing.add(Passkey(account_id=number, name="clé", **facts))
        add_authenticator_of(number)
    assert list(somebody_still_proves(no_application)) == []
    with unit_of_work() as writing:
        writing.execute(update(CardCode).values(used_at=now()))
    assert [each.fault.code for each in somebody_still_proves(no_application)] == ["policy.factor_nobody"]


def test_a_key_is_a_proof_to_rely_on_where_keys_serve(context, monkeypatch):
    number = account_of(Role.ADMIN).id
    with unit_of_work() as writing:
        facts = {"credential": "x", "public_key": b"x", "sign_count": 0, "added_at": now()}
        writing.add(Passkey(account_id=number, name="clé", **facts))
        add_authenticator_of(number)
    only_keys = shipped(kinds=frozenset({FactorKind.KEY}))
    assert [each.fault.code for each in somebody_still_proves(only_keys)] == ["policy.factor_nobody"]
    monkeypatch.setitem(context.config, "BASE_URL", "https://refurb.example")
    assert list(somebody_still_proves(only_keys)) == []


def add_authenticator_of(number):
    db.session.add(Authenticator(account_id=number, sealed="x", last_step=0, added_at=now()))


# --- what was proved goes with what proved it ------------------------------------------------------------------------------------------

WITHOUT_CARDS = ('kinds = ["application", "key", "card"]', 'kinds = ["application", "key"]')


def opened(role):
    """A session and a token of an account with a card, both proved: what each is shown as."""
    account = account_of(role)
    with unit_of_work():
        open_session(account, "Firefox", proved=True, proved_at=now())
    token_of(role, proved=True)


def proofs(role):
    db.session.expire_all()
    number = account_of(role).id
    return [
        *((each.proved, each.proved_at is not None) for each in db.session.query(OpenSession).filter_by(account_id=number)),
        *(each.proved for each in db.session.query(Token).filter_by(account_id=number)),
    ]


PROVED, UNPROVED = [(True, True), True], [(False, False), False]


def test_with_the_last_factor_goes_what_it_proved(context):
    with_card(Role.DESK)
    with_card(Role.ADMIN)
    opened(Role.DESK)
    opened(Role.ADMIN)
    with unit_of_work():
        add_authenticator_of(account_of(Role.ADMIN).id)
    for role in (Role.DESK, Role.ADMIN):
        with unit_of_work():
            remove_card(actor_of(account_of(role)), account_of(role))
    assert (proofs(Role.DESK), proofs(Role.ADMIN)) == (UNPROVED, PROVED), "the administrator has another"


def test_a_kind_that_is_taken_out_takes_what_it_proved(context):
    with_card(Role.DESK)
    opened(Role.DESK)
    opened(Role.COORDINATOR)  # Who came by another service that vouches has no factor here.
    adopted("accounts", WITHOUT_CARDS)
    assert (proofs(Role.DESK), proofs(Role.COORDINATOR)) == (UNPROVED, PROVED)
    with unit_of_work():
        assert end_unserved_proofs() == 0


def test_one_that_comes_into_force_later_takes_it_on_its_day(context):
    with_card(Role.DESK)
    opened(Role.DESK)
    adopted("accounts", WITHOUT_CARDS, on=clock.today() + timedelta(days=2))
    with unit_of_work():
        assert end_former_proofs() == 0
    assert proofs(Role.DESK) == PROVED
    with clock.at(clock.from_wall(datetime.combine(clock.today() + timedelta(days=2), time(3)))), unit_of_work():
        assert end_former_proofs() == 2
    assert proofs(Role.DESK) == UNPROVED


def test_the_policy_is_adopted_after_a_fresh_proof(app, signed_in):
    client = signed_in(Role.ADMIN)
    trial = "/regles/accounts/essai"
    with app.app_context():
        code = with_card(Role.ADMIN)[0]
        tried("accounts", ('"trainer", ', ""))
        with unit_of_work() as writing:
            writing.execute(update(OpenSession).values(proved_at=now() - timedelta(hours=1)))
    for asked in (client.get(f"{trial}/adopter"), client.submit(f"{trial}/adopter", {"seen": "1"})):
        assert asked.headers["Location"].startswith("/compte/preuve")
    assert client.submit(f"/compte/preuve?suite={trial}/adopter", {"typed": code}).status_code == 303
    page = client.get(f"{trial}/adopter")
    facts = {"seen": "1", "shown": mark_on(page), "in_force_from": re.search(r'value="(\d{4}-\d\d-\d\d)"', page.text)[1]}
    assert client.submit(f"{trial}/adopter", facts | {"decided_by": "Le bureau", "reason": "Essai"}).status_code == 303
    with app.app_context():
        assert Role.TRAINER not in factor_policy().roles


def test_who_has_none_is_listed_and_reminded_once_a_day(context):
    missing = {each.id for each in db.session.scalars(without_factor())}
    assert {account_of(role).id for role in (Role.ADMIN, Role.COORDINATOR, Role.DESK)} <= missing
    assert account_of(Role.TECHNICIAN).id not in missing
    assert account_of(Role.PRESCRIBER).id not in missing, "her referent looks after her"
    with_card(Role.DESK)
    assert account_of(Role.DESK).id not in {each.id for each in db.session.scalars(without_factor())}
    with pytest.raises(Forbidden), unit_of_work():
        remind(people.actor(Role.COORDINATOR), account_of(Role.DESK))
    with unit_of_work():
        remind(people.actor(Role.ADMIN), account_of(Role.COORDINATOR))
    with pytest.raises(RemindedAlready), unit_of_work():
        remind(people.actor(Role.ADMIN), account_of(Role.COORDINATOR))
    with clock.at(now() + timedelta(days=2)), unit_of_work():
        remind(people.actor(Role.ADMIN), account_of(Role.COORDINATOR))


def token_of(role, *, proved):
    with unit_of_work():
        made = make_token(SERVICE, account_of(role), "clé", role, Door.API, proved=proved)
        return secret_of(made)


def test_names_are_closed_to_a_token_without_a_second_factor_behind_it(context):
    told = {proved: bearer_of(token_of(Role.DESK, proved=proved)).actor.sees_names for proved in (False, True)}
    assert told == {False: False, True: True}
    assert bearer_of(token_of(Role.TECHNICIAN, proved=False)).actor.sees_names


def test_a_reset_closes_names_to_the_tokens_too(context):
    secret = token_of(Role.DESK, proved=True)
    with unit_of_work():
        reset_factors(people.actor(Role.ADMIN), account_of(Role.DESK))
    assert not bearer_of(secret).actor.sees_names


def test_the_command_asks_a_code_for_it(context):
    (code, *_others) = with_card(Role.DESK)
    asked = [people.EMAIL[Role.DESK], "--name", "clé", "--role", "desk"]
    for more in ((), ("--code", code)):
        assert CliRunner().invoke(token_command, [*asked, *more]).exit_code == 0
    assert CliRunner().invoke(token_command, [*asked, "--code", code]).exit_code == 1, "each code serves once"
    db.session.expire_all()
    assert [each.proved for each in db.session.query(Token).order_by(Token.id)] == [False, True]


def test_the_command_says_where_codes_come_from_to_whoever_has_none(context):
    asked = [people.EMAIL[Role.DESK], "--name", "clé", "--role"]
    made = CliRunner().invoke(token_command, [*asked, "desk"])
    assert made.stdout.strip().startswith("refurb_")
    assert "names are closed" in made.stderr
    refused = CliRunner().invoke(token_command, [*asked, "desk", "--code", "123456"])
    assert refused.exit_code == 1
    for told in (made.stderr, refused.stderr):
        assert "first makes a card (/compte/second-facteur/carte)" in told
    assert not CliRunner().invoke(token_command, [*asked, "technician"]).stderr


def test_the_command_believes_whoever_just_proved_herself_in_her_browser(context):
    asked = [people.EMAIL[Role.DESK], "--name", "clé", "--role", "desk", "--proved"]
    account = account_of(Role.DESK)
    assert CliRunner().invoke(token_command, asked).exit_code == 1, "she has no factor at all"
    with_card(Role.DESK)
    with unit_of_work():
        open_session(account, "Firefox", proved=True, proved_at=now() - timedelta(minutes=11))
    assert CliRunner().invoke(token_command, asked).exit_code == 1, "that was too long ago"
    with unit_of_work():
        prove_session(db.session.query(OpenSession).one().id)
    made = CliRunner().invoke(token_command, asked)
    assert (made.exit_code, made.stderr) == (0, "")
    db.session.expire_all()
    assert [each.proved for each in db.session.query(Token)] == [True]


def test_whoever_is_invited_is_proposed_one_at_once(app, client):
    with app.app_context(), unit_of_work():
        code = code_of(invite(people.actor(Role.ADMIN), name="Samuel", email="samuel@refurb.example", grants=[Grant(Role.DESK)]))
        other = code_of(invite(people.actor(Role.ADMIN), name="Odile", email="odile@refurb.example", grants=[Grant(Role.TECHNICIAN)]))
    opened = client.submit(f"/i/{code}", {"name": "Samuel", "password": "quatre tasses vertes dehors"})
    assert opened.headers["Location"] == "/compte/second-facteur/choix"
    page = client.get("/compte/second-facteur/choix").text
    assert "Plus tard" in page
    client.submit("/deconnexion")
    opened = client.submit(f"/i/{other}", {"name": "Odile", "password": "quatre tasses vertes dehors"})
    assert opened.headers["Location"] == "/"


def test_the_page_of_accounts_says_who_has_none(app, signed_in):
    client = signed_in(Role.ADMIN)
    with app.app_context():
        with_card(Role.DESK)
        number = account_of(Role.COORDINATOR).id
    page = client.get("/comptes").text
    assert "Sans second facteur" in page
    assert "Carte de codes" in page
    assert client.submit(f"/comptes/{number}/rappel").headers["Location"] == "/comptes"
    assert client.submit(f"/comptes/{number}/rappel").status_code == 409


@pytest.mark.parametrize(
    "address,role", [("/emprunteurs.csv", Role.DESK), ("/prets.csv", Role.DESK), ("/orientations.csv", Role.COORDINATOR)]
)
def test_a_table_with_names_asks_a_fresh_proof(app, signed_in, address, role):
    client = signed_in(role)
    assert client.get(address).status_code == 200
    with app.app_context():
        with_card(role)
        account_id = account_of(role).id
        with unit_of_work() as writing:
            old = update(OpenSession).where(OpenSession.account_id == account_id).values(proved_at=now() - timedelta(hours=1))
            writing.execute(old)
    assert client.get(address).headers["Location"].startswith("/compte/preuve")
