"""Text as wide as the terminal, up to a width that is still easy to read."""

import shutil
import textwrap

WIDEST = 100


def wrapped(text: str, before: str = "") -> str:
    """The text with `before` in front, its lines wrapped and all below the first one's text."""
    width = max(40, min(WIDEST, shutil.get_terminal_size().columns))
    wrapper = textwrap.TextWrapper(width - len(before), break_long_words=False, break_on_hyphens=False)
    lines = [part for line in text.splitlines() for part in wrapper.wrap(line) or [""]]
    return before + f"\n{' ' * len(before)}".join(lines)
