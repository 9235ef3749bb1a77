"""Encrypted archives, in the open form of age (age-encryption.org/v1): to a public key, whose secret stays away from the server.

`age -d -i KEY ARCHIVE` opens them without us.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from refurb.keeping.archive import NoArchive
from refurb.kernel.speech.errors import Refusal

BEGINS = b"age-encryption.org/v1"


class NoKeyForArchive(Refusal):
    """The archive is encrypted, and no key that was given opens it."""

    code = "keeping.no_key"


class NoRecipient(Refusal):
    """What was given is no public key of age."""

    code = "keeping.no_recipient"
    status = 422


def is_sealed(place: Path) -> bool:
    """Whether an archive is encrypted."""
    with place.open("rb") as file:
        return file.read(len(BEGINS)) == BEGINS


@contextmanager
def sealing(out: Any, recipients: Sequence[str]) -> Iterator[Any]:
    """A stream whose content is encrypted into `out`, to each of the public keys (`age1…`); `out` itself where there is none."""
    if not recipients:
        yield out
        return
    from pyrage import RecipientError, encrypt_io, x25519  # noqa: PLC0415 - nothing but an encrypted archive needs it

    try:
        keys = [x25519.Recipient.from_str(each) for each in recipients]
    except RecipientError as error:
        raise NoRecipient from error
    faults: list[BaseException] = []
    noting = _Noting(out, faults)
    read, write = _pipe()
    thread = _thread(lambda: encrypt_io(read, noting, keys), read, faults)
    try:
        with write:
            yield write
    except BrokenPipeError:
        thread.join()
        raise faults[0] if faults else OSError("the encryption ended early") from None
    finally:
        thread.join()
    if faults:
        raise faults[0]


@contextmanager
def opened(place: Path, identity: Path | None = None) -> Iterator[Any]:
    """What is in an archive, as a stream; one that is encrypted is opened with the secret key in the file `identity`.

    Raises `NoKeyForArchive`, and `NoArchive` where what was encrypted is no longer what it was.
    """
    with place.open("rb") as file:
        if not is_sealed(place):
            yield file
            return
        from pyrage import decrypt_io  # noqa: PLC0415 - nothing but an encrypted archive needs it

        keys = _identities(identity)
        faults: list[BaseException] = []
        read, write = _pipe()
        thread = _thread(lambda: decrypt_io(file, write, keys), write, faults)
        try:
            with read:
                yield read
        except NoArchive as error:
            thread.join()
            raise (_refusal(faults[0]) if faults else error) from error
        finally:
            thread.join()
        if faults and not isinstance(faults[0], BrokenPipeError):
            raise _refusal(faults[0])


class _Noting:
    """A stream that notes what its writing raised: pyrage tells it in words only."""

    def __init__(self, out: Any, faults: list[BaseException]) -> None:
        self._out, self._faults = out, faults

    def write(self, content: bytes) -> int:
        try:
            self._out.write(content)
        except OSError as error:
            self._faults.append(error)
            raise
        return len(content)

    def flush(self) -> None:
        self._out.flush()


def _refusal(fault: BaseException) -> Refusal:
    return NoKeyForArchive() if "No matching keys" in str(fault) else NoArchive(reason="sealed")


def _identities(place: Path | None) -> list[Any]:
    from pyrage import IdentityError, x25519  # noqa: PLC0415 - nothing but an encrypted archive needs it

    if place is None:
        raise NoKeyForArchive
    lines = (line.strip() for line in place.read_text(encoding="utf-8").splitlines())
    try:
        return [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError as error:
        raise NoKeyForArchive from error


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    read, write = os.pipe()
    return os.fdopen(read, "rb"), os.fdopen(write, "wb")


def _thread(work: Callable[[], None], end: IO[bytes], faults: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            with end:
                work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the stream is used
            faults.append(error)

    thread = threading.Thread(target=run, name="sealing", daemon=True)
    thread.start()
    return thread
