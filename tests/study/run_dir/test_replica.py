"""What is kept elsewhere is kept before it is written here, or not written at all."""

import numpy as np
import pytest

from reports.opening import Purpose
from search_spaces.faults import FaultError, fault
from study.config import config_from_params
from study.confirmation.outcomes import Outcome, OutcomeFile
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.data.load import load_data
from study.run_dir.json_lines import JsonLines
from study.run_dir.ledger import Ledger
from study.run_dir.paths import RunDirectory
from study.vault import open_test

ASKED = AskedTrial(0, 0, "baseline", {"width": 8}, config_from_params({"width": 8}), 1)
PURPOSE = Purpose("final", "trial 3", seeds=5)
OUTCOME = Outcome("key", 0.5, 10, 2, 2, 1.0, None)
APPENDS = [
    lambda path, keep: AskedFile(JsonLines(path, keep)).append(ASKED),
    lambda path, keep: OutcomeFile(JsonLines(path, keep)).append(OUTCOME),
    lambda path, keep: Ledger(JsonLines(path, keep)).append("2026-01-01", PURPOSE, ("a",), "f"),
]


@pytest.mark.parametrize("append", APPENDS)
def test_a_line_is_kept_elsewhere_first_and_is_the_same_in_both_places(append, tmp_path):
    path, kept = tmp_path / "list.jsonl", []

    def keep(line):
        kept.append(line)
        before = path.read_bytes() if path.exists() else b""
        assert before == b"".join(kept[:-1])

    append(path, keep)
    append(path, keep)
    assert len(kept) == 2
    assert path.read_bytes() == b"".join(kept)


@pytest.mark.parametrize("append", APPENDS)
def test_a_line_that_cannot_be_kept_elsewhere_is_not_written(append, tmp_path):
    path = tmp_path / "list.jsonl"
    with pytest.raises(FaultError, match=r"^storage: failed$"):
        append(path, refuse)
    assert not path.exists() or path.read_bytes() == b""


def refuse(*_kept):
    raise fault("storage", "failed")


def test_the_test_split_stays_shut_where_its_opening_cannot_be_kept_elsewhere(tmp_path):
    sealed = load_data("digits", {}).test
    shut = Ledger(JsonLines(tmp_path / "ledger.jsonl", refuse))
    with pytest.raises(FaultError, match=r"^storage: failed$"):
        open_test(sealed, shut, PURPOSE, ["a" * 64], "2026-01-01T00:00:00+00:00")
    kept = []
    open_ = Ledger(JsonLines(tmp_path / "ledger.jsonl", kept.append))
    examples = open_test(sealed, open_, PURPOSE, ["a" * 64], "2026-01-01T00:00:00+00:00")
    assert len(kept) == 1
    assert np.isfinite(examples.inputs).all()


class Kept:
    def __init__(self):
        self.texts = []

    def text(self, name, content):
        self.texts.append((name, content))

    def line(self, name, *lines):
        raise AssertionError((name, lines))


def test_only_the_files_that_a_study_needs_are_kept_elsewhere(tmp_path):
    replica = Kept()
    run = RunDirectory(tmp_path / "s", replica)
    run.create()
    for path in (*run.texts, run.report, run.weights_file("a" * 64), run.log):
        run.write_text(path, path.name)
    assert replica.texts == [(path.name, path.name.encode()) for path in run.texts]
    assert run.texts[-1] == run.plan
    assert run == RunDirectory(tmp_path / "s")


def test_a_list_that_is_written_whole_is_kept_elsewhere_first(tmp_path):
    class Lines:
        def __init__(self):
            self.kept = []

        def line(self, name, *lines):
            assert not (tmp_path / name).exists()
            self.kept.append((name, lines))

    replica = Lines()
    run = RunDirectory(tmp_path, replica)
    run.write_lines(run.trials, [b"{}\n", b"[]\n"])
    assert replica.kept == [("trials.jsonl", (b"{}\n", b"[]\n"))]
    assert run.trials.read_bytes() == b"{}\n[]\n"
    replica.line = refuse
    with pytest.raises(FaultError, match=r"^storage: failed$"):
        run.write_lines(run.asked, [b"{}\n"])
    assert not run.asked.exists()
