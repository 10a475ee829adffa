"""The words of the project: texts and names use the field's own terms, everywhere."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Private words, and what a trial, a metric or a candidate is said to do instead.
PRIVATE = {
    "told": "recorded, reported, said",
    "untold": "not recorded",
    "foretell": "predict",
    "foretells": "predicts",
    "foretold": "predicted",
    "heed": "follow",
    "heeds": "follows",
    "heeded": "followed",
    "worn": "over its limit",
    "hopeless": "eliminated",
    "flatter": "be subject to selection bias",
    "flatters": "is subject to selection bias",
    "flattered": "subject to selection bias",
    "flattering": "subject to selection bias",
    "lean": "trend",
    "leans": "has a trend",
    "bare ground": "an empty area",
    "bear on": "be related to",
    "bears on": "is related to",
    "bearing on": "related to",
    "chooses params": "suggests params",
    "ends trials": "prunes, stops trials",
    "a side": "each",
}
# Names of the first version, and what took their place.
OLD = {
    "agenda": "trial queue",
    "bench": "RetrainContext, VerifyContext",
    "bout": "BaselineRun",
    "door": "TestAccess",
    "glance": "sizes",
    "heir": "CarriedTrial",
    "hero": "answer",
    "insist": "retry",
    "keeper": "replica",
    "looker": "activity",
    "watcher": "callbacks",
}
OLD |= {f"{name}s": better for name, better in OLD.items()}
# Class names that would be words elsewhere: the folder in which no class may have them.
OLD_CLASSES = {
    "Choice": "search_spaces",
    "Held": "study",
    "Matter": "reports",
    "Order": "study",
    "Owned": "study",
    "Patience": "study",
    "Real": "search_spaces",
    "Standing": "study",
    "Verdict": "study/coordinator",
    "Whole": "search_spaces",
}
NO_TEXT = {".npz", ".png", ".xz"}


@dataclass(frozen=True)
class Allowed:
    """Where a word may stay: a file or a folder, the words, which lines, and why."""

    path: str
    words: tuple[str, ...]
    why: str
    line: str = ""


ALLOWED = (
    Allowed("tests/test_words.py", (*PRIVATE, *OLD), "the list itself"),
    Allowed("CHANGELOG.md", (*PRIVATE, *OLD), "what old names are called now", r"^\| `"),
    Allowed("Makefile", ("bench",), "the target `make bench`", r"^(bench:|\.PHONY:)"),
    Allowed("benchmarks/README.md", ("bench",), "the target", "`make bench`"),
    *(
        Allowed(path, ("a side",), "how ledgers of the first version name a final")
        for path in (
            "reports/old_openings.py",
            "tests/reports/test_json_record.py",
            "tests/reports/test_opening.py",
            "tests/study/confirmation/test_conclude.py",
            "tests/study/confirmation/test_on_test_split.py",
            "tests/study/run_dir/old_ledger.jsonl",
            "tests/study/run_dir/test_ledger.py",
        )
    ),
)


def _any_of(words: dict[str, str]) -> re.Pattern[str]:
    # A phrase may go over the end of a line, of a comment's line or of a string.
    gap = r"""(?:[\s"'#*]|(?<=\s)f(?=["']))+"""
    parts = [gap.join(word.split()) for word in sorted(words, key=len, reverse=True)]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


_WORDS = _any_of(PRIVATE | OLD)


def find_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield line (from 1) and word, also where it is a part of a name: _told, toldTrials."""
    apart = re.sub(r"_", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "\0", text))
    for found in _WORDS.finditer(apart.replace("\0", "\u200b")):
        word = re.sub(r"""[\s"'#*]+f?["']?""", " ", found[0]).lower()
        yield apart.count("\n", 0, found.start()) + 1, word


def find_classes(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each class of Python text that has an old name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            name = node.name.lstrip("_")
            if name in OLD_CLASSES and path.startswith(f"{OLD_CLASSES[name]}/"):
                yield node.lineno, node.name


def faults(path: str, text: str) -> list[str]:
    """Return a line for each word that must not be in this file: place, word and a better one."""
    lines = text.splitlines()
    found = [(1, word) for _, word in find_words(path)] + list(find_words(text))
    better = PRIVATE | OLD
    messages = [
        f"{path}:{number}: {word} (say: {better[word]})"
        for number, word in found
        if not is_allowed(path, lines[number - 1] if lines else "", word)
    ]
    if path.endswith(".py"):
        messages += [f"{path}:{n}: class {name}" for n, name in find_classes(text, path)]
    return messages


def is_allowed(path: str, line: str, word: str) -> bool:
    return any(
        (path == one.path or (one.path.endswith("/") and path.startswith(one.path)))
        and word in one.words
        and re.search(one.line, line)
        for one in ALLOWED
    )


def tracked_texts() -> list[str]:
    """Return every file of the repository that is text, also one that is not added yet."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    paths = sorted(set(listed.stdout.splitlines()))
    return [path for path in paths if Path(path).suffix not in NO_TEXT and (ROOT / path).is_file()]


def test_no_text_and_no_name_has_a_private_word() -> None:
    paths = tracked_texts()
    assert len(paths) > 400
    found = [
        message for path in paths for message in faults(path, (ROOT / path).read_text("utf-8"))
    ]
    assert found == []


MADE_UP = '''\
"""What was told before."""
untold_trials = [toldTrial for toldTrial in _told]
# Each parameter bears
# on accuracy; 5 seeds a side.
text = (
    "three seeds a "
    f"side"
)
class WatcherOfTrials: ...
#  Told, HEEDED, foretold
'''


def test_the_finder_sees_words_in_texts_and_names_and_over_line_ends() -> None:
    assert list(find_words(MADE_UP)) == [
        (1, "told"),
        (2, "untold"),
        (2, "told"),
        (2, "told"),
        (2, "told"),
        (3, "bears on"),
        (4, "a side"),
        (6, "a side"),
        (9, "watcher"),
        (10, "told"),
        (10, "heeded"),
        (10, "foretold"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "toldest, stoldt, theirs, benchmarks, outdoors, about, glanced, insisted, cleaning",
        "a sidewalk beside aside; on each side; bear the cost; side by side",
        "unworned",
        "",
    ],
)
def test_the_finder_leaves_other_words_alone(text: str) -> None:
    assert list(find_words(text)) == []


def test_every_allowance_is_still_needed() -> None:
    texts = {path: (ROOT / path).read_text("utf-8") for path in tracked_texts()}
    for one in ALLOWED:
        own = [text for path, text in texts.items() if path.startswith(one.path)]
        assert any(word in one.words for text in own for _, word in find_words(text)), one.path


def test_a_fault_names_file_line_word_and_a_better_one() -> None:
    assert faults("study/made_up.py", "\n\nA = 'untold'\n") == [
        "study/made_up.py:3: untold (say: not recorded)"
    ]
    assert faults("study/told_trials.md", "") == [
        "study/told_trials.md:1: told (say: recorded, reported, said)"
    ]


def test_a_class_with_an_old_name_is_found_where_it_must_not_be() -> None:
    text = "class Choice: ...\n\n\nclass _Held: ...\n"
    assert faults("search_spaces/made_up.py", text) == ["search_spaces/made_up.py:1: class Choice"]
    assert faults("study/made_up.py", text) == ["study/made_up.py:4: class _Held"]


@pytest.mark.parametrize(
    ("path", "line", "word", "allowed"),
    [
        ("CHANGELOG.md", "| `study.held`: `Held` | `OwnedStudy` |", "hero", True),
        ("CHANGELOG.md", "- no told trial is lost", "told", False),
        ("benchmarks/README.md", "`make bench` prints ratios", "bench", True),
        ("benchmarks/README.md", "a bench", "bench", False),
        ("benchmarks/README.md", "`make bench`, and what was told", "told", False),
        ("tests/test_words.py", "told", "told", True),
        ("tests/test_words.pyi", "told", "told", False),
    ],
)
def test_a_word_is_allowed_in_its_place_alone(
    path: str, line: str, word: str, allowed: bool
) -> None:
    assert is_allowed(path, line, word) is allowed
