"""The application of some settings: its database, its languages, and everything that the lists of `wiring` join to it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, has_request_context, session
from flask_babel import Babel, force_locale, format_date, get_translations
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule

from config.settings import Settings
from refurb import wiring
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.hands import hands
from refurb.kernel.deeds.reads import leave_own
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.sentences import read_sentences
from refurb.kernel.web.asked import CleanRequest
from refurb.kernel.web.cookies import KeptCookies
from refurb.kernel.web.guards import find_actor
from refurb.kernel.web.packing import packed_file
from refurb.kernel.web.templating import SpokenEnvironment

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_SPEECH = {
    "BABEL_DEFAULT_LOCALE": "fr",
    "BABEL_DOMAIN": "messages",
    "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).resolve().parent / "translations"),
}


class LateRule(Rule):
    """A rule that learns to write addresses when it is first asked for one: a sixth of a start went into teaching all of them."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - as Werkzeug has it
        taught = super()._compile_builder

        def learn(_rule: Rule, /, **values: Any) -> tuple[str, str]:
            learnt: Callable[..., tuple[str, str]] = taught(append_unknown).__get__(self, None)
            setattr(self, "_build_unknown" if append_unknown else "_build", learnt)
            return learnt(**values)

        return learn


class Service(Flask):
    """Flask with our templates and cookies; no view of ours is a coroutine, so none is asked at each request whether it is one."""

    jinja_environment = SpokenEnvironment
    request_class = CleanRequest
    url_rule_class = LateRule

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.session_interface = KeptCookies()

    def send_static_file(self, filename: str) -> Response:
        """A static file, packed where that makes it smaller."""
        return packed_file(str(self.static_folder), filename) or super().send_static_file(filename)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The view itself."""
        return func


class _Migrations:
    """Stands where Flask-Migrate does until a migration is asked for: Alembic weighs ten MiB, and serving never needs it."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        load_migrations(self._app)
        return getattr(self._app.extensions["migrate"], name)


def load_migrations(app: Flask) -> None:
    """Give an application what changes its tables, and the command for it."""
    from flask_migrate import Migrate  # noqa: PLC0415 - loaded where it is used

    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=False)


def _language() -> str:
    """The reader's language: chosen in this browser, else the account's, else the installation's."""
    if not has_request_context():
        return "fr"
    chosen = session.get("language")
    if chosen is None:
        actor = find_actor()
        chosen = actor.language if actor else None
    return chosen if chosen in {"fr", "en"} else "fr"


def _of_driver(settings: Settings) -> dict[str, Any]:
    """SQLite's driver keeps what it prepared on each connection, tens of kilobytes a statement; a few pages' worth is enough.

    PostgreSQL's waits for a server that is away until the network gives up; five seconds are enough.
    """
    return {"connect_args": {"cached_statements": 40} if settings.on_sqlite else {"connect_timeout": 5}}


def make_ready(app: Flask) -> None:
    """Do what the first request would do in each process, before they are made: it writes to twenty MiB of what they could share."""
    configure_mappers()
    app.url_map.update()
    with app.app_context():
        for language in app.extensions["babel"].instance.list_translations():
            with force_locale(language):
                get_translations()
                read_sentences()
                format_date(now(), rebase=False)


def speaker() -> Flask:
    """An application that only speaks, for what is said where there are no settings yet."""
    app = Flask("refurb")
    app.config.update(_SPEECH)
    Babel(app)
    return app


def create_app(settings: Settings) -> Flask:
    """The application for some settings; several may live in one process, each with its own database."""
    app = Service("refurb")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_keys_before),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A fault of the database quotes the statement, never its values: they are people's names, and faults are logged.
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_use_lifo": True,
            "pool_size": 12,
            "max_overflow": 8,
            "hide_parameters": True,
            **_of_driver(settings),
        },
        SETTINGS=settings,
        FILES=settings.files,
        FILES_URL=settings.files_url,
        HOME=settings.home,
        BASE_URL=settings.base_url,
        DEMO=settings.demo,
        SMTP_URL=settings.smtp_url,
        SMS_PRIVATE=settings.sms_private,
        MAIL_FROM=settings.mail_from,
        HISTORY_KEEPERS=settings.history_keepers,
        PAPER_CERTIFICATE=settings.paper_certificate,
        PAPER_CERTIFICATE_PASSWORD=settings.paper_certificate_password,
        TIMEZONE=settings.timezone,
        METRICS_TOKEN=settings.metrics_token,
        LOG_REQUESTS=settings.log_requests,
        MAX_UPLOAD_MIB=settings.max_upload_mib,
        MAX_CONTENT_LENGTH=settings.max_upload_mib * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        ARGON2_TIME=settings.argon2_time,
        ARGON2_MEMORY_KIB=settings.argon2_memory_kib,
        **_SPEECH,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_DAYS=settings.session_days,
        # A browser takes a name that begins so only over HTTPS, from this very host, for all of it (RFC 6265bis §4.1.3.2).
        SESSION_COOKIE_NAME="__Host-refurb" if settings.secure_cookies else "refurb",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        JSON_SORT_KEYS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    if settings.secure_cookies:  # Then a proxy holds the certificate, and says who asks and how.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # how WSGI is wrapped
    settings.home.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    app.extensions["migrate"] = _Migrations(app)
    Babel(app, locale_selector=_language)
    wiring.wire(app)
    if settings.on_sqlite:
        app.wsgi_app = _with_a_hand(app.wsgi_app)  # type: ignore[method-assign]  # how WSGI is wrapped
    return app


def _with_a_hand(answered: Callable[..., Any]) -> Callable[..., Any]:
    """Answer with one of the hands of this process."""

    def answer(*asked: Any) -> Any:
        with hands.taken():
            try:
                return answered(*asked)
            finally:
                leave_own()

    return answer
