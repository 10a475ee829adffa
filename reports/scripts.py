"""The page's scripts and styles, and the content security policy that allows them and no other."""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from reports.colours import DARK, LIGHT, css_variables

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = (
    "figures.js",
    "legend.js",
    "selection.js",
    "panel.js",
    "axes.js",
    "filter.js",
    "tables.js",
    "live.js",
    "page.js",
)


@cache
def plotly_script() -> str:
    """Return plotly.js as the installed plotly package has it, safe inside a script element."""
    return _enclosed(get_plotlyjs().strip())


@cache
def page_script() -> str:
    """Return the page's own script."""
    return _enclosed("\n".join((TEMPLATES / name).read_text("utf-8") for name in SCRIPTS).strip())


@cache
def page_style() -> str:
    """Return the page's style with both palettes."""
    variables = (
        f":root{{color-scheme:light dark;{css_variables(LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
    )
    return variables + (TEMPLATES / "page.css").read_text("utf-8").strip()


@cache
def plotly_style_ids() -> tuple[str, ...]:
    """Return ids of elements for which plotly.js injects style text unless they already exist.

    Its map code does so at start; an empty element of that id keeps the policy free of a breach.
    """
    found = re.findall(r'getElementById\("([0-9a-f]{40,})"\)', get_plotlyjs())
    return tuple(dict.fromkeys(found))


@cache
def content_policy(*, loads_updates: bool = False) -> str:
    """Return the policy: nothing from anywhere, only the scripts and styles named by their hash.

    With `loads_updates` also scripts that lie where the page does.
    plotly.js adds an empty style element and fills it through the style sheet's own interface: the
    hash of nothing allows that. Its drawings set style attributes.
    """
    scripts = " ".join(_hash(text) for text in (plotly_script(), page_script()))
    if loads_updates:
        scripts += " 'self' file:"
    styles = " ".join(_hash(text) for text in (page_style(), ""))
    return (
        f"default-src 'none'; script-src {scripts}; style-src-elem {styles}; "
        "style-src-attr 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def embedded_json(values: Any) -> str:
    """Write values as JSON that no script element, comment or entity can be closed from."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _enclosed(script: str) -> str:
    # The parser ends a script at this tag even inside a string; the language reads both alike.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
