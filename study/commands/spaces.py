"""The `spaces` command: which search spaces there are, what one holds, whether a file is valid."""

import importlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from search_spaces.faults import Fault, FaultError
from search_spaces.fingerprint import space_fingerprint
from search_spaces.kinds import allowed_values
from search_spaces.parameters import PARAMETERS, Scalar
from search_spaces.read import load_space
from search_spaces.rows import left_at_default, published_text, space_rows, value_text
from search_spaces.schema import space_schema
from search_spaces.shipped import shipped_names
from search_spaces.space import Space
from search_spaces.write import write_space
from study.commands.completion import space_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.late_group import LateGroup
from study.commands.streams import say


class SpaceCommands(LateGroup):
    """Import `new` only when it is asked for: it reads data, which needs numpy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, `new` among them."""
        return sorted([*super().list_commands(ctx), "new"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, None for an unknown name."""
        if cmd_name != "new":
            return super().get_command(ctx, cmd_name)
        found = importlib.import_module("study.commands.new_space").new_command
        assert isinstance(found, click.Command)  # noqa: S101 our own module, not user input
        return found


@click.group(
    "spaces",
    cls=SpaceCommands,
    invoke_without_command=True,
    epilog=examples(
        "dense-study spaces show four",
        "dense-study spaces new --data my.csv --target kind",
    ),
)
@click.pass_context
def command(context: click.Context) -> int:
    """List, show, check and begin search spaces."""
    return print_list(_console()) if context.invoked_subcommand is None else 0


@command.command("list", epilog=examples("dense-study spaces list"))
@as_json("Print a list of objects as JSON.")
def list_command(as_json: bool) -> int:
    """List the shipped search spaces."""
    if not as_json:
        return print_list(_console())
    say(json.dumps([_summary(load_space(name)) for name in shipped_names()], indent=1))
    return 0


@command.command("show", epilog=examples("dense-study spaces show four --toml > my-space.toml"))
@click.argument("space", metavar="NAME|FILE.toml", shell_complete=space_names)
@click.option("--toml", is_flag=True, help="Print it as TOML, to start a space of your own from.")
@as_json("Print it as JSON, as its TOML has it, with its fingerprint.")
def show_command(space: str, toml: bool, as_json: bool) -> int:
    """Show what a search space searches, what it fixes, and its baseline."""
    if toml and as_json:
        raise click.UsageError("--toml is another form: leave out --json")
    loaded = load_space(space)
    if as_json:
        content = tomllib.loads(write_space(loaded))
        say(json.dumps({**content, "fingerprint": space_fingerprint(loaded)}, indent=1))
        return 0
    if toml:
        say(write_space(loaded), nl=False)
        return 0
    return print_space(_console(), loaded)


@command.command("check", epilog=examples("dense-study spaces check my-space.toml"))
@click.argument("spaces", metavar="NAME|FILE.toml...", nargs=-1, required=True)
@as_json("Print a list of objects as JSON, one for each space; those with faults name them.")
def check_command(spaces: tuple[str, ...], as_json: bool) -> int:
    """Check search spaces and report everything that is wrong with any of them."""
    return check_as_json(spaces) if as_json else check(spaces)


@command.command("parameters", epilog=examples("dense-study spaces parameters"))
@as_json("Print a list of objects as JSON.")
def parameters_command(as_json: bool) -> int:
    """List every parameter that a space can search or fix, with its limits and default."""
    if as_json:
        found = [{"name": name, **asdict(one)} for name, one in PARAMETERS.items()]
        say(json.dumps(found, indent=1))
        return 0
    rows = [
        (name, allowed_values(parameter), value_text(parameter.default), parameter.about)
        for name, parameter in PARAMETERS.items()
    ]
    _print_table(_console(), ("parameter", "allowed", "default", "what it is"), rows)
    return 0


@command.command("schema", epilog=examples("dense-study spaces schema > space.schema.json"))
def schema_command() -> int:
    """Print the JSON Schema of search space files, for editors."""
    say(json.dumps(space_schema(), indent=1))
    return 0


def check(spaces: Iterable[str]) -> int:
    """Print a line for each sound space; raise FaultError with the faults of all the others."""
    faults: list[Fault] = []
    for name in spaces:
        try:
            space = load_space(name)
        except FaultError as error:
            faults += error.faults
        else:
            count = f"{len(space.parameters)} searched, {len(space.fixed)} fixed"
            say(f"{name}: ok, {count}, fingerprint {space_fingerprint(space)}")
    if faults:
        raise FaultError(*faults)
    return 0


def check_as_json(spaces: Iterable[str]) -> int:
    """Print each space with its fingerprint or its faults; return 1 where any has some."""
    found: list[dict[str, object]] = []
    for name in spaces:
        try:
            found.append({"space": name, "fingerprint": space_fingerprint(load_space(name))})
        except FaultError as error:
            found.append({"space": name, "faults": [str(one) for one in error.faults]})
    say(json.dumps(found, indent=1))
    return int(any("faults" in one for one in found))


def _summary(space: Space) -> dict[str, object]:
    return {
        "name": space.name,
        "about": space.about,
        "searched": [one.name for one in space.parameters],
        "fixed": dict(space.fixed),
        "baseline": dict(space.baseline.params),
        "fingerprint": space_fingerprint(space),
    }


def print_list(console: Console) -> int:
    """Print the shipped spaces, the default first."""
    spaces = [load_space(name) for name in shipped_names()]
    rows = [
        (f"{space.name}{' (default)' * (not place)}", str(len(space.parameters)), space.about)
        for place, space in enumerate(spaces)
    ]
    _print_table(console, ("space", "searched", "what it is for"), rows)
    return 0


def print_space(console: Console, space: Space) -> int:
    """Print a space for people: head, searched, fixed, baseline, the rest."""
    console.print(Text(f"{space.name}: {space.about}" if space.about else space.name, style="bold"))
    console.print(Text(f"fingerprint {space_fingerprint(space)}"))
    console.print()
    rows = [
        (row.name, row.values, row.when.replace("; ", "\n"), row.baseline)
        for row in space_rows(space)
    ]
    _print_table(console, ("searched", "values", "only when", "baseline"), rows)
    _print_values(console, "fixed", space.fixed)
    _print_values(console, "baseline", space.baseline.params)
    if space.baseline.published is not None:
        _print_section(console, "published", published_text(space.baseline.published))
    _print_values(console, "left at its default", left_at_default(space))
    return 0


def _console() -> Console:
    return Console(highlight=False)


def _print_table(console: Console, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # plain columns in a pipe, a line under the head on a terminal
    lines = box.SIMPLE if console.is_terminal else None
    table = Table(
        box=lines, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)
    )
    for place, title in enumerate(head):
        table.add_column(title, no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _print_values(console: Console, title: str, values: Mapping[str, Scalar]) -> None:
    if values:
        text = ", ".join(f"{name} {value_text(value)}" for name, value in values.items())
        _print_section(console, title, text)


def _print_section(console: Console, title: str, text: str) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    console.print(Padding(Text(text), (0, 0, 0, 2)))
