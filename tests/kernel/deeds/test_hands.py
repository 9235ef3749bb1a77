"""Threads share a few hands: whoever waits lets go, nobody is stopped for long, and what a hand keeps serves the next."""

import threading
from collections.abc import Callable

from refurb.kernel.deeds import hands as module
from refurb.kernel.deeds.hands import Hand, Hands


def in_a_thread(deed: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=deed, daemon=True)
    thread.start()
    return thread


def test_a_hand_goes_from_one_thread_to_the_next():
    hands, seen = Hands(1), list[Hand]()

    def work():
        with hands.taken():
            seen.append(hands.mine())

    for _ in range(2):
        in_a_thread(work).join()
    assert seen[0] is seen[1]


def test_whoever_waits_lets_go_and_another_works(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    hands, worked, end = Hands(1), threading.Event(), threading.Event()

    def wait():
        with hands.taken():
            hands.let_go()
            assert hands.mine() is hands.own()
            end.wait(30)

    def work():
        with hands.taken():
            assert hands.mine() is not hands.own()
            worked.set()

    waiting = in_a_thread(wait)
    in_a_thread(work)
    assert worked.wait(10)
    end.set()
    waiting.join()
    with hands.taken():
        assert hands.mine() is not hands.own()


def test_nobody_waits_long_for_a_hand(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    hands, own = Hands(1), list[bool]()

    def work():
        with hands.taken():
            own.append(hands.mine() is hands.own())

    with hands.taken():
        in_a_thread(work).join(10)
    in_a_thread(work).join(10)
    assert own == [True, False]
