"""Numbers that are none, or larger or finer than anything that can be done, are refused."""

import os
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import load_space, read_space
from study.cli import exit_code
from study.workflows.request import read_enqueued


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize(
    "arguments",
    [["run", "--margin"], ["confirm", "x", "--margin"], ["plan", "--gain"]],
    ids=" ".join,
)
def test_no_number_is_taken_for_one(
    arguments: list[str],
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code([*arguments, text]) == 2
    assert f"Invalid value for '{arguments[-1]}'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 4000, "9" * 20, "-1", "0x10", "1,000"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--confirm-seeds"],
        ["confirm", "x", "--confirm-seeds"],
        ["run", "--trials"],
        ["plan", "--trials"],
        ["extend", "x", "--space", "four", "--trials"],
        ["run", "--seed"],
        ["plan", "--seed"],
        ["baseline", "--seed"],
        ["train", "x.toml", "--seed"],
        ["run", "--timeout"],
        ["run", "--jobs"],
    ],
    ids=" ".join,
)
def test_numbers_beyond_all_use_are_refused_before_anything_starts(
    arguments: list[str], digits: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code([*arguments, digits]) in {1, 2}
    assert not list(tmp_path.iterdir())


DROPOUT = 'name = "mine"\n[parameters.dropout]\ntype = "float"\nlow = 0.0\nhigh = 0.5\n'


@pytest.mark.parametrize("step", ["1e-30", "1e-300", "5e-324", "1e-9"])
def test_steps_too_fine_to_tell_apart_are_refused(step: str) -> None:
    with pytest.raises(FaultError) as caught:
        read_space(f"{DROPOUT}step = {step}\n", "my.toml")
    assert str(caught.value) == (
        f"my.toml: [parameters.dropout] step: too small a step; got {float(step):g}; "
        "allowed: at least 5e-08, for 10,000,000 steps"
    )


@pytest.mark.parametrize("step", ["nan", "inf", "-inf", "0.0", "-1e-3"])
def test_steps_that_are_none_are_refused(step: str) -> None:
    with pytest.raises(FaultError, match="step: not a step"):
        read_space(f"{DROPOUT}step = {step}\n", "my.toml")


def test_fine_steps_are_taken() -> None:
    assert read_space(f"{DROPOUT}step = 1e-5\n[baseline]\ndropout = 0.3", "my.toml").parameters


ENQUEUED = {
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "deep, but read": f'[{{"width": {"[" * 300}1{"]" * 300}}}]',
    "a huge integer": f'[{{"width": {"9" * 5000}}}]',
    "a large integer": f'[{{"width": {"9" * 4000}}}]',
    "no number": '[{"dropout": NaN}]',
    "infinity": '[{"dropout": -Infinity}]',
    "beyond floats": '[{"dropout": 1e999}]',
    "lone surrogates": r'[{"\ud800": "\udfff"}]',
    "a surrogate value": r'[{"optimizer": "\ud800"}]',
    "a long key": f'[{{"{"k" * 200_000}": 1}}]',
    "many keys": "[{" + ", ".join(f'"k{i}": 1' for i in range(50_000)) + "}]",
    "no list": '{"width": 64}',
    "a list of no objects": "[[64]]",
    "nothing": "",
    "null": "null",
    "control characters": '[{"\x00": 1}]',
    "an escape": r'[{"\u001b[31m": 1}]',
}


@pytest.mark.parametrize("case", ENQUEUED)
def test_params_to_try_first_that_are_none_are_one_fault(case: str, tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    path.write_text(ENQUEUED[case], encoding="utf-8")
    with pytest.raises(FaultError) as caught:
        read_enqueued(path, load_space("four"))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert len(message) <= 2000
    message.encode()


def test_params_to_try_first_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    path.write_bytes(b'\xef\xbb\xbf[{"width": 256}]')
    assert read_enqueued(path, load_space("four")) == ({"width": 256},)


@pytest.mark.parametrize("make", ["folder", "pipe", "missing", "large", "binary"])
def test_a_file_of_params_that_is_none_is_a_known_fault(make: str, tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)
    elif make == "large":
        path.write_bytes(b" " * (1 << 20) + b"[]")
    elif make == "binary":
        path.write_bytes(b"\xff\xfe[")
    with pytest.raises(FaultError, match=r"params\.json: "):
        read_enqueued(path, load_space("four"))
