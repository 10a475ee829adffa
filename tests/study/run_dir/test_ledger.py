import json
import multiprocessing
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.opening import Opening, OpeningStage, Purpose
from search_spaces.faults import FaultError
from study.run_dir.chained_lines import GENESIS, chain_hash, line_of
from study.run_dir.ledger import Ledger, ledger_at

BROKEN = "the line was changed, moved or put in, or lines before it were taken out"
TORN = "the line is torn, as a crash while writing leaves it"


def final(number: int) -> Purpose:
    return Purpose("final", f"trial {number}", seeds=5)


def filled(path: Path, count: int) -> Ledger:
    ledger = ledger_at(path)
    for number in range(count):
        ledger.append(f"2026-01-0{number + 1}T00:00:00Z", final(number), ("ab", "cd"), "f" * 64)
    return ledger


def test_an_empty_ledger_is_intact_and_makes_no_file(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    assert ledger.lines() == ()
    assert ledger.intact()
    assert list(tmp_path.iterdir()) == []


def test_openings_come_back_in_order(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "runs" / "ledger.jsonl")
    purpose = Purpose("train", "again — «same»\n\ud800", seeds=2)
    first = ledger.append("2026-01-01T00:00:00Z", final(3), ("ab",), "f" * 64)
    second = ledger.append("2026-01-02T00:00:00Z", purpose, ("ab", "cd"), "e" * 64)
    assert ledger.lines() == (first, second)
    assert second == Opening(
        "2026-01-02T00:00:00Z",
        "train again — «same»\n\ud800, 2 seeds",
        purpose,
        ("ab", "cd"),
        "e" * 64,
        second.chain,
    )
    assert ledger.intact()


def test_the_format_of_a_line_never_changes(tmp_path: Path) -> None:
    purpose = Purpose("final", "trial 3", seeds=5, look=1, looks=3)
    ledger_at(tmp_path / "l").append("2026-01-01T00:00:00Z", purpose, ("ab", "cd"), "ff")
    assert (tmp_path / "l").read_text() == (
        '{"n": 1, "when": "2026-01-01T00:00:00Z", '
        '"why": "final of trial 3 and baseline, 5 seeds each, look 1 of 3", '
        '"purpose": {"stage": "final", "candidate": "trial 3", "seeds": 5, '
        '"look": 1, "looks": 3, "seed": null}, '
        '"weights": ["ab", "cd"], "fingerprint": "ff", '
        '"chain": "6a3bde3cfd5d59e855bae62c629c1fb58acf705b0f86e91951e8f7f3e9b0132e"}\n'
    )


# Lines of the version that had no fields: the first is a real study's, byte for byte.
OLD = (Path(__file__).parent / "old_ledger.jsonl").read_bytes()
OLD_PURPOSES = (
    Purpose("final", "trial 1", seeds=5),
    Purpose("final", "trial 4", seeds=5, look=1, looks=3),
    Purpose("final", "trial 4", seeds=10, look=2, looks=3),
    Purpose("final", "trial 4", seeds=20, look=3, looks=3),
    Purpose("verify", seeds=1),
    Purpose("baseline", "baseline", seeds=3),
    Purpose("baseline walk-through", "baseline", seeds=1, seed=7),
    Purpose("train", seeds=1),
    Purpose("train", seeds=2),
    None,
)


def test_a_ledger_of_the_version_without_fields_is_intact_and_has_them_when_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "l").write_bytes(OLD)
    lines = ledger_at(tmp_path / "l").lines()
    assert ledger_at(tmp_path / "l").intact()
    assert tuple(line.purpose for line in lines) == OLD_PURPOSES
    assert lines[0].why == "final of trial 1 and baseline, 5 seeds a side"
    assert len(lines[0].weights) == 15
    assert lines[0].chain == "5f4e25f7c703719aa2efff35210bb670ee08d79ade845f18ed48050a79f603a2"


def test_new_lines_follow_old_ones_in_one_chain(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(OLD)
    ledger = ledger_at(tmp_path / "l")
    ledger.append("2027-01-01T00:00:00Z", final(3), ("ab",), "f" * 64)
    assert (tmp_path / "l").read_bytes().startswith(OLD)
    assert ledger.intact()
    assert tuple(line.purpose for line in ledger.lines()) == (*OLD_PURPOSES, final(3))


def test_the_words_of_a_line_with_fields_are_not_read(tmp_path: Path) -> None:
    purpose = {**asdict(final(3)), "stage": "train"}
    write_chained(tmp_path / "l", {"purpose": purpose})
    (line,) = ledger_at(tmp_path / "l").lines()
    assert line.why == "final of trial 9 and baseline, 9 seeds a side"
    assert line.purpose == Purpose("train", "trial 3", seeds=5)


def write_chained(path: Path, more: dict[str, object]) -> None:
    """Write one line whose chain is whole, with fields that this version would not write."""
    fields: dict[str, object] = {
        "n": 1,
        "when": "2026-01-01T00:00:00Z",
        "why": "final of trial 9 and baseline, 9 seeds a side",
        "weights": ["ab"],
        "fingerprint": "ff",
        **more,
    }
    path.write_bytes(line_of({**fields, "chain": chain_hash(GENESIS, fields)}))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"purpose": {"stage": "practice"}},
            (
                "line 1: purpose.stage: wrong value; got 'practice'; "
                "allowed: final, baseline, baseline walk-through, train, verify"
            ),
        ),
        (
            {"purpose": {"stage": "final", "seeds": "5"}},
            "line 1: purpose.seeds: wrong value; got '5'; allowed: a whole number",
        ),
        ({"weights": "ab"}, "line 1: weights: wrong value; got 'ab'; allowed: a list"),
    ],
)
def test_a_whole_line_with_fields_that_mean_nothing_here_is_a_fault_by_name(
    more: dict[str, object], message: str, tmp_path: Path
) -> None:
    write_chained(tmp_path / "l", more)
    state = ledger_at(tmp_path / "l").state()
    assert state.lines == ()
    assert [str(fault) for fault in state.faults] == [f"{tmp_path}/l, {message}"]


