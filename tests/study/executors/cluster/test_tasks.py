"""Each job is begun and ended once in the coordinator's eyes, whatever a cluster does."""

from hypothesis import given
from hypothesis import strategies as st

from study.config import config_from_params
from study.engine.results import EpochResult, TrialResult
from study.executors.cluster.messages import Answer, Counts
from study.executors.cluster.tasks import Placements
from study.executors.protocol import (
    EpochEnded,
    Event,
    Finished,
    Job,
    Lost,
    Started,
    Stopped,
)

JOB = Job(7, config_from_params({"epochs": 3}), 1, "f" * 64, None)
EPOCHS = tuple(EpochEnded(7, EpochResult(e, 1.0, 1.0, 0.5, 0.1)) for e in (1, 2, 3))
END = Finished(7, TrialResult(0.5, 1.0, 10, 3, 3, 9, 0.3, "a" * 64, 1))
ANSWER = Answer(EPOCHS, END, "", Counts())


def placed() -> Placements:
    placements = Placements()
    placements.add("t", JOB)
    return placements


def test_events_pass_in_their_turn() -> None:
    placements = placed()
    assert placements.started("t", "A", "worker 1, slot 2") == [Started(7, "worker 1, slot 2")]
    for epoch in EPOCHS:
        assert placements.epoch("t", "A", epoch.result) == [epoch]
    assert placements.answered("t", ANSWER, "worker 1") == [END]
    assert placements.by_task == placements.by_job == {}


def test_events_that_got_lost_come_with_the_answer() -> None:
    placements = placed()
    assert placements.answered("t", ANSWER, "w") == [Started(7, "w"), *EPOCHS, END]


def test_a_gap_is_left_for_the_answer_to_fill() -> None:
    placements = placed()
    placements.started("t", "A", "w")
    assert placements.epoch("t", "A", EPOCHS[1].result) == []
    assert placements.answered("t", ANSWER, "w") == [*EPOCHS, END]


def test_a_second_start_ends_the_job_as_lost() -> None:
    placements = placed()
    placements.started("t", "A", "w")
    lost = Lost(7, "its worker was lost, and Dask began it again")
    assert placements.started("t", "B", "v") == [lost]
    assert placements.epoch("t", "B", EPOCHS[0].result) == []
    assert placements.answered("t", ANSWER, "v") == []


def test_a_worker_that_leaves_ends_only_what_it_had_begun() -> None:
    placements = placed()
    placements.add("waiting", Job(8, JOB.config, 1, "f" * 64, None))
    placements.started("t", "A", "w")
    assert placements.worker_left("A", "worker 1") == [("t", Lost(7, "worker 1 was lost"))]
    assert placements.worker_left("A", "worker 1") == []
    assert list(placements.by_task) == ["waiting"]


def test_a_training_that_its_worker_stopped_is_lost() -> None:
    placements = placed()
    placements.started("t", "A", "w")
    stopped = Answer(EPOCHS[:1], Stopped(7), "", Counts())
    lost = Lost(7, "its worker was closed")
    assert placements.answered("t", stopped, "w") == [EPOCHS[0], lost]


happenings = st.lists(
    st.one_of(
        st.tuples(st.just("started"), st.sampled_from("AB")),
        st.tuples(st.just("epoch"), st.sampled_from("AB"), st.integers(0, 2)),
        st.tuples(st.just("answered")),
        st.tuples(st.just("left"), st.sampled_from("AB")),
        st.tuples(st.just("dropped")),
    ),
    max_size=12,
)


@given(happenings)
def test_a_job_starts_first_ends_once_and_last_in_any_order(happened: list[tuple[str]]) -> None:
    placements = placed()
    events: list[Event] = []
    for what, *details in happened:
        match what:
            case "started":
                events += placements.started("t", details[0], "w")
            case "epoch":
                events += placements.epoch("t", details[0], EPOCHS[details[1]].result)
            case "answered":
                events += placements.answered("t", ANSWER, "w")
            case "left":
                events += [event for _, event in placements.worker_left(details[0], "w")]
            case "dropped":
                events += placements.dropped("t", "gone")
    kinds = [type(event).__name__ for event in events]
    assert kinds.count("Started") <= 1
    assert sum(kind in ("Finished", "Lost") for kind in kinds) <= 1
    assert not any(kind in ("Finished", "Lost") for kind in kinds[:-1])
    epochs = [event.result.epoch for event in events if isinstance(event, EpochEnded)]
    assert epochs == list(range(1, len(epochs) + 1))
    assert not epochs or kinds[0] == "Started"
