"""Words of command lines that a report gives to copy."""


def quoted(word: str) -> str:
    """Return a word as a shell takes it for one."""
    safe = word and all(sign.isalnum() or sign in "-_./=" for sign in word)
    return word if safe and not word.startswith("-") else "'" + word.replace("'", "'\\''") + "'"
