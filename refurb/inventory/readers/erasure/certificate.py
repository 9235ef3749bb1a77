"""Reads nwipe's PDF certificates (0.35 and after): one for a drive, or one for a machine with all of its drives."""

import re
from collections.abc import Iterator
from itertools import pairwise

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.erasure.certificate_text import pages_before
from refurb.inventory.readers.erasure.times import moment
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import (
    ErasureFacts,
    ErasureReportFacts,
    HostFacts,
    Level,
    Medium,
    Outcome,
    ReportWarning,
    Verification,
    warning,
)

_IS_NWIPE = re.compile(r"\bNWIPE\b", re.IGNORECASE)
_VERSION = re.compile(r"NWIPE version (\d+\.[\w.+-]{1,40})", re.IGNORECASE)
# These pages take seconds, and say nothing of the erasure.
_BESIDE_THE_POINT = re.compile(r"Page \d+ - (?:Smart Data|Speed Profile)", re.IGNORECASE)
# Labels in the order of the sheet do not matter: a value is what stands between its label and the next.
_LABELS = {
    "model": r"Make(?:/Model)?:",
    "serial": r"(?<!Disk )(?<!System )(?:Serial|S/N):",
    "bus": r"Bus:",
    "apparent": r"Size\(Apparent\):",
    "real": r"Size\(Real\):",
    "start": r"Start time:",
    "end": r"End time:",
    "duration": r"Duration:",
    "status": r"Status:",
    "method": r"Method:",
    "prng": r"PRNG algorithm:",
    "blank": r"(?:Final|Blanking) Pass ?(?:\([^)\n]{0,40}\))?:",
    "verify": r"Verify(?: Pass)? ?\([^)\n]{0,40}\):",
    "erased": r"\*?Bytes Erased:",
    "rounds": r"Rounds ?\([^)\n]{0,40}\):",
    "hidden": r"HPA/DCO:",
    "hidden_size": r"HPA/DCO Size:",
    "throughput": r"Throughput:",
    "errors": r"Errors ?\([^)\n]{0,60}\):",
    "information": r"Information:|Technician/Operator|Page \d{1,3} of \d{1,3}",
}
_LABEL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items()), re.IGNORECASE)
_BYTES = re.compile(r"(\d{1,19})\s*(?:bytes|B)\b")
_STATUS = re.compile(r"\b(ERASED|FAILED|ABORTED|UABORTED|INSANITY)\b")
_OUTCOMES: dict[str, Outcome] = {"ERASED": "success", "FAILED": "failed", "ABORTED": "aborted", "UABORTED": "aborted"}
_VERIFIED: dict[str, Verification] = {"last": "last", "all": "all"}
_HOST = re.compile(r"^System (Manufacturer|Product Name|Serial Number)\s*= *(.*)$", re.MULTILINE)
_MOST_DRIVES = 100
_ERASERS = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"\bblancco\b", "Blancco"),
        (r"\bwipe ?drive\b|\bwhite ?canyon\b", "WipeDrive"),
        (r"\bkill ?disk\b|\blsoft technologies\b", "KillDisk"),
        (r"\bcertus\b", "Certus"),
        (r"\bbit ?raser\b|\bstellar (?:data recovery|information)\b", "BitRaser"),
        (r"\byou ?wipe\b", "YouWipe"),
        (r"\bontrack(?: eraser)?\b|\bkroll ontrack\b", "Ontrack Eraser"),
        (r"\bjetico\b|\bbcwipe\b", "BCWipe"),
        (r"\bsecuraze\b", "Securaze"),
        (r"\bxerase\b", "Xerase"),
        (r"\bsecudrive\b", "Secudrive"),
        (r"\bparted magic\b", "Parted Magic"),
        (r"\bphonecheck\b", "PhoneCheck"),
        (r"\bnsys\b", "NSYS"),
        (r"\bextreme protocol\b|\bxpress erase\b", "Extreme Protocol"),
        (r"\bziperase\b", "ZipErase"),
        (r"\bdestroyinator\b|\bredkey\b", "Redkey"),
        (r"\bo&o safeerase\b", "O&O SafeErase"),
        (r"\bsamsung magician\b", "Samsung Magician"),
        (r"\bdban\b", "DBAN"),
    )
)
_Sheet = dict[str, str]


def read(data: bytes) -> ErasureReportFacts:
    """Every drive of the certificate; raises Unreadable (`report.pdf_unknown`) for a PDF that nwipe did not make."""
    whole = "\n".join(pages_before(data, _BESIDE_THE_POINT))
    tool = eraser_in(whole)
    # A commercial eraser may name nwipe's method; nwipe names none of theirs.
    if tool is not None:
        raise Unreadable("report.eraser_pdf", tool=tool)
    if not _IS_NWIPE.search(whole):
        raise Unreadable("report.pdf_unknown")
    found = _VERSION.search(whole)
    version = found.group(1) if found else None
    erasures = tuple(_erasure(sheet, version) for sheet in _sheets(whole))
    if not erasures:
        raise Unreadable("report.no_erasure")
    return ErasureReportFacts(tool="nwipe", tool_version=version, host=_host(whole), erasures=erasures)


def eraser_in(text: str) -> str | None:
    """The commercial eraser that a certificate's text names, if it does: what it says is its customer's word, and is not read."""
    return next((name for pattern, name in _ERASERS if pattern.search(text)), None)


def eraser_named(data: bytes) -> str | None:
    """The commercial eraser that a PDF names; None where it names none, or cannot be read."""
    try:
        return eraser_in("\n".join(pages_before(data, _BESIDE_THE_POINT)))
    except Unreadable:
        return None


