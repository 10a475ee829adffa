"""Draw figures through kaleido in a process of its own, which can be ended if a browser hangs.

Reads `{"figures": [[file, figure, options], ...], "seconds": s}` as JSON from stdin and writes the
files; on a failure its reason goes to stderr.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import kaleido


async def draw(figures: list[tuple[str, Any, Any]], seconds: float) -> None:
    """Write each figure to its file; raises what the browser raises."""
    # Without mathjax=False kaleido would load a script from the network.
    async with kaleido.Kaleido(mathjax=False, timeout=seconds) as browser:
        for file, figure, options in figures:
            Path(file).write_bytes(await browser.calc_fig(figure, options))


def main() -> None:
    """Draw what stdin asks for and end at once, whatever threads a browser has left behind."""
    asked = json.load(sys.stdin)
    code = 0
    try:
        asyncio.run(draw(asked["figures"], asked["seconds"]))
    except (OSError, RuntimeError, TimeoutError) as error:
        reason = error.args[0] if error.args else type(error).__name__
        sys.stderr.write(f"{reason}\n")
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
