import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.record import Opening
from search_spaces.faults import FaultError
from study.run_dir.ledger import Ledger, ledger_at

BROKEN = "the line was changed, moved or put in, or lines before it were taken out"
TORN = "the line is torn, as a crash while writing leaves it"


def filled(path: Path, count: int) -> Ledger:
    ledger = ledger_at(path)
    for number in range(count):
        ledger.append(f"2026-01-0{number + 1}T00:00:00Z", f"why {number}", ("ab", "cd"), "f" * 64)
    return ledger


def test_an_empty_ledger_is_intact_and_makes_no_file(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger.jsonl")
    assert ledger.lines() == ()
    assert ledger.intact()
    assert list(tmp_path.iterdir()) == []


def test_openings_come_back_in_order(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "runs" / "ledger.jsonl")
    first = ledger.append("2026-01-01T00:00:00Z", "final", ("ab",), "f" * 64)
    second = ledger.append("2026-01-02T00:00:00Z", "again — «same»\n\ud800", ("ab", "cd"), "e" * 64)
    assert ledger.lines() == (first, second)
    assert second == Opening(
        "2026-01-02T00:00:00Z", "again — «same»\n\ud800", ("ab", "cd"), "e" * 64, second.chain
    )
    assert ledger.intact()


def test_the_format_of_a_line_never_changes(tmp_path: Path) -> None:
    ledger_at(tmp_path / "l").append("2026-01-01T00:00:00Z", "final", ("ab", "cd"), "ff")
    assert (tmp_path / "l").read_text() == (
        '{"n": 1, "when": "2026-01-01T00:00:00Z", "why": "final", "weights": ["ab", "cd"], '
        '"fingerprint": "ff", '
        '"chain": "377f4cb1c7e7d5e55eb67453a3ad8c1577d2ab05d9726b2e8a2da64a5b5d9926"}\n'
    )


openings = st.lists(
    st.tuples(st.text(), st.text(), st.lists(st.text()).map(tuple), st.text()), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(given_openings=openings)
def test_whatever_is_appended_comes_back(
    given_openings: list[tuple[str, str, tuple[str, ...], str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    ledger = ledger_at(tmp_path_factory.mktemp("ledger") / "ledger.jsonl")
    for opening in given_openings:
        ledger.append(*opening)
    found = [(line.when, line.why, line.weights, line.fingerprint) for line in ledger.lines()]
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
    rewritten.append("2026-01-01T00:00:00Z", "another reason", ("ab", "cd"), "f" * 64)
    assert rewritten.intact()
    assert not rewritten.continues(kept)


def test_faults_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 3)
    path.write_bytes(path.read_bytes().replace(b"why 1", b"why 9"))
    assert [str(fault) for fault in ledger.state().faults] == [f"{path}, line 2: {BROKEN}"]


def test_nothing_is_added_to_a_broken_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 2)
    broken = path.read_bytes().replace(b"why 0", b"why 9")
    path.write_bytes(broken)
    with pytest.raises(FaultError) as caught:
        ledger.append("2026", "why", ("ab",), "ff")
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
    assert [line.why for line in ledger.lines()] == ["why 0"]
    ledger.append("2026", "after the crash", ("ab",), "ff")
    assert ledger.intact()
    assert [line.why for line in ledger.lines()] == ["why 0", "after the crash"]
    assert json.loads(path.read_text().splitlines()[1])["torn"] == torn


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FaultError) as caught:
        ledger_at(tmp_path / "file" / "ledger.jsonl").append("2026", "why", ("ab",), "ff")
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
        ledger_at(path).append("2026", f"{worker}.{number}", ("ab",), "ff")


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
    expected = {f"{worker}.{number}" for worker in range(2) for number in range(10)}
    assert {line.why for line in ledger_at(path).lines()} == expected
