"""A user's function on its way to other processes: known by its code, sent by name or value."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import study
from study.api.build_function import fingerprint, packed
from tests.study.api import own_functions

RATE = 0.5


def helper(size: int) -> int:
    return size + 1


def build(params: dict[str, Any]) -> float:
    return helper(params["size"]) * RATE


def test_a_function_comes_out_as_it_went_in() -> None:
    sent = packed(build)
    assert sent.name == "build"
    assert sent.load()({"size": 3}) == 2.0
    assert packed(lambda params: params["a"]).load()({"a": 4}) == 4


def test_what_is_no_function_is_one_message() -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        packed("module:build")
    assert str(caught.value) == (
        "build: not a function; got 'module:build'; allowed: a function of one dict of params"
    )


def test_what_cannot_be_sent_is_one_message() -> None:
    open_file = sys.stdout
    with pytest.raises(study.DenseStudyError, match="build <lambda>: cannot be sent to workers"):
        packed(lambda _: open_file)


def test_without_cloudpickle_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(study.DenseStudyError) as caught:
        packed(build)
    assert str(caught.value) == (
        "build: cloudpickle is not installed; allowed: pip install 'dense-study[own-model]'"
    )


def made(source: str) -> Callable[..., Any]:
    """Return `build` of a module's source."""
    names: dict[str, Any] = {"__name__": "own"}
    exec(compile(source, "own.py", "exec"), names)  # noqa: S102 a test's own text
    found: Callable[..., Any] = names["build"]
    return found


SOURCE = """
RATE = 0.5
KINDS = {"a", "b", "c"}
def helper(size):
    return size in KINDS
def build(params, more=(1, 2)):
    def inner():
        return params["kind"] in {"x", "y", "z"}
    return helper(params["size"]) * RATE, inner
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE = 0.5", "RATE = 0.6"),
        ('"b"', '"d"'),
        ("size in KINDS", "size not in KINDS"),
        ("(1, 2)", "(1, 3)"),
        ('"y"', '"w"'),
        ("* RATE", "+ RATE"),
    ],
)
def test_every_change_of_what_it_does_changes_the_fingerprint(old: str, new: str) -> None:
    assert fingerprint(made(SOURCE.replace(old, new))) != fingerprint(made(SOURCE))


def test_comments_and_places_do_not_change_the_fingerprint() -> None:
    other = "# a comment\n\n" + SOURCE.replace(
        "    return helper", "    # another\n\n    return helper"
    )
    assert fingerprint(made(other)) == fingerprint(made(SOURCE))


@pytest.mark.slow
def test_another_process_finds_the_same_fingerprint() -> None:
    code = (
        "from study.api.build_function import fingerprint\n"
        "from tests.study.api.own_functions import small\n"
        "from tests.study.api.test_build_function import SOURCE, made\n"
        "print(fingerprint(small), fingerprint(made(SOURCE)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    own = f"{fingerprint(own_functions.small)} {fingerprint(made(SOURCE))}\n"
    assert found == {own}
