"""What raw reports let slip about the firmware: UEFI, secure boot and the TPM, which the normalised facts do not hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MOST = 4_000_000
_TPM_SECTION = re.compile(rb"TPM Device\r?\n(?:[ \t].*\r?\n?){0,24}")
_TPM_VERSION = re.compile(rb"Spec(?:ification)? ?Version:?\s*\"?(\d\.\d)")
_WMI_TPM = re.compile(rb"(?:TpmVersion|SpecVersion)\s*[:=]\s*\"?(\d\.\d)")
_UEFI = (
    re.compile(rb"UEFI is supported"),  # dmidecode, BIOS characteristics
    re.compile(rb"BiosFirmwareType\s*:\s*Uefi", re.IGNORECASE),  # PowerShell, Get-ComputerInfo
    re.compile(rb"(?:BIOS Mode|Mode BIOS|Mode du BIOS)\s*[:\t ]\s*UEFI", re.IGNORECASE),  # msinfo32
    re.compile(rb'"uefi"\s*:\s*"'),  # lshw -json, capabilities of the firmware
    re.compile(rb'<capability id="uefi"'),  # lshw -xml
)
_LEGACY = (
    re.compile(rb"BiosFirmwareType\s*:\s*Bios", re.IGNORECASE),
    re.compile(rb"(?:BIOS Mode|Mode BIOS|Mode du BIOS)\s*[:\t ]\s*(?:Legacy|H\xc3\xa9rit\xc3\xa9)", re.IGNORECASE),
)
_SECURE = re.compile(rb"(?:Secure Boot State|SecureBoot)\s*[:\t ]\s*(?:On|Off|enabled|disabled)", re.IGNORECASE)
_NOT_SECURE = re.compile(rb"Secure Boot State\s*[:\t ]\s*Unsupported", re.IGNORECASE)


@dataclass(frozen=True)
class Firmware:
    """Whether the firmware is UEFI and can start securely, and the version of the TPM; None is what no report tells.

    A TPM that no report shows may be switched off in the firmware: it is unknown, not absent.
    """

    uefi: bool | None = None
    secure_boot: bool | None = None
    tpm: float | None = None


def firmware_in(reports: Iterable[bytes]) -> Firmware:
    """What some raw reports say together; one that says yes is believed over one that keeps silent."""
    uefi: bool | None = None
    secure: bool | None = None
    tpm: float | None = None
    for whole in reports:
        raw = _plain(whole[:_MOST])
        if any(pattern.search(raw) for pattern in _UEFI):
            uefi = True
        elif uefi is None and any(pattern.search(raw) for pattern in _LEGACY):
            uefi = False
        if _SECURE.search(raw):
            uefi, secure = True, True
        elif secure is None and _NOT_SECURE.search(raw):
            secure = False
        section = _TPM_SECTION.search(raw)
        version = _TPM_VERSION.search(section[0]) if section else _WMI_TPM.search(raw)
        if version:
            tpm = max(tpm or 0.0, float(version[1]))
    return Firmware(uefi, secure, tpm)


def _plain(raw: bytes) -> bytes:
    """Windows writes its texts in UTF-16: the same in single bytes."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", errors="replace").encode()
    return raw
