"""The search spaces that come with the package."""

from importlib.resources import files

_SHIPPED = ("four", "smoke", "wide", "augmented")


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped spaces, the default first."""
    return _SHIPPED


def shipped_text(name: str) -> str:
    """Return the TOML text of a shipped space."""
    return files("search_spaces").joinpath(f"{name}.toml").read_text(encoding="utf-8")
