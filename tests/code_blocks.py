"""The code blocks of a Markdown page, and the process that runs them as a reader would."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

# Above a block: <!-- not run: why -->, <!-- file: NAME --> (write it) or <!-- data: mnist -->.
_BLOCK = re.compile(
    r"^(?:<!-- (?P<key>[\w ]+): (?P<value>[^\n]*) -->\n)?"
    r"^(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)
KEYS = {"", "not run", "file", "data"}
PROGRAMS = {"sh", "python"}
# run(language, text, folder, environment): what the program printed.
RunProgram = Callable[[str, str, Path, dict[str, str]], str]


@dataclass(frozen=True)
class Block:
    """One block: the line where it begins, its language, its text, and what is said above it."""

    line: int
    language: str
    text: str
    key: str = ""
    value: str = ""

    @property
    def runs(self) -> bool:
        return self.language in PROGRAMS and self.key != "not run"


def blocks_of(text: str) -> list[Block]:
    return [
        Block(
            text.count("\n", 0, found.start("fence")) + 1,
            found["language"],
            found["text"],
            found["key"] or "",
            found["value"] or "",
        )
        for found in _BLOCK.finditer(text)
    ]


def run_blocks(
    blocks: Sequence[Block],
    folder: Path,
    environment: dict[str, str],
    after: str = "",
    run: RunProgram | None = None,
) -> str:
    """Write the files, run the programs in their order, and return what they printed.

    Blocks of one language that follow each other are one process; `after` is Python that the last
    of Python's sees as well.
    """
    for block in blocks:
        if block.key == "file":
            (folder / block.value).write_text(block.text, encoding="utf-8")
    groups = [
        (language, "\n".join(block.text for block in group))
        for language, group in groupby((b for b in blocks if b.runs), lambda b: b.language)
    ]
    if after:
        language, text = groups[-1]
        assert language == "python"
        groups[-1] = (language, f"{text}\n{after}")
    run = run or run_program
    return "".join(run(language, text, folder, environment) for language, text in groups)


def run_program(language: str, text: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a program in a process of its own, as a reader does, and return what it printed."""
    shell = ["bash", "-euo", "pipefail", "-c", text]
    command = shell if language == "sh" else [sys.executable, "-c", text]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout
