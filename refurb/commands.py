"""The commands: thin doors to the same actions as the pages."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, ScriptInfo

from config.settings import (
    SettingError,
    Settings,
    keep_private,
    refuse_unfinished,
)
from refurb import create_app, demo
from refurb.accounts.actions import make_token, secret_of
from refurb.accounts.factors.actions import ProofNeeded, WrongCode, need_proof_anywhere, prove, reset_factors
from refurb.accounts.factors.policy import is_asked
from refurb.accounts.factors.queries import factors_of, kinds_held
from refurb.accounts.models import Door
from refurb.accounts.queries import account_by_email
from refurb.application import load_migrations
from refurb.directory.policies.queries import unusable_versions
from refurb.documents.queries import changed_papers
from refurb.founding import init
from refurb.inventory.devices.actions.search import rebuild_index, rebuild_words, stale_words
from refurb.inventory.evidence.cli import erasure
from refurb.inventory.lists.cli import donor_list
from refurb.inventory.readers.cli import hardware
from refurb.inventory.targets.actions import weigh_some
from refurb.keeper import KEEPING
from refurb.kernel.deeds import diagram, heads, policy, worker
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.counts import differences, fill_months, has_months_of, rebuild
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.paper_keys import paper_keys
from refurb.kernel.deeds.policy import PolicyError
from refurb.kernel.deeds.signed_notes import BadKey, Key
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.verification import findings
from refurb.kernel.speech.clock import zone
from refurb.kernel.web import rights
from refurb.policies import POLICIES
from refurb.retention.cli import retention
from refurb.wiring import COUNTS, MACHINES, PIECES

PACKAGE = Path(__file__).resolve().parent


def _application() -> Flask:
    settings = Settings.read(os.environ)
    refuse_unfinished(settings.home)
    keep_private(settings.home, settings.database_url)
    app = create_app(settings)
    load_migrations(app)
    return app


class _Commands(FlaskGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, without loading the application: before `init` there is none."""
        return sorted(self.commands)


@click.group(cls=_Commands, create_app=_application, add_default_commands=False)
def commands() -> None:
    """Refurb: donated computers from the donor's door to a family, and lent hardware out and back."""


@commands.command("demo")
def fill_demo() -> None:
    """Fill an empty demonstration with a believable territory, and print how to sign in; the progress goes to the other stream."""
    if not current_app.config["DEMO"]:
        click.echo(f"Service : {current_app.config['BASE_URL']}")
        return
    demo.fill(lambda text: click.echo(text, err=True))
    click.echo(demo.how_to_sign_in(current_app.config["BASE_URL"]))


@commands.command("worker", with_appcontext=False)
def run_worker() -> None:
    """Keep the promised effects (mails) until stopped; the web service does so too, unless REFURB_WORKER is false."""
    app, stop = _application(), threading.Event()
    at_work = threading.Thread(target=worker.work, args=(app, stop), name="effects")
    # Told to stop, it ends what is under way; as the first process of a container it would not hear it without this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    at_work.start()
    try:
        at_work.join()
    finally:
        stop.set()
        at_work.join()


@commands.group()
def history() -> None:
    """The history of every deed."""


@history.command("verify")
@click.option("--head", "given", multiple=True, type=click.File(encoding="utf-8"), help="A file with heads, as mailed or downloaded.")
@click.option("--register", "copy", type=click.File(encoding="utf-8"), help="A copy of the register, instead of the one at home.")
@click.option("--key", "line", help="The key that signed the heads, instead of the one at home.")
def verify_history(given: tuple[IO[str], ...], copy: IO[str] | None, line: str | None) -> None:
    """Verify every chain of events, the register beside the database, and every head; name each broken chain once, and exit 1.

    Heads that went out of the house prove what was there when they were signed, whoever has held the database since.
    """
    register = heads.register_of_instance()
    try:
        key = Key.read(line) if line else register.key()
    except BadKey as error:
        raise click.ClickException(f"no key: {error}") from error
    lines = (each.rstrip("\n") for each in copy) if copy else None
    found = list(findings(db.session(), register, key=key, given={file.name: file.read() for file in given}, copy=lines))
    for each in found:
        click.echo(each)
    if found:
        sys.exit(1)
    beside = "" if copy or register.lines.exists() else "; there is no register beside the database to hold them against"
    click.echo(f"every chain is whole{beside}")


