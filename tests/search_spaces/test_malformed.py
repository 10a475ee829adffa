"""Malformed spaces, each reported with its whole message."""

from pathlib import Path
from typing import Any

import pytest

from search_spaces.faults import FaultError
from search_spaces.parameters import PARAMETERS
from search_spaces.read import read_space


def faults_of(text: str) -> str:
    with pytest.raises(FaultError) as caught:
        read_space(text, "my.toml")
    return str(caught.value)


def sections() -> list[Any]:
    """Read malformed.txt: `=== case`, the TOML, `--- gives`, the whole message."""
    text = (Path(__file__).parent / "malformed.txt").read_text(encoding="utf-8")
    cases = [part.partition("\n") for part in text.split("=== ")[1:]]
    return [pytest.param(*body.split("--- gives\n"), id=name) for name, _, body in cases]


@pytest.mark.parametrize(("text", "message"), sections())
def test_a_malformed_space_is_refused_with_all_its_faults(text: str, message: str) -> None:
    assert faults_of(text) == message.strip().replace("<every parameter>", ", ".join(PARAMETERS))


def test_numbers_beyond_all_bounds_are_faults_too() -> None:
    text = f'name = "mine"\n[parameters.dropout]\ntype = "float"\nlow = 0\nhigh = {"9" * 400}\n'
    assert faults_of(text) == (
        "my.toml: [parameters.dropout] high: value not allowed for dropout; "
        "got a very long number; allowed: a number from 0 to 0.95"
    )
    assert faults_of(f"name = {'9' * 5000}\n").startswith(
        "my.toml: not TOML: Exceeds the limit (4300 digits) for integer string conversion"
    )


def test_brackets_nested_too_deeply_are_a_fault_of_the_file() -> None:
    assert faults_of(f"name = {'[' * 100_000}") == "my.toml: not TOML: nested too deeply"
