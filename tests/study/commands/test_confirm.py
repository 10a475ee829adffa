import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reports.record import Comparison, Confirmation
from search_spaces.faults import FaultError
from study.commands.confirm import command, sentences
from study.commands.option_values import parse_seeds
from study.commands.shared_options import exit_code


def comparison(against, answer, settle=None):
    return Comparison(against, answer, f"{answer} {against}.", 0.0, 5, 100, settle=settle)


def confirmation(*comparisons, equal=None):
    return Confirmation("trial 1", (), comparisons, (), True, equal_compute=equal)


@pytest.mark.parametrize(("text", "seeds"), [("auto", None), ("5", 5), ("1", 1), ("1000", 1000)])
def test_seeds_are_a_number_or_auto(text, seeds):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["0", "-3", "1001", "five", "", "5.0", "²", "AUTO"])
def test_other_seeds_are_refused(text):
    with pytest.raises(FaultError) as caught:
        parse_seeds(text)

    assert str(caught.value) == (
        f"--confirm-seeds: not a number of seeds; got {text!r}; allowed: auto, or 1 to 1000"
    )


@pytest.mark.parametrize(
    ("baseline", "published", "gated", "code"),
    [
        ("BEATS", "DOES NOT BEAT", True, 0),
        ("DOES NOT BEAT", "BEATS", True, 4),
        ("CAN'T TELL", "BEATS", True, 4),
        ("CAN'T TELL", "CAN'T TELL", False, 0),
    ],
)
def test_the_gate_is_the_rerun_baseline(baseline, published, gated, code):
    found = confirmation(comparison("baseline", baseline), comparison("published", published))

    assert exit_code(found, gated) == code


def test_every_answer_is_a_sentence_followed_by_what_would_settle_it():
    found = confirmation(
        comparison("baseline", "CAN'T TELL", settle="7 more seeds each"),
        comparison("published", "BEATS"),
        equal=comparison("equal compute", "BEATS"),
    )

    assert sentences(found) == (
        "CAN'T TELL baseline.",
        "What would settle it: 7 more seeds each.",
        "BEATS published.",
        "BEATS equal compute.",
    )


def test_a_missing_study_is_one_message(tmp_path: Path):
    result = CliRunner().invoke(command, ["absent", "--runs-dir", str(tmp_path)])

    assert isinstance(result.exception, FaultError)
    assert str(result.exception) == f"{tmp_path}: no such study; got absent; allowed: none yet"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("flags", [["--top", "0"], ["--margin", "-1"], ["--jobs", "0"]])
def test_numbers_out_of_range_are_usage_errors(flags):
    result = CliRunner().invoke(command, ["name", *flags])

    assert result.exit_code == click.UsageError.exit_code


@pytest.mark.slow
def test_a_real_study_is_confirmed_with_one_opening_and_again_without_any(
    dense_study, tmp_path: Path
):
    asked = ("run", "smoke", "--trials", "4", "--name", "s", "--confirm-seeds", "3")
    searched = dense_study(*asked, "--no-confirm", "--quiet", cwd=tmp_path)
    assert (searched.returncode, searched.stderr) == (0, "")

    flags = ("confirm", "s", "--quiet", "--fail-unless-beats")
    first = dense_study(*flags, cwd=tmp_path)
    second = dense_study(*flags, "--confirm-seeds", "3", cwd=tmp_path)

    assert first.stderr == ""
    headline, sentence = first.stdout.splitlines()[:2]
    answer = sentence.partition(":")[0]
    assert headline.startswith(f"{answer} ")
    assert answer in {"BEATS", "DOES NOT BEAT", "CAN'T TELL"}
    assert first.returncode == (0 if answer == "BEATS" else 4)
    assert "n = 359, 3 seeds each, 96 % interval " in first.stdout
    assert (second.returncode, second.stdout) == (first.returncode, first.stdout)
    third = dense_study("confirm", "s", "--json", cwd=tmp_path)
    whole = json.loads(third.stdout)
    assert whole == json.loads((tmp_path / "runs" / "s" / "confirmation.json").read_text())
    assert whole["headline"] == headline
    assert len((tmp_path / "runs" / "s" / "ledger.jsonl").read_text().splitlines()) == 1
