"""An example or two of every command, as its help shows them."""

from collections.abc import Mapping
from types import MappingProxyType

import click

# A command, or a command and the one below it -> the command lines.
EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "run": (
            "dense-study run four --data digits --trials 30",
            "dense-study run wide --data mnist --timeout 2h --name mnist-wide",
        ),
        "resume": ("dense-study resume four-digits", "dense-study resume four-digits --trials 60"),
        "confirm": (
            "dense-study confirm four-digits --confirm-seeds 10",
            "dense-study confirm four-digits --confirm-seeds auto --margin 0.1",
        ),
        "report": (
            "dense-study report four-digits --open",
            "dense-study report four-digits wide-digits --out both.html",
        ),
        "show": ("dense-study show four-digits", "dense-study show four-digits --json"),
        "export": (
            "dense-study export four-digits",
            "dense-study export four-digits --config-format toml --to best.toml",
        ),
        "list": ("dense-study list", "dense-study list --json"),
        "ledger": ("dense-study ledger", "dense-study ledger --json"),
        "extend": ("dense-study extend four-digits --space wide --trials 60",),
        "delete": ("dense-study delete four-digits", "dense-study delete four-digits --yes"),
        "dashboard": ("dense-study dashboard four-digits --port 8081",),
        "baseline": (
            "dense-study baseline --data digits",
            "dense-study baseline --data mnist --seeds 10",
        ),
        "plan": ("dense-study plan four --data mnist --trials 12 --gain 0.2",),
        "train": ("dense-study train best.toml --data digits --seeds 3",),
        "verify": (
            "dense-study verify runs/four-digits/best",
            "dense-study verify runs/four-digits/best --hashes-only",
        ),
        "predict": ("dense-study predict runs/four-digits/best seven.png --json",),
        "spaces": ("dense-study spaces show four",),
        "spaces check": ("dense-study spaces check my-space.toml",),
        "spaces list": ("dense-study spaces list",),
        "spaces parameters": ("dense-study spaces parameters",),
        "spaces schema": ("dense-study spaces schema > space.schema.json",),
        "spaces show": ("dense-study spaces show four --toml > my-space.toml",),
        "data": ("dense-study data", "dense-study data check my.npz"),
        "data check": ("dense-study data check digits",),
        "data list": ("dense-study data list",),
        "data save": ("dense-study data save digits digits.npz",),
    }
)


def show_examples(name: str, command: click.Command) -> None:
    """Put the examples of a command, and of those below it, at the end of their help."""
    lines = EXAMPLES[name]
    # The sign \b keeps lines as they are.
    head = "\b\nExamples:" if lines[1:] else "\b\nExample:"
    command.epilog = "\n  ".join([head, *lines])
    for below, one in command.commands.items() if isinstance(command, click.Group) else ():
        show_examples(f"{name} {below}", one)
