"""What has come of a request: it is all here exactly when its last byte is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import receipt as receipts
from config.receipt import IN_MEMORY, LONGEST_HEAD, Receipt

GET = b"GET /aide HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"
CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nab\r\nd\r\n1\r\nx\r\n0\r\nTrailer: y\r\n\r\n"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from((GET, POST, CHUNKED)), st.data())
def test_however_it_is_cut_it_is_whole_at_its_last_byte(request, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(request) - 1), max_size=6)))
    pieces = [request[start:end] for start, end in zip([0, *cuts], [*cuts, len(request)], strict=True)]
    receipt = Receipt(1000)
    assert [receipt.take(each) for each in pieces] == [False] * (len(pieces) - 1) + [True]
    assert receipt.content() == (request, None)


@pytest.mark.parametrize(
    "request_",
    [
        b"x" * (LONGEST_HEAD + 1),
        b"POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: five\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 2000,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"a" * 1500,
    ],
    ids=["a head without end", "too long", "no number", "no size", "a size without end", "too many chunks"],
)
def test_what_is_malformed_or_too_much_is_the_servers_to_refuse_at_once(request_):
    assert Receipt(1000).take(request_)


def test_what_comes_after_the_end_is_kept():
    receipt = Receipt(1000)
    assert receipt.take(POST + GET)
    assert receipt.content() == (POST + GET, None)


def test_a_large_body_goes_to_a_file():
    body = b"a" * (IN_MEMORY + 10)
    receipt = Receipt(10 * IN_MEMORY)
    assert not receipt.take(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body))
    assert not receipt.take(body[:-1])
    assert receipt.take(body[-1:])
    kept, file = receipt.content()
    assert (kept + file.read()).endswith(body)
    receipt.close()


def test_whoever_waits_for_a_word_is_noticed_once_and_the_word_is_not_asked_twice():
    receipt = Receipt(1000)
    assert not receipt.take(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert receipt.expects
    assert receipt.take(b"ab")
    assert b"100-continue" not in receipt.content()[0]


def test_all_requests_together_fill_no_disk(monkeypatch):
    monkeypatch.setattr(receipts, "MOST_SPOOLED", 3 * IN_MEMORY)
    head, body = b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"x" * (IN_MEMORY + 1)
    held = [Receipt(10**9) for _ in range(3)]
    for each in held:
        each.take(head)
    assert [each.take(body) for each in held[:2]] == [False, False]
    with pytest.raises(OSError, match="in files"):
        held[2].take(body)
    held[0].close()
    assert not held[2].take(body)
    for each in held:
        each.close()
        each.close()
    assert receipts._Spooled.count == 0
