"""A worker that differs from the coordinator hears in what, both values named."""

from dataclasses import replace

import pytest

from study.engine.source import engine_fingerprint
from study.executors.cluster.handshake import Offer, disagreement

OFFER = Offer("s", "/data", "f" * 64, {"keras": "3.15.1", "python": "3.11.7"}, "a" * 64)


def test_an_equal_worker_may_take_part() -> None:
    assert disagreement(OFFER, dict(OFFER.versions), OFFER.engine) is None


@pytest.mark.parametrize(
    ("versions", "engine", "reason"),
    [
        (
            {"keras": "3.15.0", "python": "3.11.7"},
            "a" * 64,
            "keras is 3.15.0 here and 3.15.1 at the coordinator",
        ),
        ({"python": "3.11.7"}, "a" * 64, "keras is missing here and 3.15.1 at the coordinator"),
        (
            {"keras": "3.15.1", "python": "3.12.1"},
            "b" * 64,
            (
                "python is 3.12.1 here and 3.11.7 at the coordinator; "
                "the training engine's source is bbbbbbbbbbbb here and aaaaaaaaaaaa at the "
                "coordinator (SHA-256)"
            ),
        ),
    ],
)
def test_any_difference_is_named(versions: dict[str, str], engine: str, reason: str) -> None:
    assert disagreement(OFFER, versions, engine) == reason


def test_sessions_do_not_share_a_plugin() -> None:
    assert OFFER.plugin != replace(OFFER, session="t").plugin


def test_the_engines_fingerprint_is_of_its_sources() -> None:
    assert engine_fingerprint() == engine_fingerprint()
    assert len(engine_fingerprint()) == 64
