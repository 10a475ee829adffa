import os
from pathlib import Path

import pytest

from reports.opening import Purpose
from study.cli import exit_code
from study.config_file import load_config
from study.networks.tasks import ReadNetwork, Shape, network_process
from study.run_dir.ledger import ledger_at
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.user_ledger import user_ledger

TINY = "depth = 1\nwidth = 16\nbatch_size = 32\nepochs = 2\nlearning_rate = 0.01\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(TINY)
    return path


def test_a_config_with_faults_or_a_folder_that_cannot_be_is_reported_before_training(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("width = 0\nheight = 3\n")

    assert exit_code(["train", str(bad)]) == 1
    assert exit_code(["train", str(config), "--save", str(config)]) == 1
    assert exit_code(["train", str(config), "--data", "absent.npz"]) == 1
    assert exit_code(["train", str(config), "--seeds", "0"]) == 2

    said = capsys.readouterr().err.replace(str(tmp_path), "HERE").splitlines()
    assert said[0] == (
        "Error: HERE/bad.toml: value not allowed for width; got 0; "
        "allowed: a whole number from 1 to 8192"
    )
    assert said[1].startswith("HERE/bad.toml: unknown parameter 'height'")
    assert said[2] == "Error: HERE/c.toml: cannot be written: File exists"
    assert said[3].startswith("Error: --data: no such data set or file; got 'absent.npz'")


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_it_trains_on_the_search_split_under_each_seed_and_keeps_the_networks(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nets = tmp_path / "nets"

    code = exit_code(["train", str(config), "--seeds", "2", "--jobs", "1", "--save", str(nets)])

    assert code == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in out[:2]] == ["seed 0", "seed 1"]
    assert all(" on validation (n = 240, split by seed " in line for line in out)
    assert out[2].startswith("mean of 2 seeds on validation (n = 240, split by seed ")
    loaded = load_config(nets / "seed-1" / "config.toml")
    assert loaded == load_config(config)
    with network_process(tmp_path / "log.txt") as ask:
        weights = ask(ReadNetwork(Shape(loaded, 64, 10), nets / "seed-1" / "model.keras"))
    assert [weight.shape for weight in weights] == [(64, 16), (16,), (16, 10), (10,)]
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_the_test_split_is_opened_only_when_asked_and_on_record(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    config.write_text(TINY + "patience = 3\n")

    assert exit_code(["train", str(config), "--test", str(ledger)]) == 0

    said = capsys.readouterr()
    assert f"% on test (n = 359, opening noted in {ledger})" in said.out
    assert said.err.splitlines()[0] == (
        "Without a validation split nothing stops early: patience is ignored."
    )
    (opening,) = ledger_at(ledger).lines()
    assert user_ledger(os.environ).read().noted == (
        NotedOpening(tmp_path.name, str(tmp_path.parent), opening),
    )
    assert opening.purpose == Purpose("train", seeds=1)
    assert opening.why == "train a config file, 1 seed"


def test_a_mistyped_switch_of_the_users_ledger_trains_nothing(
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DENSE_STUDY_USER_LEDGER", "no")
    monkeypatch.chdir(tmp_path)
    for asked, begun in (
        (["train", str(config), "--test", "mine.jsonl"], ""),
        (["run", "smoke", "--trials", "1"], "stage 1 of 7: start\n"),
    ):
        before = sorted(tmp_path.rglob("*"))

        assert exit_code(asked) == 1

        assert capsys.readouterr().err == (
            f"{begun}Error: $DENSE_STUDY_USER_LEDGER: wrong value; got 'no'; allowed: on, off\n"
        )
        assert sorted(tmp_path.rglob("*")) == before
