"""The command line: finds the command, imports its module alone, and is the one error boundary."""

import errno
import importlib
import io
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType

import click

from search_spaces.faults import Fault, FaultError, cut
from study.commands.late_group import LateGroup
from study.commands.streams import lasting_streams
from study.coordinator.interrupts import raised_interrupts
from study.machine import utc_text

# name -> (module of study.commands, what it does); the module holds a click command `command`.
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("run", "Run a study: baseline, search, confirmation, report, bundle."),
        "resume": ("resume", "Continue a study with the options it was started with."),
        "confirm": ("confirm", "Find out on the sealed test set whether tuning beat the baseline."),
        "report": ("report", "Write the report page of a study, or compare studies."),
        "show": ("show", "Print a study's answer as text, or its whole record as JSON."),
        "export": ("export", "Write a study's best config as a bundle."),
        "list": ("list", "List the studies of a folder."),
        "ledger": ("openings", "List who opened which test split, and how often."),
        "extend": ("extend", "Start a study with another space, from the trials of an old one."),
        "delete": ("delete", "Delete a study's run directory."),
        "dashboard": ("dashboard", "Watch a study in optuna-dashboard."),
        "baseline": ("baseline", "Train the baseline alone, step by step or over many seeds."),
        "plan": ("forecast", "Predict what a run would cost and which gain it could detect."),
        "train": ("train", "Train one config file."),
        "verify": ("verify", "Check a bundle: its hashes, then its weights by retraining."),
        "predict": ("predict", "Classify images with a bundle's network."),
        "spaces": ("spaces", "List, show, check and begin search spaces."),
        "data": ("data", "List, check and save data sets."),
    }
)


# What a machine refuses, whatever the program does: no bug of ours.
_REFUSALS = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
        errno.ESTALE,
        errno.ELOOP,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
    }
)


class Commands(LateGroup):
    """Import a command's module only when that command is chosen."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """Return the names in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"study.commands.{COMMANDS[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101 our own modules, not user input
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the command list without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="dense-study")
def cli() -> None:
    """Tune a dense Keras network, and learn whether tuning really beat the baseline."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 a known fault, 2 usage, 3 a bug, 130 stopped.

    SIGTERM and the end of the terminal are treated like Ctrl-C, so that no command leaves its
    temporary files behind.
    """
    lost = lasting_streams()
    code = exit_code(arguments, while_it_runs=raised_interrupts)
    if (error := lost()) is not None:
        click.echo(f"Error: the output could not be written: {error.strerror}", err=True)
        code = code or 1
    sys.exit(code)


def exit_code(
    arguments: list[str] | None,
    command: click.Command = cli,
    while_it_runs: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Run one command and return its exit code; every error ends here."""
    try:
        # Only in here: a request to end that raised elsewhere would end in a traceback.
        with while_it_runs():
            code = command.main(args=arguments, prog_name="dense-study", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        click.echo(_short_text(error), err=True)
        return 2 if isinstance(error, click.UsageError) else 1
    except FaultError as error:
        click.echo(f"Error: {error}", err=True)
        return 1
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        return 130
    except OSError as error:
        if error.errno not in _REFUSALS:
            return _report_bug(error)
        where = "this machine" if error.filename is None else str(error.filename)
        click.echo(f"Error: {Fault(where, str(error.strerror))}", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 the one boundary
        return _report_bug(error)
    return code if isinstance(code, int) else 0


def _short_text(error: click.ClickException) -> str:
    """Return what click would show, each line printable and cut: it repeats what was typed."""
    whole = io.StringIO()
    error.show(whole)
    lines = whole.getvalue().rstrip("\n").split("\n")
    return "\n".join(cut(line, 500) for line in lines[:40])


def _report_bug(error: Exception) -> int:
    when = utc_text()
    text = f"{when}\n{''.join(traceback.format_exception(error))}"
    try:
        handle, log = tempfile.mkstemp(prefix="dense-study-", suffix=".log")
        with open(handle, "w") as file:  # noqa: PTH123 a handle, not a path
            file.write(text)
        where = f"the traceback is in {log}"
    except OSError:
        where = text
    click.echo(
        f"Bug in dense-study: {type(error).__name__}: {cut(str(error), 500)}; {where}", err=True
    )
    return 3
