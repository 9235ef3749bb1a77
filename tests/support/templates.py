"""Templates loaded once for all the applications of a process, which would each load the same."""

from typing import Any, Final

from flask import Flask
from jinja2.bccache import Bucket

from refurb.kernel.web.compiled import Compiled
from refurb.kernel.web.templating import CONSTANT

_loaded: Final[dict[tuple[str, str], Any]] = {}


class _Shared(Compiled):
    """Keeps in memory, too, what a template's text was compiled to."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _loaded.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            _loaded[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        _loaded[bucket.key, bucket.checksum] = bucket.code
        super().dump_bytecode(bucket)


def sharing(app: Flask) -> Flask:
    """The application, with the templates of all the others."""
    app.jinja_env.bytecode_cache = _Shared(CONSTANT)
    return app
