"""Reads what nvme-cli says of an erasure: `sanitize-log` (text and JSON of every version) and `format`, with the drive's identity beside.

None of them names the drive or the day: `id-ctrl` or `list` of the same drive in the same text gives the one, a line that
states the end (see `bundle`) the other. What is missing is said.

Levels (NIST SP 800-88 Rev. 2, which refers to IEEE 2883-2022): the Sanitize command is Purge, whichever action; Format NVM with
a user data erase is Clear, since it may leave what was deallocated; with a cryptographic erase it is Purge; without either
(`--ses=0`) it erases nothing that can be proven.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice, pairwise
from typing import Any

from refurb.inventory.readers import json_text, numbers
from refurb.inventory.readers.erasure.nvme_identity import Identity, identities, identities_in_text
from refurb.inventory.readers.erasure.stated import stated_end
from refurb.inventory.readers.erasure.told_apart import twice
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts, Level, Outcome, ReportWarning, warning

TOOL = "nvme-cli"

_ACTIONS = {2: "Sanitize, block erase", 3: "Sanitize, overwrite", 4: "Sanitize, crypto erase"}
_OUTCOMES: dict[int, Outcome] = {1: "success", 3: "failed", 4: "success"}
_NEVER, _RUNNING = 0, 2
_OVERWRITE = 3
_FORMAT_LEVELS: dict[int | None, Level | None] = {None: None, 0: None, 1: "clear", 2: "purge"}
_MOST = 200
_MOST_FAULTS = 10

_HEAD = 65_536
_IS_TEXT = re.compile(
    r"^\s*Sanitize (?:Progress|Status)\s+\((?:SPROG|SSTAT)\)|^Success formatting namespace|NVME Identify Controller|\"sstat\""
    r"|\bnvme +(?:format|sanitize)\b|^You are about to format nvme|^Sending format operation",
    re.MULTILINE,
)
_LINE = re.compile(r"^\s*[^:\n]{0,60}\((SPROG|SSTAT|SCDW10)\)\s*:\s*(0x[0-9a-fA-F]{1,8}|\d{1,10})\s*$", re.MULTILINE)
# Bit 8 of SSTAT in words: `[8] Global Data Erased cleared: …` up to nvme-cli 2, `[8:8] : Global Data Erased : 0x1` since.
_ERASED_BIT = re.compile(r"\bGlobal Data Erased\b[\s:=]{0,40}(not set|set|cleared|(?:0x)?[01]\b|true|false|yes|no\b)", re.IGNORECASE)
_SET = frozenset({"set", "1", "0x1", "true", "yes"})
_FORMAT = re.compile(
    r"\bnvme\s+(format|sanitize)\b(?![-\w])([^\n]{0,300})|^You are about to format (nvme\d{1,4})|^(Success formatting namespace)"
    r"|^(NVMe status: [^\n]{0,100}|(?:format|sanitize)(?:-nvm)?: [^\n]{0,100}|[Ff]ailed to (?:format|sanitize)[^\n]{0,100})",
    re.MULTILINE | re.IGNORECASE,
)
_SES = re.compile(r"(?:--ses|-s)[ =]*(?:0x)?(\d)")
_DEVICE = re.compile(r"/dev/(nvme\d{1,4})")
_COMMAND = re.compile(r"\bnvme\s+(?:sanitize-log|log\s+sanitize|sanitize|id-ctrl)\b[^\n]{0,200}?/dev/(nvme\d{1,4})")


@dataclass(slots=True)
class _Log:
    """One sanitize log; `erased` is bit 8 of SSTAT, None where the version does not show it."""

    name: str | None
    status: int
    progress: int | None
    action: int
    passes: int
    erased: bool | None


@dataclass(slots=True)
class _Format:
    """One command that was given: `nvme format` with its settings, or an `nvme sanitize` that was refused."""

    name: str | None
    settings: int | None
    outcome: Outcome
    is_sanitize: bool = False


@dataclass(slots=True)
class _Found:
    logs: list[_Log] = field(default_factory=list)
    formats: list[_Format] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)


def is_nvme(text: str) -> bool:
    """Whether a text that is not JSON throughout comes from nvme-cli."""
    return _IS_TEXT.search(text[:_HEAD]) is not None


def is_nvme_json(document: Any) -> bool:
    """Whether a parsed document is a sanitize log, or names controllers."""
    return isinstance(document, dict) and (bool(list(_logs(document))) or bool(list(identities(document))))


def read(text: str) -> ErasureReportFacts:
    """The erasures told of; raises Unreadable (`report.no_erasure`) when there are identities alone."""
    found = _gather(text)
    end = stated_end(text)
    erasures = [_named_once(_sanitized(log, _of(log.name, found), end), found) for log in found.logs]
    erasures += [_named_once(_formatted(each, _of(each.name, found), end), found) for each in found.formats]
    if not erasures:
        raise Unreadable("report.no_erasure")
    return ErasureReportFacts(tool=TOOL, tool_version=None, host=None, erasures=tuple(_consistent(erasures)))


def _named_once(erasure: ErasureFacts, found: _Found) -> ErasureFacts:
    """The erasure, doubted where another controller of the same text bears its serial number too."""
    bearers = {each.name for each in found.identities if each.serial == erasure.serial and each.name is not None}
    return twice(erasure, erasure.serial) if erasure.serial and len(bearers) > 1 else erasure


def _consistent(erasures: Sequence[ErasureFacts]) -> Iterator[ErasureFacts]:
    """The erasures, the successes of a drive doubted of which the same files also tell a failure or later writing: none has a date."""
    denied = {each.serial for each in erasures if each.outcome == "failed" or each.doubt == "erasure.written_since"}
    for each in erasures:
        if each.outcome == "success" and each.doubt is None and each.serial in denied:
            yield replace(
                each,
                outcome="unknown",
                verification="none",
                doubt="erasure.contradicted",
                warnings=(*each.warnings, warning("erasure.contradicted", serial=each.serial)),
            )
        else:
            yield each


def _gather(text: str) -> _Found:
    found = _Found()
    for piece in _pieces(text):
        if isinstance(piece, str):
            found.logs += _logs_in_text(piece)
            found.formats += _formats_in_text(piece)
            found.identities += identities_in_text(piece)
        else:
            found.logs += _logs(piece)
            found.identities += identities(piece)
    del found.logs[_MOST:], found.formats[_MOST:], found.identities[_MOST:]
    return found


def _pieces(text: str) -> Iterator[str | dict[str, Any]]:
    """The text in order: objects of JSON that begin a line, and what stands between them."""
    between = faults = 0
    for start in islice(re.finditer(r"^\{", text, re.MULTILINE), _MOST):
        if start.start() < between:
            continue
        line_ends = text.find("\n", start.start())
        stop = text.find("\n}", start.start()) + 2
        if text[start.start() : line_ends].rstrip().endswith("}"):
            stop = line_ends
        piece = text[start.start() : stop if stop > 1 else len(text)]
        try:
            documents = json_text.documents(piece)
        except Unreadable:
            faults += 1
            if faults > _MOST_FAULTS or not text[: start.start()].strip():
                raise
            continue
        yield text[between : start.start()]
        between = start.start() + len(piece)
        yield from (each for each in documents if isinstance(each, dict))
    yield text[between:]


def _of(name: str | None, found: _Found) -> Identity | None:
    """The drive that a log is about: the one of its name, or the only one where either has no name."""
    named = [each for each in found.identities if each.name is not None and each.name == name]
    sources = len(found.logs) + len(found.formats)
    serials = {each.serial for each in found.identities}
    if named:
        return named[0] if len({each.serial for each in named}) == 1 else None
    if len(serials) != 1 or sources > 1:
        return None
    only = found.identities[0]
    return only if only.name is None or name is None else None


# --- sanitize-log ------------------------------------------------------------------------------------------------------


def _logs(document: dict[str, Any]) -> Iterator[_Log]:
    for name, log in list(document.items())[:_MOST]:
        state = log.get("sstat") if isinstance(log, dict) else None
        if not isinstance(log, dict) or not isinstance(state, dict | int):
            continue
        if isinstance(state, int):
            yield _from_bits(_name(name), state, numbers.whole(log.get("sprog")), numbers.whole(log.get("cdw10_info")) or 0)
            continue
        code = re.match(r"\((\d)\)", str(state.get("status", ""))[:20])
        erased = state.get("global_erased", state.get("global_data_erased"))
        yield _Log(
            _name(name),
            int(code.group(1)) if code else -1,
            numbers.whole(log.get("sprog")),
            (numbers.whole(log.get("cdw10_info")) or 0) & 7,
            numbers.whole(state.get("no_cmplted_passes")) or 0,
            str(erased).casefold() in _SET if isinstance(erased, int | str) else None,
        )


def _name(key: str) -> str | None:
    found = re.match(r"(?:/dev/)?(nvme\d{1,4})", key)
    return found.group(1) if found else None


def _logs_in_text(text: str) -> Iterator[_Log]:
    values: dict[str, int] = {}
    begins = 0
    lines = list(islice(_LINE.finditer(text), 3 * _MOST))
    commands = list(islice(_COMMAND.finditer(text), _MOST))
    for line, following in pairwise([*lines, None]):
        if line is None:
            break
        if not values:
            begins = line.start()
        values[line.group(1)] = int(line.group(2), 0)
        if "SSTAT" in values and (following is None or following.group(1) in values):
            ends = following.start() if following else len(text)
            before = [command.group(1) for command in commands if command.start() < begins]
            shown = _ERASED_BIT.search(text, begins, ends)
            yield _from_bits(before[-1] if before else None, values["SSTAT"], values.get("SPROG"), values.get("SCDW10", 0), shown)
            values = {}


def _from_bits(name: str | None, state: int, progress: int | None, action: int, shown: re.Match[str] | None = None) -> _Log:
    """SSTAT as NVM Express defines it; nvme-cli 2 shows its three lowest bits only, so that a clear bit 8 says nothing."""
    erased = True if state & 0x100 else None
    # Where the number and its words disagree, the worse is believed.
    if shown is not None and shown.group(1).casefold() not in _SET:
        erased = False
    elif shown is not None:
        erased = True
    return _Log(name, state & 7, progress, action & 7, state >> 3 & 31, erased)


def _sanitized(log: _Log, drive: Identity | None, end: datetime | None) -> ErasureFacts:
    outcome = _OUTCOMES.get(log.status, "unknown")
    done = log.status != _NEVER
    method = _ACTIONS.get(log.action) if done else None
    doubt = None
    if outcome == "success" and log.erased is not True:
        doubt = "erasure.written_since" if log.erased is False else "erasure.written_since_unknown"
    vouched = outcome == "success" and log.erased is not False
    end = end if outcome == "success" else None
    outcome = "unknown" if doubt == "erasure.written_since" else outcome
    return ErasureFacts(
        serial=drive.serial if drive else None,
        model=drive.model if drive else None,
        size_bytes=drive.size_bytes if drive else None,
        medium="nvme",
        method=method,
        level="purge" if method else None,
        rounds=(max(log.passes, 1) if log.action == _OVERWRITE else 1) if method else None,
        # What the firmware erased cannot be read back: the controller's own status is the check, as long as nothing was written since.
        verification="device" if vouched else "none",
        started_at=None,
        ended_at=end,
        outcome=outcome,
        errors=int(outcome == "failed"),
        bytes_erased=drive.size_bytes if drive and outcome == "success" else None,
        tool=TOOL,
        tool_version=None,
        doubt=doubt,
        warnings=tuple(_reserves(log, drive)),
    )


def _reserves(log: _Log, drive: Identity | None) -> Iterator[ReportWarning]:
    serial = drive.serial if drive else None
    if drive is None:
        yield warning("erasure.needs_identity", device=log.name)
    if log.status == _NEVER:
        # One version of the library printed every log as zeros; a drive that was never sanitized shows a progress of 65535.
        yield warning("erasure.log_is_zeros" if log.progress == 0 else "erasure.never_done", serial=serial)
    elif log.status == _RUNNING:
        yield warning("erasure.still_running", serial=serial, percent=round((log.progress or 0) / 655.36))
    elif log.status in _OUTCOMES and _OUTCOMES[log.status] == "success":
        if log.erased is False:
            yield warning("erasure.written_since", serial=serial)
        elif log.erased is None:
            yield warning("erasure.written_since_unknown", serial=serial)


# --- format ------------------------------------------------------------------------------------------------------------


def _formats_in_text(text: str) -> Iterator[_Format]:
    """Each `nvme format` with what came of it; the settings stand in the command alone, if the command was kept."""
    waiting: _Format | None = None
    for line in islice(_FORMAT.finditer(text), 3 * _MOST):
        command, options, asked, success, failure = line.groups()
        if command is not None:
            if waiting and not waiting.is_sanitize:
                yield waiting
            device, settings = _DEVICE.search(options), _SES.search(options)
            is_sanitize = command.casefold() == "sanitize"
            waiting = _Format(device.group(1) if device else None, int(settings.group(1)) if settings else 0, "unknown", is_sanitize)
        elif asked is not None:
            # What it asks before it begins; the command itself may not have been kept.
            waiting = waiting or _Format(asked.casefold(), None, "unknown")
        elif success:
            done = waiting or _Format(None, None, "unknown")
            done.outcome = "success"
            yield done
            waiting = None
        elif failure and waiting:
            waiting.outcome = "failed"
            yield waiting
            waiting = None
    # A sanitize command that was taken says nothing: its log does.
    if waiting and not waiting.is_sanitize:
        yield waiting


def _formatted(done: _Format, drive: Identity | None, end: datetime | None) -> ErasureFacts:
    level = _FORMAT_LEVELS.get(done.settings)
    method = f"Format NVM, ses={done.settings}" if done.settings is not None else "Format NVM"
    success = done.outcome == "success"
    serial = drive.serial if drive else None
    reserves = [warning("erasure.needs_identity", device=done.name)] if drive is None else []
    if done.is_sanitize:
        level, method = None, "Sanitize"
    elif done.settings is None:
        reserves.append(warning("erasure.format_unknown", serial=serial))
    elif level is None:
        reserves.append(warning("erasure.format_erases_nothing", serial=serial))
    return ErasureFacts(
        serial=serial,
        model=drive.model if drive else None,
        size_bytes=drive.size_bytes if drive else None,
        medium="nvme",
        method=method,
        level=level,
        rounds=1,
        verification="device" if success and level else "none",
        started_at=None,
        ended_at=end if success else None,
        outcome=done.outcome,
        errors=int(done.outcome == "failed"),
        # One namespace: on nearly every drive the whole of it, and never more than it.
        bytes_erased=drive.size_bytes if drive and success else None,
        tool=TOOL,
        tool_version=None,
        warnings=tuple(reserves),
    )
