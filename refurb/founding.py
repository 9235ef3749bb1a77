"""`refurb init`: begins a real instance, by questions, flags, or a file for scripts."""

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

import click
from flask import Flask
from marshmallow import Schema

from config.settings import SECRET_LENGTH, Settings, home_of, keep_private, key_of, refuse_unfinished, write_settings_file
from refurb.accounts.actions import open_account
from refurb.application import create_app
from refurb.directory.actions import add_organisation
from refurb.directory.queries import home_organisation
from refurb.keeping.upgrades import upgrade_with_copy
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.fields import Email, Text

QUESTIONS = {
    "name": "Nom de l'organisation",
    "place": "Commune",
    "email": "Courriel de la première personne qui administre",
    "person": "Son prénom et son nom",
    "password": "Son mot de passe (12 caractères au moins)",
}


class Founding(Schema):
    """What a real instance begins with."""

    name = Text(required=True)
    place = Text(required=True, max=120)
    email = Email(required=True)
    person = Text(required=True, max=160)


def _answers_of(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> dict[str, str]:
    """The answers that a file gives; anything else in it is refused."""
    if value is None:
        return {}
    try:
        told = tomllib.loads(value.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"ce fichier ne se lit pas comme du TOML : {error}") from error
    wrong = [key for key, answer in told.items() if key not in QUESTIONS or not isinstance(answer, str)]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong)} : inconnu, ou pas un texte. Les clés sont {', '.join(QUESTIONS)}.")
    return told


@click.command("init")
@click.option(
    "--file",
    "answers",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    callback=_answers_of,
    help="A TOML file with name, place, email, person and password; what it does not say is asked, and a flag wins.",
)
@click.option("--name", help="The territory's name, as papers print it.")
@click.option("--place", help="Where it is.")
@click.option("--email", help="The address of the first person who administers.")
@click.option("--person", help="Her name.")
@click.option("--password", help="Her password; better asked, or in a file, than on a line that others can read.")
def init(answers: dict[str, str], **flags: str | None) -> None:
    """Begin a real instance: secrets, database, the organisation and its first administrator; what is not told is asked."""
    told = answers | {key: value for key, value in flags.items() if value is not None}
    told |= {key: _asked(key) for key in QUESTIONS if key not in told}
    app = _prepared()
    with app.app_context():
        upgrade_with_copy()
        if home_organisation() is not None:
            raise click.ClickException("cette installation a déjà commencé ; rien n'a été changé")
        address = _found(told, told.pop("password"))
    click.echo(f"Prêt. Démarrez le service, puis connectez-vous avec {address}.")
    click.echo(f"La liste du premier jour vous y attend : {app.config['BASE_URL']}/mise-en-route")


def _asked(key: str) -> str:
    is_secret = key == "password"
    return str(click.prompt(QUESTIONS[key], hide_input=is_secret, confirmation_prompt=is_secret))


def _prepared() -> Flask:
    home = home_of(os.environ)
    refuse_unfinished(home)
    keep_private(home)
    if not os.environ.get(key_of("secret_key")) and not (home / "settings.env").exists():
        write_settings_file(home, {key_of("secret_key"): secrets.token_urlsafe(SECRET_LENGTH)})
    app = create_app(Settings.read(os.environ))
    if app.config["DEMO"]:
        raise click.ClickException("cette installation est une démonstration ; choisissez un autre dossier par REFURB_HOME")
    return app


def _found(told: dict[str, Any], password: str) -> str:
    """Enter the organisation and its administrator, both or neither; the administrator's address."""
    try:
        facts = load(Founding, told)
        with unit_of_work():
            add_organisation(SERVICE, name=facts["name"], place=facts["place"], is_home=True)
            open_account(SERVICE, email=facts["email"], name=facts["person"], grants=[Grant(Role.ADMIN)], password=password)
    except Invalid as refusal:
        faults = [f"{field} : {sentence(fault)}" for field, each in refusal.fields.items() for fault in each]
        raise click.ClickException("\n".join(faults)) from refusal
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal)) from refusal
    return str(facts["email"])
