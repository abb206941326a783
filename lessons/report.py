"""What a learner reads after grading."""

import textwrap

from .grade import Result


def show(result: Result, title: str) -> str:
    """Every test with its points and, if it failed, the message that teaches. The same message is given once."""
    lines, said = [f"{result.lesson}: {title}", ""], set()
    for verdict in result.verdicts:
        lines.append(f"{verdict.points:>5g} / {verdict.possible:g}  {verdict.title}")
        if verdict.message:
            repeated = verdict.message in said
            lines.append(textwrap.indent("as above" if repeated else verdict.message.strip(), " " * 12))
        said.add(verdict.message)
    full = result.points == result.possible
    if result.output.strip() and not full:
        lines += ["", "your code printed:", textwrap.indent(result.output.strip()[:1000], "    ")]
    verdict = ": the public checks passed" if full else ""
    return "\n".join([*lines, "", f"{result.points:g} of {result.possible:g} points{verdict}"])
