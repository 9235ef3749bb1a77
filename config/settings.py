"""Every setting of an installation: its name, type, default and purpose, read once when the service starts."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit
from zoneinfo import available_timezones

import idna
from email_validator import EmailNotValidError, validate_email

PREFIX: Final = "REFURB_"
CHECKOUT: Final = Path(__file__).resolve().parent.parent
SETTINGS_FILE: Final = "settings.env"
UNFINISHED: Final = "restore.unfinished"
"""In a home folder: a restore began here and has not ended."""
SECRET_LENGTH: Final = 32
"""Characters; the shortest secret key that is accepted."""

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9a-fA-F:.]+)\Z")

Language = Literal["fr", "en"]


class SettingError(Exception):
    """A setting is unknown, missing or malformed; the message names its key and never repeats a secret."""

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(f"{key}: {reason}")


def _path(value: str) -> Path:
    path = Path(value).expanduser()
    return path if path.is_absolute() else CHECKOUT / path


def _database_url(value: str) -> str:
    """The address for SQLAlchemy: PostgreSQL is always reached through psycopg 3."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        raise ValueError("must be an address such as postgresql://user@host/name or sqlite:////folder/file.sqlite3")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return value
    raise ValueError("must begin with postgresql:// or sqlite://")


def _secret(value: str) -> str:
    if len(value) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} characters")
    return value


def _secrets(value: str) -> tuple[str, ...]:
    return tuple(_secret(unquote(each.strip())) for each in value.split(",") if each.strip())


