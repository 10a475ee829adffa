"""What programs read: one JSON document on standard output, and all else beside it."""

import json

import pytest

from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import load_space
from study.cli import exit_code


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_happens_on_the_way_is_beside_the_one_document(dense_study, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text("depth = 1\nwidth = 16\nepochs = 2\n")
    few = ("--trials", "2", "--jobs", "1", "--confirm-seeds", "2", "--top", "1")
    on_the_way = {
        ("run", "smoke", "--name", "s", *few): "[2/2] trial 1",
        ("resume", "s"): "nothing left to do",
        ("show", "s"): "",
        ("list",): "",
        ("ledger",): "",
        ("export", "s"): "",
        ("export", "s", "--to", "csv", "--out", "s.csv"): "",
        ("extend", "s", "--space", "four"): "",
        ("report", "s"): "Report: runs/s/report.html",
        ("report", "s", "s-four"): "Report: runs/s-vs-s-four.html",
        ("verify", "runs/s/best"): "Retraining under seed",
        ("train", str(config), "--jobs", "1"): "seed 0: 2 epochs",
        ("baseline", "--jobs", "1", "--seeds", "2"): "trained on train + validation",
    }
    for arguments, said in on_the_way.items():
        done = dense_study(*arguments, "--json", cwd=tmp_path)
        assert done.returncode == 0, (arguments, done.stderr)
        json.loads(done.stdout)
        assert said in done.stderr, arguments
        assert said or not done.stderr, arguments


def test_what_changes_no_study_prints_one_document_too(capfd, tmp_path):
    saved = str(tmp_path / "saved.npz")
    assert exit_code(["data", "save", "iris", saved, "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["file"], said["name"], len(said["fingerprint"])) == (saved, "iris", 64)

    assert exit_code(["spaces", "show", "four", "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert [*shown["parameters"]] == [one.name for one in load_space("four").parameters]
    assert shown["fingerprint"] == space_fingerprint(load_space("four"))

    wrong = tmp_path / "wrong.toml"
    wrong.write_text("sauce = 1")
    assert exit_code(["spaces", "check", "four", str(wrong), "--json"]) == 1
    checked = json.loads(capfd.readouterr().out)
    assert checked[0] == {"space": "four", "fingerprint": shown["fingerprint"]}
    assert checked[1]["space"] == str(wrong)
    assert any("sauce: unknown key" in one for one in checked[1]["faults"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("spaces", "show", "four", "--toml"), "--toml is another form: leave out --json"),
        (("report", "s", "--watch"), "--watch never ends by itself: leave out --json"),
    ],
)
def test_what_is_no_one_document_refuses_the_option(arguments, message, capfd, tmp_path):
    (tmp_path / "s").mkdir()
    folder = ("--runs-dir", str(tmp_path)) if arguments[0] == "report" else ()
    assert exit_code([*arguments, *folder, "--json"]) == 2
    assert message in capfd.readouterr().err
