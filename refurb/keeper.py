"""The commands that keep a territory's data: backup, restore, rehearsal, the upgrade with its copy, the secret key."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
from flask import Flask, has_app_context
from flask.cli import with_appcontext

from config.settings import (
    SECRET_LENGTH,
    SETTINGS_FILE,
    Settings,
    home_of,
    keep_private,
    key_of,
    read_settings_file,
    replace_settings,
    secrets_text,
)
from refurb.accounts.factors.actions import leave_old_keys
from refurb.application import create_app, load_migrations, speaker
from refurb.directory.mailing.actions import reseal_password
from refurb.directory.texting.actions import reseal_secret
from refurb.keeping.actions import note_backup
from refurb.keeping.backups import BackupOrder, make_backup, settings_of_instance
from refurb.keeping.exports import export_all
from refurb.keeping.rehearsals import rehearse
from refurb.keeping.restores import Place, restore
from refurb.keeping.runs import carry_out
from refurb.keeping.upgrades import upgrade_with_copy
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.files import take_over
from refurb.kernel.deeds.trouble import Trouble, trouble_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence

NICE = 10
"""How far a process stands behind those that answer people (nice(2))."""
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _told() -> Iterator[None]:
    """Tell a refusal, and a full disk, in a line, and exit 1."""
    try:
        yield
    except Refusal as refusal:
        with nullcontext() if has_app_context() else speaker().app_context():
            raise click.ClickException(sentence(refusal)) from refusal
    except OSError as error:
        if trouble_of(error) is not Trouble.DISK_FULL:
            raise
        raise click.ClickException("le disque est plein ; rien n'y a été laissé") from error


@click.command("backup")
@click.option("--to", "folder", type=FOLDER, help="The folder; by default that of the settings.")
@click.option("--encrypt-to", "recipients", multiple=True, metavar="AGE1…", help="A public key of age; by default those of the settings.")
@click.option("--files", type=click.Choice(["inside", "beside"]), default="inside", show_default=True, help="Where uploads and papers go.")
@with_appcontext
def backup(folder: Path | None, recipients: tuple[str, ...], files: str) -> None:
    """Make a backup while the service goes on, and print where it is: database, history, files and settings, secrets included."""
    settings = settings_of_instance()
    chosen = recipients or settings.backup_recipients
    with _told():
        made = make_backup(BackupOrder(folder or settings.backups, files=files, recipients=chosen))
        with unit_of_work():
            note_backup(SERVICE, made.name, made.stat().st_size)
    click.echo(str(made))


def _application(settings: Settings) -> Flask:
    app = create_app(settings)
    load_migrations(app)
    return app


@click.command("restore")
@click.argument("archive", type=FILE)
@click.option("--identity", type=FILE, help="The file with the secret key of an encrypted archive.")
@click.option("--files", multiple=True, type=FOLDER, help="A folder of files that are not in the archive, such as another home's.")
@click.option("--anyway", is_flag=True, help="Finish although verification names faults: for who has nothing better.")
def put_back(archive: Path, identity: Path | None, files: tuple[Path, ...], *, anyway: bool) -> None:
    """Put ARCHIVE back into the empty folder that REFURB_HOME names (and the empty database of REFURB_DATABASE_URL), and verify all of it.

    Migrations that the archive lacks are run, and what is past its term is forgotten, before the service may start.
    """
    home = home_of(os.environ)
    keep_private(home)
    with _told():
        done = restore(archive, Place(home, os.environ, _application), identity=identity, files=files, anyway=anyway)
    for each in done.findings:
        click.echo(each)
    if done.findings and not anyway:
        click.echo("not finished: these faults were in the backup. `--anyway` finishes with them", err=True)
        sys.exit(1)
    rows, held = sum(done.manifest.rows.values()), len(done.manifest.held)
    click.echo(f"restored as of {done.manifest.made_at}: {rows} rows, {held} files, verified")


@click.command("upgrade")
@click.option("--without-copy", is_flag=True, help="Migrate without a copy of before; for who has made one.")
@with_appcontext
def upgrade(*, without_copy: bool) -> None:
    """Bring the database to this release; where that changes anything, a copy of before is made, whose place is printed."""
    with _told():
        made = upgrade_with_copy(copy=not without_copy)
    if made is not None:
        click.echo(f"copy of before: {made}")


@click.command("keep", hidden=True)
@click.argument("run_id", type=int)
@with_appcontext
def keep(run_id: int) -> None:
    """Carry out a run that was asked for on the page, or by the worker, which calls this."""
    os.nice(NICE)
    carry_out(run_id, _application)


@click.command("rehearse")
@with_appcontext
def try_restoring() -> None:
    """Restore the newest backup into a temporary place, verify all of it, and take the place away; name what is wrong, and exit 1."""
    with _told():
        tried = rehearse(_application)
    for each in tried.findings:
        click.echo(each)
    if tried.findings:
        sys.exit(1)
    click.echo(f"{tried.archive}: {tried.rows} rows, {tried.files} files, verified")


@click.group("key")
def secret_key() -> None:
    """The secret key, from which the keys that sign cookies, links and forms are derived."""


def _in_file(settings: Settings) -> bool:
    keys = {key_of("secret_key"), key_of("secret_keys_before")}
    return not any(os.environ.get(each) for each in keys) and key_of("secret_key") in read_settings_file(settings.home / SETTINGS_FILE)


def _own_file() -> Settings:
    """The settings, where their secret key stands in the file of the home and not in the environment."""
    settings = Settings.read(os.environ)
    if not _in_file(settings):
        raise click.ClickException(
            f"la clé secrète est dans l'environnement : mettez-y la nouvelle, et l'ancienne en tête de {key_of('secret_keys_before')}"
        )
    return settings


@secret_key.command("rotate")
def rotate() -> None:
    """Draw a new secret key; what the older ones signed (sessions, links, forms) is still read. Then restart the service."""
    settings = _own_file()
    before = secrets_text((settings.secret_key, *settings.secret_keys_before))
    new = secrets.token_urlsafe(SECRET_LENGTH)
    replace_settings(settings.home, {key_of("secret_key"): new, key_of("secret_keys_before"): before})
    click.echo("nouvelle clé écrite ; redémarrez le service. Les liens déjà envoyés restent bons ; dans 90 jours : refurb key forget")


@secret_key.command("forget")
@click.option("--lose-cards", is_flag=True, help="Take away the cards of codes that rest on older keys: their people make a new one.")
@with_appcontext
def forget_keys(*, lose_cards: bool) -> None:
    """Forget the older secret keys: what only they signed is no longer read. Then restart the service.

    Second factors, the mail server's password and the SMS provider's secret are sealed under the key in force first.
    """
    settings = Settings.read(os.environ)
    with _told(), unit_of_work():
        lost = leave_old_keys(SERVICE, lose_cards=lose_cards)
        reseal_password()
        reseal_secret()
    if lost:
        click.echo(f"cartes de codes retirées : {lost} ; ces personnes en font une nouvelle sur leur page « Mon compte »")
    if not _in_file(settings):
        click.echo(f"la clé secrète est dans l'environnement : retirez-en {key_of('secret_keys_before')}, et redémarrez le service")
        return
    replace_settings(settings.home, {key_of("secret_keys_before"): ""})
    click.echo(f"anciennes clés oubliées : {len(settings.secret_keys_before)} ; redémarrez le service")


@click.command("export")
@click.argument("folder", type=FOLDER)
@with_appcontext
def export(folder: Path) -> None:
    """Write everything into FOLDER in open formats (CSV, JSON, files, a text in French that explains them): people's names included."""
    with _told():
        counted = export_all(folder)
    click.echo(f"{sum(counted.values())} rows of {len(counted)} tables: {folder}")


@click.group("files")
def stored_files() -> None:
    """The uploads and papers."""


@stored_files.command("take-over")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def take_files_over(folder: Path) -> None:
    """Put every file of FOLDER (the folder files/ of a home) into the storage of the settings: once, before a bucket takes its place."""
    with _told():
        count = take_over(folder)
    click.echo(f"{count} files, each held against its sum")


KEEPING = (export, stored_files, backup, put_back, try_restoring, upgrade, keep, secret_key)