numbers = st.none() | st.integers(1, 1000)
purposes = st.builds(
    Purpose,
    st.sampled_from(get_args(OpeningStage)),
    st.none() | st.text(),
    numbers,
    numbers,
    numbers,
    numbers,
)
openings = st.lists(
    st.tuples(st.text(), purposes, st.lists(st.text()).map(tuple), st.text()), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(given_openings=openings)
def test_whatever_is_appended_comes_back(
    given_openings: list[tuple[str, Purpose, tuple[str, ...], str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    ledger = ledger_at(tmp_path_factory.mktemp("ledger") / "ledger.jsonl")
    for opening in given_openings:
        ledger.append(*opening)
    found = [(line.when, line.purpose, line.weights, line.fingerprint) for line in ledger.lines()]
    assert found == given_openings
    assert ledger.intact()


@pytest.fixture(scope="module")
def five_lines(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("five") / "ledger.jsonl"
    filled(path, 5)
    return path.read_bytes()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_changed_byte_shows(
    data: st.DataObject, five_lines: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = data.draw(st.integers(0, len(five_lines) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != five_lines[at]))
    path = tmp_path_factory.mktemp("edited") / "ledger.jsonl"
    path.write_bytes(five_lines[:at] + bytes([byte]) + five_lines[at + 1 :])
    ledger = ledger_at(path)
    assert not ledger.intact()
    assert len(ledger.lines()) == five_lines[:at].count(b"\n")


@settings(max_examples=100, deadline=None)
@given(order=st.lists(st.integers(0, 4), max_size=7))
def test_lines_taken_out_repeated_or_moved_show_except_at_the_end(
    order: list[int], five_lines: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = five_lines.splitlines(keepends=True)
    path = tmp_path_factory.mktemp("moved") / "ledger.jsonl"
    path.write_bytes(b"".join(lines[index] for index in order))
    is_start = order == list(range(len(order)))
    assert ledger_at(path).intact() == is_start


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("noise") / "ledger.jsonl"
    path.write_bytes(content)
    ledger = ledger_at(path)
    assert ledger.lines() == ()
    assert ledger.intact() == (content == b"")


def test_a_ledger_is_one_file(tmp_path: Path) -> None:
    filled(tmp_path / "ledger.jsonl", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.jsonl"]


def test_a_cut_off_end_shows_only_against_a_chain_kept_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 3)
    kept = ledger.lines()[2].chain
    assert ledger.continues(kept)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    assert ledger.intact()
    assert not ledger.continues(kept)


def test_a_rewritten_ledger_shows_against_a_chain_kept_elsewhere(tmp_path: Path) -> None:
    kept = filled(tmp_path / "ledger.jsonl", 1).lines()[0].chain
    (tmp_path / "ledger.jsonl").unlink()
    rewritten = ledger_at(tmp_path / "ledger.jsonl")
    rewritten.append("2026-01-01T00:00:00Z", final(9), ("ab", "cd"), "f" * 64)
    assert rewritten.intact()
    assert not rewritten.continues(kept)


def test_faults_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 3)
    path.write_bytes(path.read_bytes().replace(b'"trial 1"', b'"trial 9"'))
    assert [str(fault) for fault in ledger.state().faults] == [f"{path}, line 2: {BROKEN}"]


def test_nothing_is_added_to_a_broken_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 2)
    broken = path.read_bytes().replace(b'"seeds": 5', b'"seeds": 4', 1)
    path.write_bytes(broken)
    with pytest.raises(FaultError) as caught:
        ledger.append("2026", final(0), ("ab",), "ff")
    assert str(caught.value) == f"{path}, line 1: {BROKEN}"
    assert path.read_bytes() == broken


@pytest.mark.parametrize("cut", [1, 40, 150])
def test_a_torn_last_line_is_reported_and_kept_in_the_line_that_follows(
    cut: int, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 2)
    path.write_bytes(path.read_bytes()[:-cut])
    torn = path.read_text().splitlines()[1]
    assert [str(fault) for fault in ledger.state().faults] == [f"{path}, line 2: {TORN}"]
    assert [line.purpose for line in ledger.lines()] == [final(0)]
    ledger.append("2026", final(2), ("ab",), "ff")
    assert ledger.intact()
    assert [line.purpose for line in ledger.lines()] == [final(0), final(2)]
    assert json.loads(path.read_text().splitlines()[1])["torn"] == torn


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FaultError) as caught:
        ledger_at(tmp_path / "file" / "ledger.jsonl").append("2026", final(0), ("ab",), "ff")
    assert str(caught.value) == (
        f"{tmp_path}/file/ledger.jsonl: the ledger cannot be written, so the test split stays "
        "shut: File exists"
    )


def test_a_ledger_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        ledger_at(tmp_path).lines()
    assert str(caught.value) == f"{tmp_path}: cannot be read: Is a directory"


def append_many(path: Path, worker: int) -> None:
    for number in range(10):
        ledger_at(path).append("2026", final(10 * worker + number), ("ab",), "ff")


@pytest.mark.slow
def test_two_processes_writing_at_once_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(path, worker)) for worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert ledger_at(path).intact()
    assert {line.purpose for line in ledger_at(path).lines()} == {final(k) for k in range(20)}
