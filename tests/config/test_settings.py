"""Settings: what is read from where, and that what is unknown, missing or malformed stops the start."""

import os
import re
import stat
from pathlib import Path

import pytest

from config.first_start import prepare_demo, remember
from config.settings import (
    CHECKOUT,
    SettingError,
    Settings,
    keep_private,
    read_settings_file,
    refuse_unfinished,
    settings_text,
    write_settings_file,
)

SECRET = "k" * 32


@pytest.fixture
def environ(tmp_path):
    return {"REFURB_HOME": str(tmp_path), "REFURB_SECRET_KEY": SECRET, "PATH": "/usr/bin"}


def test_defaults_need_only_a_secret_key(environ, tmp_path):
    settings = Settings.read(environ)

    assert settings.home == tmp_path
    assert settings.files == tmp_path / "files"
    assert settings.database_url == f"sqlite:///{tmp_path}/refurb.sqlite3"
    assert settings.on_sqlite
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.language == "fr"
    assert settings.max_upload_mib == 20
    assert not settings.demo
    assert not settings.secure_cookies


def test_the_default_address_has_the_port_that_is_listened_on(environ):
    assert Settings.read(environ | {"PORT": "8123"}).base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize("folder", ["", "backups/.."])
def test_backups_do_not_go_where_their_sweep_would_take_the_uploads(environ, tmp_path, folder):
    with pytest.raises(SettingError, match="REFURB_BACKUP_FOLDER"):
        Settings.read(environ | {"REFURB_BACKUP_FOLDER": str(tmp_path / folder)})
    (tmp_path / "files").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "files").symlink_to(tmp_path / "files")
    with pytest.raises(SettingError, match="REFURB_BACKUP_FOLDER"):
        Settings.read(environ | {"REFURB_BACKUP_FOLDER": str(tmp_path / "other")})


