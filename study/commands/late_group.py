"""A group of commands of which some are imported only when they are asked for."""

import click

from search_spaces.faults import perhaps_meant


class LateGroup(click.Group):
    """Name the command that was perhaps meant, among those that are not imported yet too."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; one that is not there may have been mistyped."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"No such command {name!r}{perhaps_meant(name, self.list_commands(ctx))}.")
        return super().resolve_command(ctx, args)
