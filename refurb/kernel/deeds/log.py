"""What the service says of itself: one line of JSON for each thing that happens, with ids and names of things, never of people."""

import json
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO


class Log:
    """Writes to standard output, where a service's lines belong; a command, whose output is its answer, has them on standard error."""

    stream: TextIO | None = None
    """Where it writes, if not to standard output."""

    def info(self, event: str, **facts: Any) -> None:
        """Something happened as it should."""
        self._say("info", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Something did not, and is tried again."""
        self._say("warning", event, facts)

    def error(self, event: str, *, exc_info: BaseException | None = None, **facts: Any) -> None:
        """Something failed; with `exc_info`, the line bears its traceback."""
        if exc_info is not None:
            facts["exception"] = "".join(traceback.format_exception(exc_info)).rstrip()
        self._say("error", event, facts)

    def _say(self, level: str, event: str, facts: dict[str, Any]) -> None:
        instant = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        line = json.dumps({**facts, "event": event, "level": level, "timestamp": instant}, ensure_ascii=False, default=repr)
        # One call for each line, so that those of several threads stay whole.
        print(line + "\n", end="", file=self.stream or sys.stdout, flush=True)


log = Log()