@history.command("head")
def sign_head() -> None:
    """Register what has no line yet, sign a head over every event, and print it: give it to somebody who keeps it elsewhere."""
    note = heads.sign_up_to_now(heads.register_of_instance())
    if note is None:
        raise click.ClickException("nothing has happened yet")
    click.echo(str(note), nl=False)


@history.command("key")
def show_key() -> None:
    """Print the line with which anybody checks the heads' signatures."""
    key = heads.register_of_instance().key()
    if key is None:
        raise click.ClickException("there is no key yet: it is made with the first head (refurb history head)")
    click.echo(str(key))


@commands.group()
def papers() -> None:
    """The papers we issued."""


@papers.command("verify")
def verify_papers() -> None:
    """Recompute the sums of every stored PDF and every frozen content; name what is not as issued, and exit 1."""
    changed = list(changed_papers())
    for each in changed:
        click.echo(str(each))
    if changed:
        sys.exit(1)
    click.echo("every paper is as it was issued")


@papers.command("keys")
def show_paper_keys() -> None:
    """Print every key that ever signed the codes on papers, with its days, the oldest first."""
    for each in paper_keys().all():
        click.echo(f"{each.since} {each.until or 'now'} {each.key}")


@papers.command("rotate-key")
def rotate_paper_key() -> None:
    """Sign the codes on papers with a new key from now on, and print it; papers of before are still checked with the former one."""
    click.echo(str(paper_keys().rotate()))


@commands.group("policy")
def policies() -> None:
    """The files of config/policy."""


@policies.command("check", with_appcontext=False)  # The service does not start with a file that it cannot use.
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.pass_context
def check_policies(context: click.Context, folder: Path | None) -> None:
    """Check every policy file of FOLDER; without one, those in force and every adopted version; name each wrong line and why, and exit 1.

    Entries of a list are counted from 1.
    """
    broken = [str(error) for error in policy.faults_in(POLICIES, folder or policy.FOLDER)]
    if not broken and folder is None:
        broken = _unusable_versions(context)
    for each in broken:
        click.echo(each)
    if broken:
        sys.exit(1)
    click.echo("every policy file can be used" if folder else "every policy file and every adopted version can be used")


def _unusable_versions(context: click.Context) -> list[str]:
    """What is wrong in the versions that were adopted here, a line each."""
    with context.ensure_object(ScriptInfo).load_app().app_context():
        return [f"version {number} of {name}: {complaint}" for name, number, error in unusable_versions() for complaint in error.complaints]


_WRONG_CODE = "the code is not one of this account's, or has served already"
_NO_CODES = (
    "Its owner first makes a card (/compte/second-facteur/carte), and one of its codes serves; or proves herself with her security key "
    "(/compte/preuve), and --proved serves within ten minutes."
)
_NOT_PROVED = "nobody proved herself as this account within the last ten minutes (/compte/preuve, or a sign-in with the second factor)"


@commands.command("token")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--role", type=click.Choice([each.value for each in Role]), default=Role.STATION.value, show_default=True)
@click.option("--code", help="A code of the account's application or card; without it names are closed, where the role asks one.")
@click.option(
    "--proved",
    is_flag=True,
    help="Its owner has just proved herself in her browser (/compte/preuve, or signing in with her second factor), as with a security key.",
)
def token(email: str, name: str, role: str, code: str | None, *, proved: bool) -> None:
    """Make a token that lasts a year, acting as the account EMAIL; it is shown this once. A station's opens the agent's door only."""
    account = account_by_email(email)
    if account is None:
        raise click.ClickException("no account has this address")
    door = Door.AGENT if role == Role.STATION else Door.API
    try:
        with unit_of_work():
            if code is not None:
                prove(account, code)
            elif proved:
                need_proof_anywhere(account.id)
            proved = proved or code is not None
            secret = secret_of(make_token(SERVICE, account, name, Role(role), door, proved=proved))
    except ProofNeeded as unproved:
        raise click.ClickException(_NOT_PROVED) from unproved
    except WrongCode as wrong:
        has_codes = factors_of(account.id).types_codes
        raise click.ClickException(_WRONG_CODE if has_codes else f"the account has no codes. {_NO_CODES}") from wrong
    click.echo(secret)
    if not proved and door is Door.API and is_asked({Role(role)}):
        click.echo("names are closed to this token: --code opens them with a code of the account's application or card", err=True)
        if not factors_of(account.id).types_codes:
            click.echo(_NO_CODES, err=True)


