"""Templates compiled once for all the applications of a process, which would each compile the same."""

from typing import Any, Final

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

_compiled: Final[dict[str, Any]] = {}


class _Shared(BytecodeCache):
    """Keeps what a template's text, in a reader's language, was compiled to."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        spoken = getattr(environment, "language", "")
        bucket = Bucket(environment, "\0".join((spoken, name, filename or "", source)), "")
        bucket.code = _compiled.get(bucket.key)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        _compiled[bucket.key] = bucket.code


def sharing(app: Flask) -> Flask:
    """The application, with the templates of all the others."""
    app.jinja_env.bytecode_cache = _Shared()
    return app
