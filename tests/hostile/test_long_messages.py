"""A message is for a person: it never grows with what was read, and holds no control characters."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import Fault, FaultError, shown
from search_spaces.read import read_space
from study import cli

LONGEST = 2000
WIDTH = '[parameters.width]\ntype = "int"\nlow = 8\nhigh = 64\n'


def message_of(text: str) -> str:
    with pytest.raises(FaultError) as caught:
        read_space(text, "my.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'name = "mine"\n{"k" * 200_000} = 1\n{WIDTH}', id="a key of 200 kB"),
        pytest.param(f'name = "{"n" * 200_000}"\n{WIDTH}', id="a name of 200 kB"),
        pytest.param(f'name = "mine"\n{WIDTH}when.{"k" * 200_000} = 1\n', id="a condition"),
        pytest.param(f'name = "mine"\n{WIDTH}[fixed]\n{"k" * 200_000} = 1\n', id="a fixed one"),
        pytest.param(f'name = "mine"\n{WIDTH}[{"k" * 200_000}]\n', id="a table"),
        pytest.param(f'name = "mine"\n{WIDTH}[fixed]\ndepth = "{"v" * 200_000}"\n', id="a value"),
    ],
)
def test_what_is_long_is_cut_and_its_ends_are_shown(text: str) -> None:
    message = message_of(text)
    assert message.startswith("my.toml: ")
    assert "..." in message
    assert len(message) <= LONGEST


@pytest.mark.slow
@pytest.mark.parametrize(
    "head", ["", "[fixed]\n", "[baseline]\n", f"{WIDTH}[parameters.width.when]\n"]
)
def test_the_faults_beyond_the_first_are_counted(head: str) -> None:
    count = 50_000
    keys = "".join(f"k{number} = 1\n" for number in range(count))
    rest = "" if "parameters" in head else WIDTH
    began = time.process_time()
    lines = message_of(f'name = "mine"\n{head}{keys}{rest}').split("\n")
    shown_faults = len(lines) - 1
    assert 1 <= shown_faults <= 20
    more = count - shown_faults
    assert lines[-1] in {f"... and {more + extra:,} more faults" for extra in (0, 1)}
    assert len("\n".join(lines)) <= LONGEST
    assert time.process_time() - began < 20


def test_a_few_faults_are_all_shown() -> None:
    faults = [Fault(f"file, line {number}", "is wrong", "1", "2") for number in range(20)]
    assert str(FaultError(*faults)) == "\n".join(str(fault) for fault in faults)
    assert str(FaultError(*faults, Fault("x", "y"))).endswith("\n... and 1 more fault")


def test_control_characters_and_lone_surrogates_are_escaped() -> None:
    fault = Fault("a\x1b[31m", "is\nwrong\x00", "\ud800", "\u202eright\x9b")
    assert str(fault) == r"a\x1b[31m: is\nwrong\x00; got \ud800; allowed: \u202eright\x9b"


def test_letters_of_every_language_stay() -> None:
    assert str(Fault("Größe/寸法.toml", "falsch", "½ 😀")) == "Größe/寸法.toml: falsch; got ½ 😀"


@given(st.lists(st.tuples(*[st.text(max_size=3000)] * 4), min_size=1, max_size=40))
def test_any_message_is_printable_and_short(parts: list[tuple[str, str, str, str]]) -> None:
    message = str(FaultError(*(Fault(*four) for four in parts)))
    assert len(message) <= LONGEST
    assert all(line.isprintable() for line in message.split("\n"))
    message.encode()


def test_a_value_nested_deeply_is_shown_in_one_short_line() -> None:
    nested: object = 1
    for _ in range(5000):
        nested = [nested] if len(shown(nested)) % 2 else {"a": nested}
    assert len(shown(nested)) <= 60
    assert shown({"x" * 200_000: 1}).endswith("...")
    assert shown(json.loads('"\\ud800"')) == r"'\ud800'"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--trials", "9" * 5000],
        ["plan", "--gain", "x" * 200_000],
        ["run", f"--{'x' * 200_000}"],
        ["x" * 200_000],
        ["spaces", "check", "x" * 200_000],
        ["show", "x" * 200_000],
        ["run", "--confirm-seeds", "9" * 5000],
    ],
)
def test_what_was_typed_is_not_repeated_at_length(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.exit_code(arguments) in {1, 2}
    assert len(capsys.readouterr().err) <= LONGEST


def test_what_was_typed_cannot_take_over_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["\x1b[31m"], ["run", "--\x1b[31m"], ["show", "\x1b[31m"]):
        assert cli.exit_code(arguments) in {1, 2}
        assert "\x1b" not in capsys.readouterr().err