@commands.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Take away the second factor of the account EMAIL: for an administrator who lost hers, with nobody else to ask."""
    account = account_by_email(email)
    if account is None:
        raise click.ClickException("no account has this address")
    had = bool(kinds_held([account.id]))
    with unit_of_work():
        reset_factors(SERVICE, account)
    done = "taken away" if had else "there was none to take away; open sessions, trusted browsers and links to other services are ended"
    click.echo(f"{done}; the next sign-in asks for the password alone, and names stay closed until a new one is set up")


@commands.group("targets")
def target_check() -> None:
    """What devices are worth."""


@target_check.command("recompute")
def recompute_targets() -> None:
    """Weigh again the devices that the policy in force (config/policy/targets.toml) has not weighed, a few hundred at a time."""
    last: int | None = 0
    total = 0
    while last is not None:
        with unit_of_work():
            last, count = weigh_some(last)
        total += count
    click.echo(f"{total} devices weighed")


@commands.group("counts")
def kept_counts() -> None:
    """What the database keeps counted, so that no page counts it."""


@kept_counts.command("rebuild")
def rebuild_counts() -> None:
    """Count everything afresh; the months too, when the territory's time zone changed."""
    with unit_of_work() as session:
        fill_months(session, zone())
    for count in COUNTS:
        with unit_of_work() as session:
            rebuild(session, count)
        click.echo(f"{count.name}: counted afresh")


@kept_counts.command("check")
def check_counts() -> None:
    """Compare every kept count with what the rows say; name what differs, and exit 1."""
    found = [each for count in COUNTS for each in differences(count)]
    for each in found:
        click.echo(str(each))
    same_clock = has_months_of(db.session(), zone())
    if not same_clock:
        click.echo("months: of another time zone than the settings': `refurb counts rebuild` counts by the new one")
    if found or not same_clock:
        sys.exit(1)
    click.echo("every count is what the rows say")


@commands.group("search")
def search_words() -> None:
    """The words by which devices are found, and their index."""


@search_words.command("rebuild")
def rebuild_search() -> None:
    """Write the words of every device anew, and make their index and that of people's names anew."""
    last: int | None = 0
    total = 0
    while last is not None:
        with unit_of_work():
            last, count = rebuild_words(last)
        total += count
    with unit_of_work():
        indexed = all(rebuild_index(each) for each in PIECES)
    click.echo(f"{total} devices had other words; " + ("the index is made anew" if indexed else "this database can hold no index of them"))


@search_words.command("check")
def check_search() -> None:
    """Name each device that is not found by what it says, and exit 1."""
    stale = list(stale_words())
    for code in stale:
        click.echo(f"not found by its words: {code}")
    if stale:
        sys.exit(1)
    click.echo("every device is found by its words")


@commands.command("life-cycles", with_appcontext=False)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a README is stale.")
def life_cycles(*, check: bool) -> None:
    """Draw each life cycle into the README of its room."""
    stale = diagram.refresh_all(MACHINES, PACKAGE, write=not check)
    for path in stale:
        click.echo(f"{'stale' if check else 'drawn'}: {path}")
    if check and stale:
        sys.exit(1)


@commands.command("roles")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the page is stale.")
def roles(*, check: bool) -> None:
    """Draw the tables of roles and addresses into docs/roles.md."""
    path = PACKAGE.parent / "docs" / "roles.md"
    told = path.read_text(encoding="utf-8")
    drawn = rights.refreshed(told, current_app)
    if drawn != told:
        click.echo(f"{'stale' if check else 'drawn'}: {path}")
        if check:
            sys.exit(1)
        path.write_text(drawn, encoding="utf-8")


@commands.command("tidy")
def tidy() -> None:
    """Forget what nobody needs any more (answered idempotency keys, old batches, donations proposed and lists sent, never confirmed).

    What a new release leaves to be done over again is done, too.
    """
    for what, count in worker.forget_all(current_app).items():
        click.echo(f"{count} {what} forgotten")
    compared = worker.catch_up(current_app)
    if compared:
        click.echo(f"{compared} papers compared anew with the facts")


commands.add_command(hardware)
commands.add_command(donor_list)
commands.add_command(erasure)
commands.add_command(retention)
commands.add_command(init)
for each in KEEPING:
    commands.add_command(each)


def main() -> None:
    """Run a command; a wrong setting or policy file is told in a line each on stderr, and exit 2."""
    log.stream = sys.stderr
    try:
        commands()
    except (SettingError, PolicyError) as error:
        click.echo(f"refurb: {error}", err=True)
        sys.exit(2)
