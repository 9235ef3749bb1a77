"""How the server says what happens to it: one line of JSON each on stderr, and nothing at all of single requests."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger


class JsonLine(logging.Formatter):
    """A record as one line, with the same keys as the lines of the application."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's, which would otherwise describe each request at length and then find nobody to tell."""

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Requests are not logged: their paths hold codes and signed links."""
