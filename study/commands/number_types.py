"""Numbers as option types: finite ones."""

import math
from typing import Any

import click


class FiniteRange(click.FloatRange):
    """Take a number of a range; click's own lets nan through, which is in no range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fails as click's own does."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{number} is not a number.", param, ctx)
        return number
