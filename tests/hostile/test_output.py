"""Output never decides whether a result is kept, and no sign of it ends a command."""

import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "study"]


def run(*arguments, **options):
    return subprocess.run([*COMMAND, *arguments], check=False, timeout=280, **options)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("latin-1", b"_#--~\xd7 \xe9 ?\n"), ("cp1252", b"_#\x96-\x85\xd7 \xe9 ?\n")],
)
def test_a_terminal_that_lacks_signs_is_written_to_all_the_same(encoding, expected):
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    code = (
        "import click, sys, study.cli\n"
        "@click.command()\n"
        "def says():\n"
        "    click.echo('▁█–−…× é \\udcff'); click.echo('−', err=True)\n"
        "study.cli.cli.get_command = lambda *_: says\n"
        "study.cli.main(['says'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0
    assert done.stdout == expected
    assert done.stderr == b"-\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")  # noqa: PTH110
def test_output_that_is_lost_shows_in_the_exit_code():
    with open("/dev/full", "wb") as full:  # noqa: PTH123 a device
        done = run("spaces", "list", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"Error: the output could not be written: No space left on device\n"


def test_a_reader_that_went_away_is_no_fault():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = run("spaces", "list", stdout=pipe, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_stream_is_no_fault():
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m study spaces list >&- 2>&-"], check=False
    )
    assert done.returncode == 0


@pytest.mark.slow
def test_a_study_goes_on_to_its_end_when_nobody_reads_its_lines(tmp_path):
    read, write = os.pipe()
    arguments = ("run", "smoke", "--trials", "4", "--no-confirm", "--name", "s", "--jobs", "1")
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, stdout=write, stderr=write
    ) as process:
        os.close(write)
        os.read(read, 10)
        os.close(read)
        assert process.wait(timeout=900) == 0
    assert (tmp_path / "runs" / "s" / "report.html").is_file()
