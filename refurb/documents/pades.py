"""The organisation's own certificate on its papers (PAdES, ETSI EN 319 142-1, level B-B), where the operator has given one.

It says to any reader of PDF who signed, and shows what was appended since; the signed code needs no certificate and is there all the same.
A file that is signed is not drawn twice alike: its signature bears the instant. What is not signed stays as deterministic as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app

from refurb.documents.certificate import signs_with_certificate
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict

FIELD = "Signature"
"""The name of the empty field that `pdf_file.closed` leaves for it."""


class CertificateStanding(StrEnum):
    """How the certificate of the settings stands."""

    NONE = "none"
    GOOD = "good"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    """No file there, none of this form, or another password."""


@dataclass(frozen=True)
class PaperCertificate:
    """The certificate of the settings: how it stands, whose it is and until when, as far as it can be read."""

    standing: CertificateStanding
    name: str = ""
    until: datetime | None = None


class CertificateUnusable(Conflict):
    """Papers are to be signed with a certificate that cannot sign: nothing is issued meanwhile, rather than unsigned."""

    code = "paper.certificate_unreadable"


_WHY = {CertificateStanding.EXPIRED: "paper.certificate_expired", CertificateStanding.NOT_YET: "paper.certificate_not_yet"}


def certificate() -> PaperCertificate:
    """How the certificate of the settings stands today."""
    if current_app.config["PAPER_CERTIFICATE"] is None:
        return PaperCertificate(CertificateStanding.NONE)
    signer = _signer()
    if signer is None:
        return PaperCertificate(CertificateStanding.UNREADABLE)
    told = signer.signing_cert
    name = str(told.subject.native.get("common_name") or told.subject.human_friendly)
    standing = CertificateStanding.GOOD
    if told.not_valid_after <= now():
        standing = CertificateStanding.EXPIRED
    elif told.not_valid_before > now():
        standing = CertificateStanding.NOT_YET
    return PaperCertificate(standing, name, told.not_valid_after)


def certificate_to_sign() -> PaperCertificate | None:
    """The certificate to sign with; None where there is none, or the administration chose to do without. Raises `CertificateUnusable`."""
    found = certificate()
    if found.standing is CertificateStanding.NONE or not signs_with_certificate():
        return None
    if found.standing is not CertificateStanding.GOOD:
        raise CertificateUnusable(_WHY.get(found.standing), name=found.name, day=found.until)
    return found


def sign_pdf(pdf: bytes) -> bytes:
    """The PDF with the signature in its empty field, appended: its own bytes stay the beginning."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  # An extra: few instances sign.
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415  # As above.
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415  # As above.

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # It would write the description of the file anew, without what makes it PDF/A (its own method, so its version is pinned and tested).
    writer._update_meta = lambda: None  # type: ignore[method-assign]  # noqa: SLF001 - as said above, pinned and tested
    told = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    signed: BytesIO = PdfSigner(told, _signer()).sign_pdf(writer)
    return signed.getvalue()


def _signer() -> Any:
    place: Path = current_app.config["PAPER_CERTIFICATE"]
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return None
    return _read(place, changed, current_app.config["PAPER_CERTIFICATE_PASSWORD"])


@lru_cache(maxsize=2)
def _read(place: Path, _changed: int, password: str) -> Any:
    """What signs with the certificate in a file; None where it cannot be read."""
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415  # As above.
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415  # As above.

    try:
        content = place.read_bytes()
        # Asked first, since the other one prints a wrong password's trace.
        pkcs12.load_key_and_certificates(content, password.encode())
        return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode())
    except (OSError, ValueError):
        return None