def secrets_text(keys: Iterable[str]) -> str:
    """Secret keys as `REFURB_SECRET_KEYS_BEFORE` takes them: apart by commas, so percent-encoded."""
    return ",".join(quote(each, safe="") for each in keys)


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a bare address: no path, no question mark, no password")
    try:
        host = parts.hostname if parts.hostname.isascii() else idna.encode(parts.hostname, uts46=True).decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (idna.IDNAError, ValueError):
        raise ValueError("must name a host that can be spelt in plain letters (xn--…), and a port from 1 to 65535") from None
    if not _HOST.match(host):
        raise ValueError("must name a host of letters, digits, dots and hyphens")
    # As it travels and as every scanner reads it: a QR code holds no accents.
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _listen(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError("must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::") from None


def _files_url(value: str) -> str:
    parts = urlsplit(value)
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme != "s3" or not parts.hostname:
        raise ValueError("must be s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…")
    if parts.username and not parts.password:
        raise ValueError("has a key without its secret")
    if unknown := sorted(asked.keys() - {"endpoint", "region"}):
        raise ValueError(f"knows endpoint and region, not {unknown[0]}")
    if find_spec("obstore") is None:
        raise ValueError("needs the package obstore: uv pip install --requirement config/requirements/s3.txt")
    return value


def _certificate(value: str) -> Path:
    if find_spec("pyhanko") is None:
        raise ValueError("needs the package pyhanko: uv pip install --requirement config/requirements/pades.txt")
    return _path(value)


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    is_near = parts.hostname in {"localhost", "127.0.0.1"}
    if not parts.hostname or parts.scheme not in ({"http", "https"} if is_near else {"https"}) or parts.query or parts.fragment:
        raise ValueError("must be an https address without question mark")
    return value


def _scopes(value: str) -> str:
    if "openid" not in value.split():
        raise ValueError("must name openid, then others, apart by blanks")
    return value


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def _smtp_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp://, smtp+starttls:// or smtps://, then user:password@ if needed, host and port")
    _ = parts.port  # raises on a port that is not one
    return value


def _mailbox(value: str) -> str:
    if value == "refurb@localhost":  # The machine's own name may do for a sender; the library holds it for reserved.
        return value
    try:
        # As it travels: servers that keep to the letter take no domain with accents.
        read = validate_email(value, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError("must be an e-mail address, without accents before the @") from None
    return read.ascii_email or value


def _mailboxes(value: str) -> tuple[str, ...]:
    return tuple(_mailbox(each.strip()) for each in value.split(",") if each.strip())


def _yes_or_no(value: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in answers:
        raise ValueError("must be true or false")
    return answers[value.lower()]


def _language(value: str) -> Language:
    languages: dict[str, Language] = {"fr": "fr", "en": "en"}
    if value not in languages:
        raise ValueError("must be fr or en")
    return languages[value]


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a time zone's name such as Europe/Paris")
    return value


def _where_files_go(value: str) -> str:
    if value not in {"inside", "beside"}:
        raise ValueError("must be inside or beside")
    return value


def _recipients(value: str) -> tuple[str, ...]:
    keys = tuple(each.strip() for each in value.split(",") if each.strip())
    if not all(re.fullmatch("age1[02-9ac-hj-np-z]{58}", each) for each in keys):
        raise ValueError("must be public keys of age, which begin with age1, apart by commas")
    return keys


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(value)

    return read


def _setting(read: Callable[[str], Any], default: Any = MISSING, *, shown: bool = True) -> Any:
    """A field read from its text by `read`, which raises `ValueError` with the reason; a secret is not `shown`."""
    if default is MISSING:
        return field(repr=shown, metadata={"read": read})
    return field(default=default, repr=shown, metadata={"read": read})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation; field `name` is read from key `REFURB_NAME`."""

    home: Path
    """Folder of everything that must be backed up; `refurb backup` does, since a copy of the SQLite file lacks what its log holds."""

    database_url: str = _setting(_database_url, shown=False)
    """SQLAlchemy address; the default is `refurb.sqlite3` in `home`."""

    files_url: str | None = _setting(_files_url, None, shown=False)
    """Bucket of uploads and issued papers, `s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…`; without it, `files` in `home`."""

    secret_key: str = _setting(_secret, shown=False)
    """The keys that sign sessions and links are derived from it; 32 characters or more, no default."""

    secret_keys_before: tuple[str, ...] = _setting(_secrets, (), shown=False)
    """Older secret keys, the newest first, percent-encoded, apart by commas: what they signed is read. `refurb key rotate` keeps them."""

    base_url: str = _setting(_base_url)
    """Public address without a final slash, printed in QR codes and mails; default http://127.0.0.1:PORT."""

    listen: str = _setting(_listen, "127.0.0.1")
    """Address of this machine on which the service listens, at the port PORT; 0.0.0.0 in a container, with a proxy before it."""

    demo: bool = _setting(_yes_or_no, default=False)
    """Whether this is a demonstration with invented people, which every page then says."""

    smtp_url: str | None = _setting(_smtp_url, None, shown=False)
    """Mail server; without it mails wait in the outbox and nothing is sent."""

    sms_private: bool = _setting(_yes_or_no, default=False)
    """Whether an SMS provider may stand at a private address, or answer without https: a gateway of your own network."""

    mail_from: str = _setting(_mailbox, "refurb@localhost")
    """Sender of every mail."""

    history_keepers: tuple[str, ...] = _setting(_mailboxes, ())
    """Who gets the newest signed head of the history once a day, by e-mail; addresses apart by commas."""

    paper_certificate: Path | None = _setting(_certificate, None)
    """File (PKCS#12) with the organisation's certificate and key, with which papers are signed (PAdES); without it they bear their code."""

    paper_certificate_password: str = _setting(str, "", shown=False)
    """What opens that file."""

    max_upload_mib: int = _setting(_whole(1, 1024), 20)
    """Largest request body, in MiB; a bigger one is answered 413."""

    language: Language = _setting(_language, "fr")
    """Language of people who have not chosen one, and of papers."""

    timezone: str = _setting(_timezone, "Europe/Paris")
    """Zone of the territory's wall clocks (IANA name, such as Indian/Reunion)."""

    session_hours: int = _setting(_whole(1, 24 * 30), 10)
    """Hours after which a person who does nothing is signed out."""

    session_days: int = _setting(_whole(1, 90), 7)
    """Days after which everybody signs in again, whatever they do meanwhile."""

    secure_cookies: bool = _setting(_yes_or_no)
    """Whether cookies travel over HTTPS only; by default, when `base_url` begins with https."""

    backup_folder: Path | None = _setting(_path, None)
    """Folder of the backups; without it, `backups` in `home`. Another disk is better."""

    backup_hour: int = _setting(_whole(0, 23), 2)
    """Hour of the territory's clock from which the worker makes the day's backup."""

    backup_keep: int = _setting(_whole(1, 400), 7)
    """How many of the worker's backups are kept; the oldest go."""

    backup_files: Literal["inside", "beside"] = _setting(_where_files_go, "inside")
    """Whether uploads and papers go into each of the worker's backups, or once into the folder `files` beside them."""

    backup_recipients: tuple[str, ...] = _setting(_recipients, ())
    """Public keys (`age1…`) to which backups are encrypted, apart by commas; the secret key stays away from the server."""

    worker: bool = _setting(_yes_or_no, default=True)
    """Whether the web service keeps what was promised (letters, papers, backups); false where `refurb worker` does."""

    metrics_token: str | None = _setting(_secret, None, shown=False)
    """What Prometheus sends as its bearer token for `/metrics`; without it there is no such page."""

    log_requests: bool = _setting(_yes_or_no, default=False)
    """Whether each request leaves a line in the log: its page, method, status and time, never its address nor who asked."""

    oidc_issuer: str | None = _setting(_issuer, None)
    """Another service that signs people in (OpenID Connect): its issuer, letter by letter as it says itself."""

    oidc_client_id: str = _setting(str, "")
    """What the service knows us as; needed with `oidc_issuer`."""

    oidc_client_secret: str = _setting(str, "", shown=False)
    """What proves to it that it is us; needed with `oidc_issuer`."""

    oidc_name: str = _setting(str, "")
    """How the button on the sign-in page calls it; without it, its host."""

    oidc_scopes: str = _setting(_scopes, "openid email profile")
    """What is asked of it; ProConnect: openid email given_name usual_name."""

    oidc_vouches: bool = _setting(_yes_or_no, default=False)
    """Whether an address of which it does not say `email_verified` counts as verified: only where it lets in nobody else's."""

    oidc_proving: tuple[str, ...] = _setting(_words, ())
    """Its `acr` values that say that somebody proved herself twice there, apart by blanks; these are asked for, and open names."""

    argon2_time: int = _setting(_whole(1, 100), 3)
    """Argon2 passes over memory; RFC 9106 §4 recommends 3 with 64 MiB."""

    argon2_memory_kib: int = _setting(_whole(8, 4 * 1024 * 1024), 64 * 1024)
    """Argon2 memory for one hash, in KiB."""

    @property
    def files(self) -> Path:
        """Folder of uploads and issued papers, where there is no bucket."""
        return self.home / "files"

    @property
    def backups(self) -> Path:
        """Folder of the backups."""
        return self.backup_folder or self.home / "backups"

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is one file, which one process writes."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def keys(cls) -> frozenset[str]:
        """Every key that may be set, such as `REFURB_HOME`."""
        return frozenset(key_of(each.name) for each in fields(cls))

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read from `environ` and, under it, the file `settings.env` of the home folder.

        A variable set to nothing counts as not set. Raises `SettingError` for the first key that is unknown, malformed
        or missing.
        """
        home = home_of(environ)
        ours = {key: value.strip() for key, value in environ.items() if key.startswith(PREFIX)}
        stored = read_settings_file(home / SETTINGS_FILE)
        for key in sorted((stored.keys() | ours.keys()) - cls.keys()):
            raise SettingError(key, "there is no such setting")
        given = stored | {key: value for key, value in ours.items() if value}
        values: dict[str, Any] = {"home": home}
        for each in fields(cls):
            text = given.get(key_of(each.name), "")
            if text and each.name not in values:
                values[each.name] = _value(each.name, text, each.metadata["read"])
        values.setdefault("database_url", f"sqlite:///{home / 'refurb.sqlite3'}")
        values.setdefault("base_url", f"http://127.0.0.1:{environ.get('PORT') or 8000}")
        values.setdefault("secure_cookies", values["base_url"].startswith("https://"))
        for each in fields(cls):
            if each.default is MISSING and each.name not in values:
                raise SettingError(key_of(each.name), f"is in neither the environment nor {home / SETTINGS_FILE}")
        read = cls(**values)
        _refuse_live_files(read)
        _refuse_half_an_issuer(read)
        return read


def _refuse_live_files(settings: Settings) -> None:
    """Backups sweep the folder `files` of theirs: it may not be the one of the uploads. Raises `SettingError`."""
    if (settings.backups / "files").resolve() == settings.files.resolve() or settings.backups.resolve() == settings.home.resolve():
        raise SettingError(key_of("backup_folder"), "must not be the home folder: what is swept there would be the uploads")


def _refuse_half_an_issuer(settings: Settings) -> None:
    """A service that signs people in knows us by a name and a secret. Raises `SettingError`."""
    for name in ("oidc_client_id", "oidc_client_secret"):
        if settings.oidc_issuer and not getattr(settings, name):
            raise SettingError(key_of(name), "is needed with REFURB_OIDC_ISSUER")


def settings_text(settings: Settings) -> str:
    """The lines of a settings file that says the same: every value that is not the default, the secrets included."""
    usual = {
        "home": settings.home,
        "database_url": f"sqlite:///{settings.home / 'refurb.sqlite3'}",
        "secure_cookies": settings.base_url.startswith("https://"),
    }
    lines = []
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if value != usual.get(each.name, each.default) and not (each.name == "base_url" and value.startswith("http://127.0.0.1:")):
            text = secrets_text(value) if each.name == "secret_keys_before" else _as_text(value)
            lines.append(f"{key_of(each.name)}={text}\n")
    return "".join(lines)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def keep_private(home: Path, database_url: str = "") -> None:
    """Let nobody but this service's own account read what it keeps: what it makes from now on, and what stands there already.

    Files of another account are left to it.
    """
    os.umask(0o077)
    database = Path(database_url.removeprefix("sqlite:///").partition("?")[0]) if database_url.startswith("sqlite:///") else None
    beside = list(database.parent.glob(f"{database.name}*")) if database else []
    for path in {home / SETTINGS_FILE, *home.glob("*.sqlite3*"), *home.glob("*.txt"), *beside, home / "files", home / "backups", home}:
        with suppress(OSError):
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(mode & ~0o077)


def refuse_unfinished(home: Path) -> None:
    """Raise `SettingError` where a restore has not ended: what stands there is not whole, and nothing may be written to it."""
    if (home / UNFINISHED).exists():
        raise SettingError(str(home), "a restore did not end here: run `refurb restore` again, it begins anew")


def key_of(name: str) -> str:
    """The environment's key of the field `name`."""
    return PREFIX + name.upper()


def home_of(environ: Mapping[str, str]) -> Path:
    """The home folder that `environ` names; a relative one begins at the checkout, whatever the working directory."""
    return _path(environ.get(key_of("home"), "").strip() or "var")


def _value(name: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise SettingError(key_of(name), str(error)) from error


def read_settings_file(path: Path) -> dict[str, str]:
    """The `KEY=VALUE` lines of a settings file; none when there is no file. Blank lines and `#` lines are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(str(path), f"cannot be read ({type(error).__name__})") from error
    return read_settings_text("\n".join(lines), path)


def read_settings_text(text: str, path: Path = Path(SETTINGS_FILE)) -> dict[str, str]:
    """The `KEY=VALUE` lines of a text; `path` is named in faults."""
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, separator, value = line.partition("=")
        if not separator:
            raise SettingError(f"{path}, line {number}", "must read KEY=VALUE")
        if key.strip() in values:
            raise SettingError(key.strip(), f"stands twice in {path}")
        if key.strip() == key_of("home"):
            raise SettingError(key.strip(), f"belongs in the environment: it says where {path.name} is")
        values[key.strip()] = value.strip()
    return values


def replace_settings(home: Path, changes: Mapping[str, str]) -> None:
    """Change some lines of `settings.env`, whole or not at all; an empty value takes the line away. Other lines stay as they are."""
    path = home / SETTINGS_FILE
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line.partition("=")[0].strip() not in changes]
    lines = [*kept, *(f"{key}={value}" for key, value in changes.items() if value)]
    draft = path.with_name(f".{SETTINGS_FILE}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def write_settings_file(home: Path, values: Mapping[str, str]) -> Path:
    """Write `settings.env` in `home`, readable by its owner only; `values` maps keys to texts.

    Raises `FileExistsError` rather than replace a file, because its secret key cannot be made again.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / SETTINGS_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in values.items())
    return path