def _sheets(text: str) -> Iterator[_Sheet]:
    """The values of each drive by their label; a new drive begins with its make."""
    labels = list(_LABEL.finditer(text))
    sheet: _Sheet = {}
    count = 0
    for label, following in pairwise([*labels, None]):
        if label is None:
            break
        name = label.lastgroup or ""
        if name == "model":
            if _is_drive(sheet):
                yield sheet
                count += 1
            if count >= _MOST_DRIVES:
                return
            sheet = {}
        value = text[label.end() : following.start() if following else len(text)]
        sheet.setdefault(name, value[:300])
    if _is_drive(sheet):
        yield sheet


def _is_drive(sheet: _Sheet) -> bool:
    return {"model", "method", "start"} <= sheet.keys()


def _erasure(sheet: _Sheet, version: str | None) -> ErasureFacts:
    one_line = {name: " ".join(value.split()) for name, value in sheet.items()}
    shown = identity.drive_serial(one_line.get("serial"))
    serial = _as_on_the_drive(shown)
    status = _STATUS.search(one_line.get("status", "")) or _STATUS.search(" ".join(one_line.values()))
    done, requested = _counts(one_line.get("rounds", ""))
    errors = _errors(one_line.get("errors", ""))
    outcome = _outcome(status.group(1) if status else None, errors, done, requested)
    method = identity.clean(one_line.get("method"))
    size = _bytes(one_line.get("apparent"))
    ended = moment(one_line.get("end"))
    return ErasureFacts(
        serial=serial,
        # The certificate of a whole machine writes "_" for a blank too.
        model=identity.real(one_line.get("model", "").replace("_", " ")),
        size_bytes=size,
        medium=_medium(one_line),
        method=method,
        level=_level(method),
        rounds=requested,
        verification=_VERIFIED.get(one_line.get("verify", "")[:4].strip().casefold(), "none") if outcome == "success" else "none",
        started_at=moment(one_line.get("start")),
        ended_at=ended,
        outcome=outcome,
        errors=errors,
        bytes_erased=_first_number(one_line.get("erased", "")),
        tool="nwipe",
        tool_version=version,
        hidden_sectors=_hidden(one_line, size),
        warnings=tuple(_reserves(shown, serial, one_line, size)),
    )


def _as_on_the_drive(shown: str | None) -> str | None:
    """The serial as the drive says it: the certificate of a whole machine writes `_` where a serial has a hyphen.

    Western Digital's are the ones with a hyphen, after `WD`.
    """
    return "WD-" + shown[3:] if shown and shown.startswith("WD_") else shown


def _level(method: str | None) -> Level | None:
    """Overwriting is Clear on every medium (NIST SP 800-88 Rev. 2); a method that only verifies writes nothing."""
    return None if method is None or re.match(r"verify\b", method, re.IGNORECASE) else "clear"


def _outcome(status: str | None, errors: int, done: int | None, requested: int | None) -> Outcome:
    outcome = _OUTCOMES.get(status or "", "unknown")
    if outcome == "success" and errors:
        return "failed"
    return "unknown" if outcome == "success" and (done or 0) < (requested or 1) else outcome


def _counts(text: str) -> tuple[int | None, int | None]:
    found = re.match(r"(\d{1,6}) ?/ ?(\d{1,6})", text)
    return (int(found.group(1)), int(found.group(2))) if found else (None, None)


def _errors(text: str) -> int:
    """Pass, sync and verification errors; what comes fourth, the retries, is not an error while they succeed."""
    found = re.match(r"[\d/ ]{1,80}", text)
    return sum(int(each[:19]) for each in (found.group(0).split("/")[:3] if found else ()) if each.strip().isdigit())


def _bytes(text: str | None) -> int | None:
    found = _BYTES.search(text or "")
    return numbers.drive_bytes(found.group(1)) if found else None


def _first_number(text: str) -> int | None:
    found = re.match(r"\d{1,19}", text)
    return numbers.whole(found.group(0)) if found else None


def _medium(sheet: _Sheet) -> Medium:
    bus = sheet.get("bus", "").casefold()
    if "nvme" in bus:
        return "nvme"
    if "mmc" in bus:
        return "emmc"
    return "ssd" if "ssd" in bus or re.search(r"\bssd\b", sheet.get("model", ""), re.IGNORECASE) else "unknown"


def _hidden(sheet: _Sheet, size: int | None) -> bool | None:
    """Whether the sheet tells of an HPA or DCO; its two cells are drawn one over the other, so both are read together."""
    said = f"{sheet.get('hidden', '')} {sheet.get('hidden_size', '')}".casefold()
    real = _bytes(sheet.get("real"))
    if real and size and real > size:
        return True
    if "no hidden" in said or "not detected" in said:
        return False
    return True if "detected" in said or "hidden sectors" in said else None


def _reserves(shown: str | None, serial: str | None, sheet: _Sheet, size: int | None) -> Iterator[ReportWarning]:
    if shown != serial or (shown and "_" in shown):
        yield warning("erasure.serial_respelt", serial=serial, other=shown)
    if serial is None and re.search(r"[xX?]{3,}", sheet.get("serial", "")):
        yield warning("erasure.serial_hidden", device=sheet.get("model"))
    if _hidden(sheet, size):
        yield warning("erasure.hidden_sectors", serial=serial)


def _host(text: str) -> HostFacts | None:
    told: dict[str, str] = dict(_HOST.findall(text))
    maker, serial = identity.real(told.get("Manufacturer")), identity.real(told.get("Serial Number"))
    model = identity.real_model(told.get("Product Name"))
    return HostFacts(maker, model, serial) if maker or model or serial else None
