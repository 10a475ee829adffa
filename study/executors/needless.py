"""Packages that Keras imports where it can, and that no training needs."""

import sys

# Wrappers for scikit-learn, and pictures of images: a third of the time until Keras is there.
_NEEDLESS = ("sklearn", "matplotlib")


def hide_needless() -> None:
    """Let them look absent to what is imported after this; those imported before stay."""
    for name in _NEEDLESS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def show_needless() -> None:
    """Let them be imported from here on, by a user's own code."""
    for name in _NEEDLESS:
        if sys.modules.get(name, sys) is None:
            del sys.modules[name]