def test_a_relative_home_begins_at_the_checkout(environ, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.read(environ | {"REFURB_HOME": "elsewhere"}).home == CHECKOUT / "elsewhere"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg_3(environ, scheme):
    settings = Settings.read(environ | {"REFURB_DATABASE_URL": f"{scheme}://refurb@db/refurb"})

    assert settings.database_url == "postgresql+psycopg://refurb@db/refurb"
    assert not settings.on_sqlite


def test_cookies_are_secure_when_the_public_address_is(environ):
    assert Settings.read(environ | {"REFURB_BASE_URL": "https://materiel.example.org/"}).secure_cookies
    assert not Settings.read(environ | {"REFURB_BASE_URL": "https://materiel.example.org", "REFURB_SECURE_COOKIES": "false"}).secure_cookies


def test_the_file_of_the_home_folder_is_read_and_the_environment_wins(tmp_path):
    write_settings_file(tmp_path, {"REFURB_SECRET_KEY": SECRET, "REFURB_LANGUAGE": "en", "REFURB_SESSION_HOURS": "4"})

    settings = Settings.read({"REFURB_HOME": str(tmp_path), "REFURB_SESSION_HOURS": "6", "REFURB_LANGUAGE": ""})

    assert settings.secret_key == SECRET
    assert settings.language == "en"
    assert settings.session_hours == 6


def test_the_file_of_the_home_folder_is_readable_by_its_owner_only_and_never_replaced(tmp_path):
    path = write_settings_file(tmp_path / "new", {"REFURB_SECRET_KEY": SECRET})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_settings_file(tmp_path / "new", {"REFURB_SECRET_KEY": "another"})
    assert SECRET in path.read_text()


@pytest.mark.parametrize(
    "key,value",
    [
        ("REFURB_SECRETKEY", SECRET),
        ("REFURB_SECRETKEY", ""),
        ("REFURB_SECRET_KEY", "short"),
        ("REFURB_DATABASE_URL", "refurb.sqlite3"),
        ("REFURB_DATABASE_URL", "mysql://localhost/refurb"),
        ("REFURB_BASE_URL", "materiel.example.org"),
        ("REFURB_BASE_URL", "https://materiel.example.org/refurb"),
        ("REFURB_DEMO", "perhaps"),
        ("REFURB_SMTP_URL", "http://mail.example.org"),
        ("REFURB_SMTP_URL", "smtp://mail.example.org:port"),
        ("REFURB_MAIL_FROM", "nobody"),
        ("REFURB_MAIL_FROM", "no body@example.org"),
        ("REFURB_MAIL_FROM", "élodie@example.org"),
        ("REFURB_MAIL_FROM", "a@example.org,b@example.org"),
        ("REFURB_MAX_UPLOAD_MIB", "0"),
        ("REFURB_MAX_UPLOAD_MIB", "twenty"),
        ("REFURB_MAX_UPLOAD_MIB", "٢٠"),
        ("REFURB_LANGUAGE", "de"),
        ("REFURB_SECRET_KEYS_BEFORE", "short"),
        ("REFURB_BACKUP_HOUR", "24"),
        ("REFURB_BACKUP_FILES", "elsewhere"),
        ("REFURB_BACKUP_RECIPIENTS", "ssh-ed25519 AAAA"),
        ("REFURB_TIMEZONE", "Europe/Fontainebleau"),
        ("REFURB_SESSION_HOURS", "-1"),
        ("REFURB_SECURE_COOKIES", "oui"),
        ("REFURB_ARGON2_TIME", "1.5"),
        ("REFURB_ARGON2_MEMORY_KIB", "7"),
    ],
)
def test_what_is_unknown_or_malformed_is_refused_by_its_key(environ, key, value):
    with pytest.raises(SettingError, match=re.compile(rf"\A{key}: ")) as refusal:
        Settings.read(environ | {key: value})
    assert refusal.value.key == key
    assert "\n" not in str(refusal.value)


def test_a_sender_with_accents_in_the_domain_is_kept_as_it_travels(environ):
    assert Settings.read(environ | {"REFURB_MAIL_FROM": "don@médiathèque.fr"}).mail_from == "don@xn--mdiathque-53af.fr"


def test_a_missing_secret_key_is_refused_by_its_key(tmp_path):
    with pytest.raises(SettingError, match=r"\AREFURB_SECRET_KEY: is in neither"):
        Settings.read({"REFURB_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    "content,key",
    [
        ("REFURB_COLOUR=blue", "REFURB_COLOUR"),
        ("PATH=/usr/bin", "PATH"),
        ("REFURB_HOME=elsewhere", "REFURB_HOME"),
        ("REFURB_LANGUAGE=fr\nREFURB_LANGUAGE=en", "REFURB_LANGUAGE"),
        ("# a remark\n\nREFURB_LANGUAGE", "line 3"),
    ],
)
def test_a_file_with_a_line_that_means_nothing_is_refused(environ, tmp_path, content, key):
    (tmp_path / "settings.env").write_text(content)
    with pytest.raises(SettingError, match=key):
        Settings.read(environ)


def test_a_file_that_is_not_text_is_refused(environ, tmp_path):
    (tmp_path / "settings.env").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match=r"settings\.env"):
        Settings.read(environ)


def test_secrets_are_not_shown_where_settings_are(environ):
    secrets = {
        "REFURB_SMTP_URL": "smtps://user:secret-word@mail.example.org",
        "REFURB_DATABASE_URL": "postgresql://refurb:secret-word@db/refurb",
    }
    shown = repr(Settings.read(environ | secrets))

    assert SECRET not in shown
    assert "secret-word" not in shown


@pytest.mark.parametrize("there", [(), ("lost+found",)])
def test_a_first_start_makes_a_demonstration_once(tmp_path, there):
    environ = {"REFURB_HOME": str(tmp_path / "var")}
    for name in there:
        (tmp_path / "var" / name).mkdir(parents=True)

    assert prepare_demo(environ)
    first = Settings.read(environ)
    assert first.demo
    assert not prepare_demo(environ)
    assert Settings.read(environ) == first


@pytest.mark.parametrize("held", ["refurb.sqlite3", "files", "settings.env.bak"])
def test_where_data_lie_without_their_settings_nothing_is_begun(tmp_path, held):
    (tmp_path / held).mkdir()

    with pytest.raises(SettingError, match=f"settings.env.*holds {held}"):
        prepare_demo({"REFURB_HOME": str(tmp_path), "REFURB_DEMO": "true"})
    assert not (tmp_path / "settings.env").exists()


def test_the_empty_home_of_a_real_installation_is_not_new(tmp_path):
    home, known = tmp_path / "home", tmp_path / "homes"
    remember(home, known, is_real=False)
    assert not known.exists()
    for _ in range(2):
        remember(home, known, is_real=True)
    assert known.read_text(encoding="utf-8") == f"{home}\n"
    home.mkdir()

    with pytest.raises(SettingError, match="mounted"):
        prepare_demo({"REFURB_HOME": str(home)}, known)


def test_settings_of_a_real_installation_begin_no_demonstration_unless_asked(tmp_path):
    environ = {"REFURB_HOME": str(tmp_path / "var"), "REFURB_DATABASE_URL": "postgresql://localhost/refurb"}

    with pytest.raises(SettingError, match="REFURB_DATABASE_URL is set"):
        prepare_demo(environ)
    assert prepare_demo(environ | {"REFURB_DEMO": "true"})


@pytest.mark.parametrize(
    "typed,kept",
    [
        ("https://médiathèque.fr", "https://xn--mdiathque-53af.fr"),
        ("https://MÉDIATHÈQUE.fr:8443/", "https://xn--mdiathque-53af.fr:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_kept_as_it_travels(environ, typed, kept):
    assert Settings.read(environ | {"REFURB_BASE_URL": typed}).base_url == kept


@pytest.mark.parametrize(
    "typed", ["https://a b.fr", "https://x'y.fr", "https://-.fr", "https://x.fr:99999", "https://é\u200d.fr", "https://x.fr/é"]
)
def test_what_no_scanner_reads_is_no_public_address(environ, typed):
    with pytest.raises(SettingError, match="REFURB_BASE_URL"):
        Settings.read(environ | {"REFURB_BASE_URL": typed})


def test_nobody_else_reads_what_is_kept(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    database = home / "refurb.sqlite3"
    names = ["settings.env", "refurb.sqlite3", "refurb.sqlite3-wal", "refurb.sqlite3-shm", "refurb.sqlite3.before-0011", "demo.txt"]
    for name in names:
        (home / name).touch(mode=0o644)
    before = os.umask(0o022)
    try:
        keep_private(home, f"sqlite:///{database}")
        (home / "later").touch()
    finally:
        os.umask(before)
    assert {name: stat.S_IMODE((home / name).stat().st_mode) for name in names} == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE((home / "later").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_first_start_leaves_an_installation_alone(environ, tmp_path):
    assert not prepare_demo(environ)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "told,why",
    [
        ({"REFURB_OIDC_ISSUER": "https://there.example", "REFURB_OIDC_CLIENT_ID": "us"}, "REFURB_OIDC_CLIENT_SECRET: is needed"),
        ({"REFURB_OIDC_ISSUER": "https://there.example", "REFURB_OIDC_CLIENT_SECRET": "x"}, "REFURB_OIDC_CLIENT_ID: is needed"),
        ({"REFURB_OIDC_ISSUER": "http://there.example"}, "REFURB_OIDC_ISSUER: must be an https address"),
        ({"REFURB_OIDC_SCOPES": "email"}, "REFURB_OIDC_SCOPES: must name openid"),
    ],
)
def test_a_service_that_signs_people_in_is_told_whole_or_not_at_all(environ, told, why):
    with pytest.raises(SettingError, match=why):
        Settings.read(environ | told)


def test_the_example_lists_exactly_every_setting():
    lines = Path(CHECKOUT, "config/example.env").read_text(encoding="utf-8").splitlines()
    keys = [line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?REFURB_", line)]

    assert sorted(keys) == sorted(Settings.keys())


def test_the_example_is_readable_and_shows_the_defaults(environ, tmp_path):
    lines = Path(CHECKOUT, "config/example.env").read_text(encoding="utf-8").splitlines()
    shown = dict(line[1:].split("=", 1) for line in lines if line.startswith("#REFURB_"))
    samples = {"REFURB_HOME", "REFURB_SECRET_KEY", "REFURB_DATABASE_URL", "REFURB_FILES_URL", "REFURB_SMTP_URL", "REFURB_SECURE_COOKIES"}
    defaults = {key: value for key, value in shown.items() if key not in samples}

    assert Settings.read(environ | defaults) == Settings.read(environ)
    assert Settings.read(environ | {key: value for key, value in shown.items() if value} | environ)


def test_a_settings_file_says_the_same_again(environ, tmp_path):
    told = {
        "REFURB_SMTP_URL": "smtp://user:password@mail.example:587",
        "REFURB_HISTORY_KEEPERS": "a@relais.example,b@relais.example",
        "REFURB_BASE_URL": "https://relais.example",
        "REFURB_DEMO": "true",
        "REFURB_BACKUP_HOUR": "4",
    }
    settings = Settings.read(environ | told)
    (tmp_path / "settings.env").write_text(settings_text(settings), encoding="utf-8")
    assert read_settings_file(tmp_path / "settings.env") == {"REFURB_SECRET_KEY": SECRET, **told}
    assert Settings.read({"REFURB_HOME": str(tmp_path)}) == settings


def test_where_a_restore_did_not_end_nothing_starts(tmp_path):
    refuse_unfinished(tmp_path)
    (tmp_path / "restore.unfinished").touch()
    with pytest.raises(SettingError, match="refurb restore"):
        refuse_unfinished(tmp_path)
