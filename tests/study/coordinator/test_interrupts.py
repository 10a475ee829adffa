"""Requests to end, in the main thread and beside it."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from study.coordinator.interrupts import Interrupts, caught_interrupts, raised_interrupts


def test_requests_are_counted_and_the_handlers_before_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)

    with caught_interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)

    assert interrupts.count == 2
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_in_another_thread_handlers_stay_as_they_are() -> None:
    before = signal.getsignal(signal.SIGINT)

    def enter() -> Interrupts:
        with caught_interrupts() as interrupts, raised_interrupts():
            assert signal.getsignal(signal.SIGINT) is before
            return interrupts

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(enter).result().count == 0
