"""The examples at the end of a command's help."""


def examples(*lines: str) -> str:
    """Return the epilog of a click command that shows these command lines."""
    # The sign \b keeps lines as they are.
    head = "\b\nExamples:" if lines[1:] else "\b\nExample:"
    return "\n  ".join([head, *lines])
