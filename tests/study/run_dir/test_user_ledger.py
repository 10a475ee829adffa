"""The user's own ledger: what it is given, what it gives back, and that no study depends on it."""

import json
import logging
import multiprocessing
import os
from pathlib import Path

import pytest

from reports.opening import Purpose
from search_spaces.faults import FaultError
from study.run_dir.ledger import ledger_at
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.paths import RunDirectory
from study.run_dir.user_ledger import UserLedger, UserOpenings, user_ledger

OLD = (Path(__file__).parent / "old_ledger.jsonl").read_bytes()


def final(number: int) -> Purpose:
    return Purpose("final", f"trial {number}", seeds=5)


def opened(path: Path, *numbers: int):
    """Return a ledger to which openings were added."""
    ledger = ledger_at(path)
    for number in numbers:
        when = f"2026-01-{number + 1:02}T00:00:00+00:00"
        ledger.append(when, final(number), (f"w{number}",), "f" * 64, "e" * 64)
    return ledger


@pytest.fixture
def user(tmp_path: Path) -> UserLedger:
    return UserLedger(tmp_path / "state" / "dense-study" / "ledger.jsonl")


def test_a_line_says_which_study_opened_which_test_split_when_and_for_what(
    user: UserLedger, tmp_path: Path
) -> None:
    own = opened(RunDirectory(tmp_path / "runs" / "four").ledger, 1)

    user.note(own)

    (line,) = user.path.read_text().splitlines()
    fields = json.loads(line)
    chain = fields.pop("chain")
    assert fields == {
        "n": 1,
        "when": "2026-01-02T00:00:00+00:00",
        "why": "final of trial 1 and baseline, 5 seeds each",
        "purpose": {
            "stage": "final",
            "candidate": "trial 1",
            "seeds": 5,
            "look": None,
            "looks": None,
            "seed": None,
        },
        "weights": ["w1"],
        "fingerprint": "f" * 64,
        "test_fingerprint": "e" * 64,
        "study": "four",
        "runs_dir": str(tmp_path / "runs"),
        "ledger_chain": own.lines()[0].chain,
    }
    assert chain != fields["ledger_chain"]
    assert user.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_openings_of_every_study_come_back_once_in_the_order_in_which_they_were_noted(
    user: UserLedger, tmp_path: Path
) -> None:
    first = opened(RunDirectory(tmp_path / "runs" / "first").ledger, 1)
    second = opened(tmp_path / "mine.jsonl", 2)

    for own in (first, second, first):
        user.note(own)
    opened(first.path, 3)
    user.note(first)
    # A copy tells nothing new.
    copy = RunDirectory(tmp_path / "copy").ledger
    copy.parent.mkdir()
    copy.write_bytes(first.path.read_bytes())
    user.note(ledger_at(copy))

    runs = str(tmp_path / "runs")
    one, three = first.lines()
    assert user.read() == UserOpenings(
        (
            NotedOpening("first", runs, one),
            NotedOpening("mine.jsonl", str(tmp_path), second.lines()[0]),
            NotedOpening("first", runs, three),
        )
    )


def test_lines_that_are_older_than_their_fields_are_noted_whole(
    user: UserLedger, tmp_path: Path
) -> None:
    own = ledger_at(tmp_path / "ledger.jsonl")
    own.path.write_bytes(OLD)

    user.note(own)

    assert tuple(one.opening for one in user.read().noted) == own.lines()


def test_openings_that_were_made_while_it_was_off_stay_out(
    user: UserLedger, tmp_path: Path
) -> None:
    own = opened(tmp_path / "mine.jsonl", 1)
    own.append("2026-01-05T00:00:00+00:00", final(2), ("w2",), "f" * 64, None, "off")

    user.note(own)

    assert [one.opening.weights for one in user.read().noted] == [("w1",)]
    assert [line.user_ledger for line in own.lines()] == [None, "off"]
    assert UserLedger(user.path, is_off=True).read() == UserOpenings(uncounted="off")


def test_what_cannot_be_noted_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file")
    user = UserLedger(tmp_path / "state" / "dense-study" / "ledger.jsonl")
    own = opened(tmp_path / "mine.jsonl", 1)

    with caplog.at_level(logging.WARNING):
        user.note(own)
        user.note(own)

    (said,) = caplog.messages
    assert said == (
        "this opening of the test split will not count for studies in other folders: "
        f"{user.path}: the user's ledger cannot be written: File exists"
    )
    assert user.read().uncounted == "incomplete"


