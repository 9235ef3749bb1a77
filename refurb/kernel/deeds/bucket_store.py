"""Files in a bucket that speaks S3, whoever's it is: several nodes share it, and no disk of ours must be large.

Only here is `obstore` loaded; it is no part of a service that keeps its files in a folder (config/requirements/s3.txt has it).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from refurb.kernel.deeds.file_stores import DIGEST, MARK, FileLost, KeptFile, StorageAway, StorageMissing, key_of

PROBE: Final = ".probe"
SECONDS: Final = "20s"
"""After so long a request is tried again, three times at most."""
RETRIES: Final[Any] = {"max_retries": 3, "retry_timeout": timedelta(seconds=40)}


@cache
def bucket_at(url: str) -> "BucketStore":
    """The store of an address `s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…`; one for a process.

    Without a key the usual places are asked (AWS_ACCESS_KEY_ID and so on, or the role of the machine).
    """
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    said: dict[str, Any] = {"bucket": parts.hostname, "region": asked.get("region", "us-east-1")}
    if "endpoint" in asked:
        said["endpoint"] = asked["endpoint"]
    if parts.username:
        said |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
    options: Any = {"timeout": SECONDS, "connect_timeout": "5s", "allow_http": asked.get("endpoint", "").startswith("http://")}
    return BucketStore(S3Store(prefix=parts.path.strip("/") or None, client_options=options, retry_config=RETRIES, **said))


@contextmanager
def _answering() -> Iterator[None]:
    """What the bucket's answer means to us, when it is no answer."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StorageAway(reason=type(error).__name__) from error


class BucketStore:
    """Files in a bucket: an object each, which is there whole or not at all."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._known = False

    def is_ours(self) -> bool:
        """Whether the mark stands in it; asked until it does."""
        self._known = self._known or self._has(MARK)
        return self._known

    def mark(self) -> None:
        """Put the mark into it."""
        self._put(MARK, b"")

    def put(self, digest: str, content: bytes, *, anew: bool = False) -> None:
        """Store."""
        if anew or not self.has(digest):
            self._put(key_of(digest), content)

    def _put(self, key: str, content: bytes) -> None:
        with _answering():
            try:
                self._store.put(key, content)
            except FileNotFoundError:  # There is no such bucket.
                raise StorageMissing from None

    def get(self, digest: str) -> bytes | None:
        """The bytes of the object."""
        return self._get(key_of(digest))

    def _get(self, key: str) -> bytes | None:
        with _answering():
            try:
                return bytes(self._store.get(key).bytes())
            except FileNotFoundError:
                return None

    def has(self, digest: str) -> bool:
        """Whether there is such an object."""
        return self._has(key_of(digest))

    def _has(self, key: str) -> bool:
        with _answering():
            try:
                self._store.head(key)
            except FileNotFoundError:
                return False
            return True

    def each(self) -> Iterator[KeptFile]:
        """Every file, a thousand for each question; S3 lists in the order of names."""
        with _answering():
            for some in self._store.list(chunk_size=1000):
                for each in some:
                    name = each["path"].rpartition("/")[2]
                    if DIGEST.match(name):
                        yield KeptFile(name, each["size"])

    def open(self, digest: str) -> IO[bytes]:
        """The bytes, in memory: no file is larger than an upload may be."""
        content = self.get(digest)
        if content is None:
            raise FileLost
        return io.BytesIO(content)

    def remove(self, digest: str) -> None:
        """The object; a bucket that keeps former versions forgets them by its own rule."""
        with _answering(), suppress(FileNotFoundError):
            self._store.delete(key_of(digest))

    def copy_to(self, digest: str, folder: Path) -> None:
        """As a file; its name is there when it is whole."""
        place = folder / key_of(digest)
        if place.exists():
            return
        with self.open(digest) as content:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = place.with_name(f".{digest}.draft")
            draft.write_bytes(content.read())
            draft.replace(place)

    def probe(self) -> int | None:
        """In an object of its own, which stays."""
        self._put(PROBE, b"1")
        if self._get(PROBE) != b"1":
            raise StorageAway(reason="probe")
        return None
