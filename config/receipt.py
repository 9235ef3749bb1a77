"""What has come of one request: whether it is all here. The parser of the server judges it; this only tells when it need not wait."""

import contextlib
import errno
import re
import tempfile
from typing import IO, Final

IN_MEMORY: Final = 512 * 1024
"""Bytes of a request that are kept in memory; the rest goes to a file."""
MOST_SPOOLED: Final = 256 * 2**20
"""Bytes that all requests of a process may have in files together: strangers fill no disk."""
LONGEST_HEAD: Final = 64 * 1024
_LONGEST_LINE: Final = 1024

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_ENCODED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_SIZE = re.compile(rb"[0-9a-f]{1,15}(?=[ \t;]|\Z)", re.IGNORECASE)


class _Spooled:
    """Bytes of all requests of this process that are in files; only its loop counts them."""

    count = 0


class Receipt:
    """One request as it comes in. What is malformed or too large is "all here" at once: the server then says what is wrong with it."""

    def __init__(self, most: int) -> None:
        self.received = 0
        self.expects = False
        """Whether the client waits for a word before it sends the body."""
        self._most = most
        self._kept = bytearray()
        self._file: IO[bytes] | None = None
        self._spooled = 0
        self._in_head = True
        self._left = 0
        self._chunks: _Chunks | None = None

    def take(self, data: bytes) -> bool:
        """Add what came; whether the request is all here. What comes after its end is kept, too.

        Raises `OSError` where it cannot be kept: no place on the disk, too many files, too much of it in files already.
        """
        self.received += len(data)
        if self._in_head:
            return self._take_head(data)
        self._keep(data)
        return self._is_whole(data)

    def content(self) -> tuple[bytes, IO[bytes] | None]:
        """All of it: what is in memory, and the file that goes on, at its beginning."""
        if self._file is not None:
            self._file.seek(0)
        return bytes(self._kept), self._file

    def close(self) -> None:
        """Let go of what came."""
        _Spooled.count -= self._spooled
        self._spooled = 0
        if self._file is not None:
            with contextlib.suppress(OSError):  # It may still have to write, on a full disk.
                self._file.close()

    def _take_head(self, data: bytes) -> bool:
        looked = max(0, len(self._kept) - 3)
        self._kept += data
        end = self._kept.find(b"\r\n\r\n", looked)
        if end < 0:
            return len(self._kept) > LONGEST_HEAD
        self._in_head = False
        head, body = bytes(self._kept[: end + 4]), bytes(self._kept[end + 4 :])
        length = _LENGTH.search(head)
        if _ENCODED.search(head):
            self._chunks = _Chunks()
        elif length is None:
            return True
        else:
            self._left = int(length[1])
            if self._left > self._most:
                return True
        head, told = _EXPECTS.subn(b"", head)
        self.expects = told > 0 and not body
        self._kept[: end + 4] = head
        return self._is_whole(body)

    def _is_whole(self, data: bytes) -> bool:
        if self._chunks is not None:
            return self._chunks.end_in(data) or self.received > self._most
        self._left -= len(data)
        return self._left <= 0

    def _keep(self, data: bytes) -> None:
        if self._file is None and len(self._kept) + len(data) > IN_MEMORY:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the receipt
        if self._file is None:
            self._kept += data
        else:
            if _Spooled.count + len(data) > MOST_SPOOLED:
                raise OSError(errno.EDQUOT, "too many bytes of requests in files")
            self._spooled += len(data)
            _Spooled.count += len(data)
            self._file.write(data)


class _Chunks:
    """Follows a body sent in chunks (RFC 9112 §7.1) to its end."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._skip = 0
        self._in_trailers = False

    def end_in(self, data: bytes) -> bool:
        """Whether the last chunk and its trailers end in what came, or what came is no chunk."""
        at = 0
        while at < len(data):
            if self._skip:
                step = min(self._skip, len(data) - at)
                self._skip, at = self._skip - step, at + step
                continue
            end = data.find(b"\n", at)
            if end < 0:
                self._line += data[at:]
                return len(self._line) > _LONGEST_LINE
            line = bytes(self._line + data[at:end]).strip()
            self._line.clear()
            at = end + 1
            if self._line_ends(line):
                return True
        return False

    def _line_ends(self, line: bytes) -> bool:
        if self._in_trailers:
            return not line
        size = _SIZE.match(line)
        if size is None:
            return True
        count = int(size[0], 16)
        self._in_trailers = count == 0
        self._skip = count + 2 if count else 0
        return False