def test_a_user_without_a_home_folder_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        UserLedger(None).note(opened(tmp_path / "mine.jsonl", 1))

    (said,) = caplog.messages
    assert said == (
        "this opening of the test split will not count for studies in other folders: "
        "$XDG_STATE_HOME: not set, and this user has no home folder"
    )


def test_nothing_is_added_after_an_edit_and_what_was_before_it_counts(
    user: UserLedger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = opened(tmp_path / "mine.jsonl", 1, 2)
    user.note(own)
    edited = user.path.read_bytes().replace(b'"w2"', b'"w3"')
    user.path.write_bytes(edited)

    user.note(opened(own.path, 4))

    assert user.path.read_bytes() == edited
    found = user.read()
    assert [one.opening.weights for one in found.noted] == [("w1",)]
    assert found.uncounted == "incomplete"
    (fault,) = found.faults
    assert str(fault) == (
        f"{user.path}, line 2: the line was changed, moved or put in, "
        "or lines before it were taken out"
    )
    assert caplog.messages == [
        f"this opening of the test split will not count for studies in other folders: {fault}"
    ]


def test_a_line_that_does_not_say_whose_it_is_is_a_fault_by_name(
    user: UserLedger, tmp_path: Path
) -> None:
    own = opened(tmp_path / "mine.jsonl", 1)
    user.path.parent.mkdir(parents=True)
    user.path.write_bytes(own.path.read_bytes())

    (fault,) = user.read().faults
    assert str(fault) == (
        f"{user.path}, line 1: missing: study, runs_dir, ledger_chain; "
        "allowed: study, runs_dir, ledger_chain"
    )


def test_a_torn_last_line_gives_way_to_the_next(user: UserLedger, tmp_path: Path) -> None:
    own = opened(tmp_path / "mine.jsonl", 1)
    user.note(own)
    with user.path.open("ab") as file:
        file.write(b'{"n": 2, "wh')
    assert user.read().uncounted is None

    user.note(opened(own.path, 2))

    assert [one.opening for one in user.read().noted] == list(own.lines())
    assert json.loads(user.path.read_bytes().splitlines()[1])["torn"] == '{"n": 2, "wh'


def _note_many(path: Path, folder: Path, worker: int) -> None:
    for number in range(8):
        UserLedger(path).note(opened(folder / f"{worker}.jsonl", 8 * worker + number))


def test_several_processes_that_note_at_once_make_one_chain(
    user: UserLedger, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("fork")
    writers = [
        context.Process(target=_note_many, args=(user.path, tmp_path, worker))
        for worker in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = user.read()
    assert found.uncounted is None
    assert len(found.noted) == len({one.opening.chain for one in found.noted}) == 24


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_STATE_HOME": "/s", "HOME": "/h"}, "/s/dense-study/ledger.jsonl"),
        ({"HOME": "/h"}, "/h/.local/state/dense-study/ledger.jsonl"),
        ({"XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/dense-study/ledger.jsonl"),
        (
            {"XDG_STATE_HOME": "not/absolute", "HOME": "/h"},
            "/h/.local/state/dense-study/ledger.jsonl",
        ),
    ],
)
def test_it_lies_where_the_xdg_specification_has_a_users_state(
    environ: dict[str, str], expected: str
) -> None:
    assert str(user_ledger(environ).path) == expected


def test_it_is_no_place_for_a_ledger_of_something_else(user: UserLedger, tmp_path: Path) -> None:
    user.check_other(tmp_path / "mine.jsonl")
    (tmp_path / "link").symlink_to(tmp_path / "state")
    other = tmp_path / "link" / "dense-study" / "ledger.jsonl"

    with pytest.raises(FaultError) as caught:
        user.check_other(other)

    assert str(caught.value) == (
        f"{other}: is the user's ledger, which has every opening anyway; allowed: another file"
    )


@pytest.mark.parametrize(("switch", "is_off"), [("", False), ("on", False), ("off", True)])
def test_a_variable_switches_it_off(switch: str, is_off: bool) -> None:
    assert user_ledger({"DENSE_STUDY_USER_LEDGER": switch, "HOME": "/h"}).is_off == is_off


def test_any_other_value_of_the_variable_is_refused() -> None:
    with pytest.raises(FaultError) as caught:
        user_ledger({"DENSE_STUDY_USER_LEDGER": "no", "HOME": "/h"})
    assert str(caught.value) == (
        "$DENSE_STUDY_USER_LEDGER: wrong value; got 'no'; allowed: on, off"
    )


def test_no_test_sees_the_users_own_state() -> None:
    assert Path(os.environ["XDG_STATE_HOME"]).parent.name == "states"
