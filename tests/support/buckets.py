"""A server of buckets on loopback, as S3 has them: moto's."""

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from moto.server import ThreadedMotoServer


class Buckets:
    """The server, by its address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def new(self) -> str:
        """Make a bucket, and say the address of a place in it as the settings take it."""
        name = f"b{uuid4().hex}"
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/{name}", method="PUT"), timeout=20).close()
        return f"s3://key:a%2Fsecret@{name}/a/prefix?endpoint={self.address}&region=us-east-1"


@contextmanager
def serving_buckets() -> Iterator[Buckets]:
    """Run the server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield Buckets(f"http://{host}:{port}")
    finally:
        server.stop()
