import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from study.cli import exit_code


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DENSE_STUDY_DATA", "KERAS_HOME", "DENSE_STUDY_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_list_tells_what_each_data_set_is_and_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DENSE_STUDY_DATA", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"")
    assert exit_code(["data", "list"]) == 0
    expected = f"""\
digits
  1,797 handwritten digits, 8 x 8, from scikit-learn; they have no test split of their own, \
so a fixed stratified fifth is used
  1,438 training and 359 test images
  built in
iris
  150 irises by four lengths, of scikit-learn; a stratified fifth is for tests
  120 training and 30 test rows
  built in
wine
  178 wines by 13 measurements, of scikit-learn; a stratified fifth is for tests
  142 training and 36 test rows
  built in
breast_cancer
  569 tumours by 30 measures, of scikit-learn; a stratified fifth is for tests
  455 training and 114 test rows
  built in
mnist
  70,000 handwritten digits, 28 x 28 (LeCun, Cortes, Burges)
  60,000 training and 10,000 test images
  {tmp_path}/mnist.npz
fashion-mnist
  70,000 articles of clothing, 28 x 28 (Xiao, Rasul, Vollgraf)
  60,000 training and 10,000 test images
  not on this machine; downloaded when first asked for
"""
    assert capsys.readouterr() == (expected, "")
    assert exit_code(["data"]) == 0
    assert capsys.readouterr() == (expected, "")


def test_the_digits_are_found_usable(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["data", "check", "digits"]) == 0
    assert capsys.readouterr() == (
        """\
ok      content: digits, fingerprint \
c6d58e69dd2a09cffb577d4775692d191f50b8fa1f0bb844327acb9a485bea1a
ok      shapes: 1,438 training and 359 test inputs of 8 x 8, uint8
ok      classes: 10 (training + test): 0: 142 + 36; 1: 146 + 36; 2: 142 + 35; 3: 146 + 37; \
4: 145 + 36; 5: 146 + 36; 6: 145 + 36; 7: 143 + 36; 8: 139 + 35; 9: 144 + 36
ok      balance: the most frequent class has 1.05 times the training images of the rarest
ok      values: 0 to 16, divided by 16
ok      pixels: 3 of 64 are the same in every training input
ok      repeats: 0 training inputs repeat an earlier one
ok      leaks: 0 of 359 test inputs are also training inputs
ok      conflicts: 0 inputs come with more than one label
ok      near copies: looked for within 6% of the spread of the inputs, not moved or turned
usable
""",
        "",
    )


def test_a_usable_file_with_warnings_ends_with_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x, y = np.arange(48, dtype=np.uint8).reshape(12, 4), np.arange(12) % 2
    np.savez(tmp_path / "own.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    assert exit_code(["data", "check", str(tmp_path / "own.npz")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("warning")] == [
        "warning few images: fewer than 10 training images: 0; 1",
        "warning scale: the largest value is 18.4% of the full scale: is it right?",
        "warning leaks: 2 of 2 test inputs are also training inputs",
    ]
    assert lines[-1] == "usable, 3 warnings"


def test_an_unusable_file_ends_with_one_and_every_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, x_train=np.full((4, 2), np.nan), y_train=[0, 1, 0, 1], x_test=[[0.5, 2.0]])
    before = sorted(tmp_path.rglob("*"))
    assert exit_code(["data", "check", str(path)]) == 1
    assert capsys.readouterr() == (
        "",
        (
            f"Error: {path}: missing array y_test; got x_train, y_train, x_test; "
            "allowed: x_train, y_train, x_test, y_test\n"
            f"{path}, x_train: NaN or infinite values; got in 4 inputs; allowed: none\n"
            f"{path}, x_test: floats outside 0-1; divide them by their full scale, keep them as "
            "integers, or scale them by a scaler that was fitted on x_train alone; got 0.5 to 2; "
            "allowed: integers 0-255 or 0-65535, or floats 0-1 (x_test: -0.5 to 1.5)\n"
        ),
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_saved_digits_are_the_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "digits.npz"
    assert exit_code(["data", "save", "digits", str(target)]) == 0
    printed = "c6d58e69dd2a09cffb577d4775692d191f50b8fa1f0bb844327acb9a485bea1a"
    assert capsys.readouterr() == (f"{target}  digits, SHA-256 of the arrays {printed}\n", "")
    assert exit_code(["data", "check", str(target)]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"ok      content: digits, fingerprint {printed}"


def test_an_unknown_name_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["data", "check", "minst"]) == 1
    assert capsys.readouterr().err == (
        "Error: --data: no such data set or file (did you mean mnist?); got 'minst'; "
        "allowed: digits, iris, wine, breast_cancer, mnist, "
        "fashion-mnist or the path of your own data\n"
    )


def test_a_download_is_announced_and_its_failure_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DENSE_STUDY_MIRROR", "http://127.0.0.1:1")
    assert exit_code(["data", "check", "mnist"]) == 1
    assert capsys.readouterr().err == (
        f"Downloading mnist to {tmp_path}/cache/dense-study/mnist.npz\n"
        "Error: mnist: it is not on this machine and cannot be downloaded; "
        "got http://127.0.0.1:1: no connection ([Errno 111] Connection refused); "
        "is this machine offline?; allowed: a file by --data PATH, or mnist.npz in the folder "
        "$DENSE_STUDY_DATA names\n"
    )


@pytest.mark.parametrize("arguments", [["check"], ["check", "a", "b"], ["chekc"], ["list", "x"]])
def test_wrong_arguments_end_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["data", *arguments]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_neither_list_nor_check_imports_what_trains() -> None:
    program = (
        "import sys\n"
        "from study.cli import exit_code\n"
        "codes = [exit_code(['data', 'list']), exit_code(['data', 'check', 'digits'])]\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'optuna'} & set(sys.modules)\n"
        "sys.exit(f'{codes} {heavy}')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ended.stderr == "[0, 0] set()\n"


def test_data_sets_and_findings_are_listed_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["data", "list", "--json"]) == 0
    known = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert (known["digits"]["train_n"], known["digits"]["test_n"]) == (1438, 359)
    assert known["digits"]["place"] is not None
    assert exit_code(["data", "check", "digits", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert exit_code(["data", "check", "digits"]) == 0
    lines = capsys.readouterr().out.splitlines()
    marks = {True: "warning", False: "ok"}
    assert [f"{marks[one['warns']]:<8}{one['topic']}: {one['text']}" for one in found] == lines[:-1]
