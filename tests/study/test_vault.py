"""The one function that opens the test split, and that search cannot reach it."""

import inspect
import os
import re
import typing
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import grimp
import mypy.api
import numpy as np
import pytest

from reports.opening import Purpose
from reports.trial_record import TrialRecord
from search_spaces.faults import FaultError
from study.budget.search_budget import SearchLimit
from study.coordinator import search as coordinator_search
from study.coordinator.interrupts import Interrupts
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.search import SearchTask
from study.data.load import LoadedData, load_data
from study.data.sealed import SealedTest
from study.data.store import open_training_data, save_training_data
from study.data.values import Examples
from study.executors.in_process import InProcessExecutor
from study.run_dir.ledger import ledger_at, open_ledger
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.run_dir.user_ledger import user_ledger
from study.vault import open_test
from study.workflows.request import Request
from study.workflows.stages import begin, open_trials, search


class PoisonError(Exception):
    """Raised by whoever reads the poisoned test split."""


def poison() -> Examples:
    raise PoisonError


FINAL = Purpose("final", "trial 3", seeds=5)
EXAMPLES = Examples(np.zeros((2, 3), np.uint8), np.array([0, 1], np.int32))


def test_an_opening_is_on_record_before_anything_is_read(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    on_record: list[int] = []

    def read() -> Examples:
        on_record.append(len(ledger.lines()))
        return EXAMPLES

    sealed = SealedTest(2, "f" * 64, read)
    found = open_test(sealed, ledger, FINAL, ["ab", "cd"], "2026-01-01T00:00:00Z")
    assert found is EXAMPLES
    assert on_record == [1]
    line = ledger.lines()[0]
    assert (line.when, line.purpose) == ("2026-01-01T00:00:00Z", FINAL)
    assert line.why == "final of trial 3 and baseline, 5 seeds each"
    assert (line.weights, line.fingerprint) == (("ab", "cd"), "f" * 64)


def test_every_opening_is_a_line(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    sealed = SealedTest(2, "f" * 64, lambda: EXAMPLES)
    purposes = [FINAL, Purpose("verify", "trial 3", seeds=1, seed=7)]
    for purpose in purposes:
        open_test(sealed, ledger, purpose, ["ab"], "2026")
    assert [line.purpose for line in ledger.lines()] == purposes
    assert ledger.intact()


def test_an_opening_that_was_interrupted_is_continued_for_the_same_weights_alone(
    tmp_path: Path,
) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    sealed = SealedTest(2, "f" * 64, lambda: EXAMPLES)
    other_data = SealedTest(2, "e" * 64, lambda: EXAMPLES)

    def openings(data: SealedTest, weights: list[str]) -> int:
        found = open_test(data, ledger, FINAL, weights, "2026", may_continue=True)
        assert found is EXAMPLES
        return len(ledger.lines())

    assert [openings(sealed, ["ab", "cd"]), openings(sealed, ["cd", "ab"])] == [1, 1]
    assert [openings(sealed, ["ab"]), openings(other_data, ["ab"])] == [2, 3]
    content = ledger.path.read_bytes()
    ledger.path.write_bytes(content + b"torn")
    assert openings(sealed, ["ab", "cd"]) == 3
    ledger.path.write_bytes(content.replace(b"2026", b"2025", 1))
    with pytest.raises(FaultError, match="line 1: the line was changed"):
        openings(sealed, ["ab", "cd"])


def test_the_users_ledger_has_an_opening_after_the_study_and_before_anything_is_read(
    tmp_path: Path,
) -> None:
    ledger = ledger_at(tmp_path / "runs" / "s" / "ledger.jsonl")
    user = user_ledger(os.environ)
    on_record: list[object] = []

    def read() -> Examples:
        on_record.append(user.read().noted)
        return EXAMPLES

    sealed = SealedTest(2, "f" * 64, read)
    open_test(sealed, ledger, FINAL, ["ab"], "2026")
    line = NotedOpening("s", str(tmp_path / "runs"), ledger.lines()[0])
    assert on_record == [(line,)]
    # A process that ended between the two left the study's own line alone.
    assert user.path is not None
    user.path.unlink()
    open_test(sealed, ledger, FINAL, ["ab"], "2026", may_continue=True)
    assert on_record == [(line,), (line,)]


def test_a_users_ledger_that_cannot_be_written_stops_no_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    sealed = SealedTest(2, "f" * 64, lambda: EXAMPLES)

    for weights in ("ab", "cd"):
        assert open_test(sealed, ledger, FINAL, [weights], "2026") is EXAMPLES

    assert len(ledger.lines()) == 2
    (said,) = caplog.messages
    assert said.startswith("this opening of the test split will not count for studies in other")


def test_the_users_ledger_is_no_place_for_a_studys_own_openings() -> None:
    path = user_ledger(os.environ).path
    assert path is not None
    with pytest.raises(FaultError, match="is the user's ledger, which has every opening anyway"):
        open_test(SealedTest(2, "f" * 64, poison), ledger_at(path), FINAL, ["ab"], "2026")
    assert not path.exists()


def test_an_opening_that_cannot_be_read_stays_on_record(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    with pytest.raises(PoisonError):
        open_test(SealedTest(2, "f" * 64, poison), ledger, FINAL, ["ab"], "2026")
    assert [line.purpose for line in ledger.lines()] == [FINAL]


def test_without_a_ledger_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ledger = ledger_at(tmp_path / "file" / "ledger.jsonl")
    with pytest.raises(FaultError, match="so the test split stays shut: File exists"):
        open_test(SealedTest(2, "f" * 64, poison), ledger, FINAL, ["ab"], "2026")


def test_after_a_broken_ledger_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_text("no line of ours\n")
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    with pytest.raises(FaultError, match="line 1: the line was changed"):
        open_test(SealedTest(2, "f" * 64, poison), ledger, FINAL, ["ab"], "2026")


def test_an_opening_without_weights_is_refused(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    with pytest.raises(FaultError) as caught:
        open_test(SealedTest(2, "f" * 64, poison), ledger, FINAL, [], "2026")
    assert str(caught.value) == "test split: an opening needs the weights it is for"
    assert list(tmp_path.iterdir()) == []


SEARCH = ("study.coordinator", "study.executors", "study.engine", "study.networks.keras_model")
# Whatever reads test images holds them as arrays.WholeData; whatever opens them knows the seal.
TEST_DATA = ("study.vault", "study.data.sealed", "study.data.arrays", "study.data.load")


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("study", "reports", "search_spaces", cache_dir=None)


@pytest.mark.parametrize("searching", SEARCH)
@pytest.mark.parametrize("holding", TEST_DATA)
def test_no_chain_of_imports_leads_from_search_to_test_data(
    searching: str, holding: str, imports: grimp.ImportGraph
) -> None:
    assert {searching, holding} <= imports.modules
    chain = imports.find_shortest_chain(searching, holding, as_packages=True)
    assert chain is None


@pytest.mark.parametrize("holding", TEST_DATA[1:])
def test_the_graph_shows_such_a_chain_where_there_is_one(
    holding: str, imports: grimp.ImportGraph
) -> None:
    assert imports.find_shortest_chain("study.data.describe", holding) is not None


def test_every_module_that_reads_whole_files_is_out_of_searchs_reach(
    imports: grimp.ImportGraph,
) -> None:
    readers = imports.find_modules_that_directly_import("study.data.arrays")
    assert {"study.data.parse", "study.data.built_in.digits", "study.data.checks"} <= readers
    # The only ways round WholeData: the raw reader, whose one importer is the parser.
    assert imports.find_modules_that_directly_import("study.data.npz") == {"study.data.parse"}


LEAKS = """\
from study.data.load import LoadedData
from study.data.sealed import SealedTest
from study.data.split import split_data
from study.data.values import TrainingData
from study.engine.trainer import Trainer


def leak(loaded: LoadedData, test: SealedTest) -> None:
    Trainer(loaded.training)
    Trainer(loaded)
    Trainer(test)
    split_data(test, None)
    TrainingData(loaded.training.about, test)
"""


@pytest.mark.slow
def test_the_type_checker_refuses_to_hand_test_data_to_training(tmp_path: Path) -> None:
    (tmp_path / "leaks.py").write_text(LEAKS)
    root = Path(__file__).parents[2]
    output, _, code = mypy.api.run(
        [
            f"--config-file={root / 'pyproject.toml'}",
            # Filled by `make check`: without it everything is checked for a minute.
            f"--cache-dir={root / '.mypy_cache'}",
            "--no-error-summary",
            str(tmp_path / "leaks.py"),
        ]
    )
    # What mypy remembers of an earlier run of this test names that run's folder.
    output = re.sub(r"^\S*/(?=leaks\.py:)", "", output, flags=re.MULTILINE)
    refused = [
        (10, 1, "Trainer", "LoadedData", "TrainingData"),
        (11, 1, "Trainer", "SealedTest", "TrainingData"),
        (12, 1, "split_data", "SealedTest", "TrainingData"),
        (13, 2, "TrainingData", "SealedTest", "Examples"),
    ]
    expected = [
        f'leaks.py:{line}: error: Argument {place} to "{function}" has incompatible type '
        f'"{got}"; expected "{allowed}"  [arg-type]'
        for line, place, function, got, allowed in refused
    ]
    assert (output.splitlines(), code) == (expected, 1)


def test_a_search_task_has_no_place_for_test_data() -> None:
    fields = typing.get_type_hints(SearchTask)
    assert set(fields) == {"plan", "space", "validation_n", "test_n", "limit"}
    assert fields["test_n"] is int
    # The clock of a budget hears of configs and of what their trials gave.
    assert set(typing.get_type_hints(SearchLimit.take)) == {"config", "record", "return"}
    handed = inspect.signature(coordinator_search.run_search).parameters
    assert set(handed) == {"task", "log", "executor", "callbacks", "interrupts", "clocks"}


def write_data(path: Path, test_seed: int) -> str:
    """Write two classes of 4 x 4 images; only the test images depend on the seed."""
    training, test = np.random.default_rng(1), np.random.default_rng(test_seed)
    labels = np.arange(90) % 2
    np.savez(
        path,
        x_train=training.integers(0, 128, (60, 4, 4), np.uint8) + 120 * labels[:60, None, None],
        y_train=labels[:60],
        x_test=test.integers(0, 128, (30, 4, 4), np.uint8) + 120 * labels[60:, None, None],
        y_test=labels[60:],
    )
    return str(path)


class Unwatched:
    """Callbacks that take whatever is reported."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_reported: None


def searched(run: RunDirectory, data: str, spoil: Callable[[LoadedData], LoadedData]) -> list[Any]:
    """Search three trials in this process and return what each was asked and answered."""
    from study.engine.trainer import Trainer  # noqa: PLC0415 only slow tests pay for tensorflow

    run.create()
    request = Request(
        {"space": "smoke", "data": data, "trials": 3, "seed": 4}, jobs=1, deterministic=True
    )
    begun = begin(run, find_plan(run), request, {}, partial(save_training_data, run.shared_data))
    os.remove(data)  # noqa: PTH107 from here on there is no source to read test images from
    begun = replace(begun, loaded=spoil(begun.loaded))
    executor = InProcessExecutor(Trainer(open_training_data(run.shared_data)))
    storage = open_trials(run, begun.plan, None)
    assert search(run, begun, storage, executor, Unwatched(), Interrupts()) == "done"  # type: ignore[arg-type]
    records = RecordedTrials(run).read()
    return [outcome(record) for record in records]


def outcome(record: TrialRecord) -> tuple[object, ...]:
    """What a trial was asked and answered, without the times it took."""
    curve = [replace(epoch, seconds=0.0) for epoch in record.curve]
    asked = (record.number, record.state, dict(record.params), record.seed, record.n)
    return (*asked, record.accuracy, record.loss, curve, record.weights_hash)


@pytest.mark.slow
def test_a_search_never_reads_a_poisoned_test_split(tmp_path: Path) -> None:
    poisoned = SealedTest(30, "f" * 64, poison)
    run = RunDirectory(tmp_path / "runs" / "poisoned")
    data = write_data(tmp_path / "own.npz", test_seed=2)
    outcomes = searched(run, data, lambda loaded: replace(loaded, test=poisoned))
    assert [one[:2] for one in outcomes] == [(n, "complete") for n in range(3)]
    assert not run.ledger.exists()
    with pytest.raises(PoisonError):
        open_test(poisoned, open_ledger(run), FINAL, ["ab"], "2026")


@pytest.mark.slow
def test_a_search_answers_the_same_whatever_the_test_images_are(tmp_path: Path) -> None:
    found = []
    for seed in (2, 3):
        data = write_data(tmp_path / f"{seed}.npz", seed)
        loaded = load_data(data, {})
        run = RunDirectory(tmp_path / "runs" / str(seed))
        found.append((loaded.training.about.fingerprint, searched(run, data, lambda one: one)))
    (first, first_outcomes), (second, second_outcomes) = found
    assert first != second
    assert first_outcomes == second_outcomes
