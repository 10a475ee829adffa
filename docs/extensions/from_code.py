"""Directives whose content is made from the code when the site is built."""

import importlib
from collections.abc import Iterator
from typing import ClassVar

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from search_spaces.kinds import allowed_values
from search_spaces.parameters import PARAMETERS
from search_spaces.read_domain import KEYS
from search_spaces.rows import value_text
from search_spaces.shipped import shipped_names, shipped_text
from study.cli import COMMANDS


class FromCode(SphinxDirective):
    """Parse the Markdown that a subclass makes, in the place of the directive."""

    has_content: ClassVar[bool] = False

    def markdown(self) -> Iterator[str]:
        """Yield the lines of the content."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Return the parsed content."""
        return self.parse_text_to_nodes("\n".join(self.markdown()), allow_section_headings=True)


class Parameters(FromCode):
    """A table of every parameter: what it may be, its default, what it is."""

    def markdown(self) -> Iterator[str]:
        """Yield a row a parameter."""
        yield "| parameter | allowed | default | what it is |"
        yield "|---|---|---|---|"
        for name, one in PARAMETERS.items():
            default = value_text(one.default)
            yield f"| `{name}` | {allowed_values(one)} | `{default}` | {one.about} |"


class DomainKeys(FromCode):
    """A table of the types of a searched parameter, with the keys that each takes."""

    def markdown(self) -> Iterator[str]:
        """Yield a row a type."""
        yield "| type | keys |"
        yield "|---|---|"
        for name, keys in KEYS.items():
            yield f"| `{name}` | {', '.join(f'`{key}`' for key in keys if key != 'type')} |"


class ShippedSpaces(FromCode):
    """Each search space of the package, as its TOML file."""

    def markdown(self) -> Iterator[str]:
        """Yield a section a space, the default first."""
        for name in shipped_names():
            yield f"### {name}\n\n```toml\n{shipped_text(name)}```\n"


class Commands(FromCode):
    """The help of every command and of its subcommands."""

    def markdown(self) -> Iterator[str]:
        """Yield a section a command."""
        for name in COMMANDS:
            command = importlib.import_module(f"study.commands.{COMMANDS[name][0]}").command
            yield from _helps(command, f"dense-study {name}")


def _helps(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    yield f"### {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (found := command.get_command(context, name)) is not None:
                yield from _helps(found, f"{path} {name}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directives to Sphinx."""
    app.add_directive("parameters", Parameters)
    app.add_directive("domain-keys", DomainKeys)
    app.add_directive("shipped-spaces", ShippedSpaces)
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
