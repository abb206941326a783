"""What a learner reads after grading."""

import textwrap

from .grade import Result
from .terminal import wrapped

PRINTED = 1000  # letters shown of what the learner's code prints


def show(result: Result, title: str) -> str:
    """Every test with its points and, if it failed, the message that teaches. The same message is given once."""
    lines, said = [f"{result.lesson}: {title}", ""], set()
    isolation = f"isolation: {result.isolation}"
    if result.load_failure:
        nothing = "nothing was checked; your progress stays as it was"
        return "\n".join([*lines, wrapped(result.load_failure), "", nothing, isolation])
    for verdict in result.verdicts:
        lines.append(f"{verdict.points:>5g} / {verdict.possible:g}  {verdict.title}")
        if verdict.message:
            repeated = verdict.message in said
            lines.append(wrapped("as above" if repeated else verdict.message.strip(), " " * 12))
        said.add(verdict.message)
    if remarks := result.earlier.remarks:
        lines += ["", "from earlier lessons:", *(wrapped(remark, " " * 4) for remark in remarks)]
    full = result.points == result.possible
    printed = result.output.strip()
    if printed and not full:
        cut = "..." if len(printed) > PRINTED else ""
        lines += ["", "your code printed:", textwrap.indent(printed[:PRINTED] + cut, "    ")]
    passed = ": the public checks passed" if full else ""
    return "\n".join([*lines, "", f"{result.points:g} of {result.possible:g} points{passed}", isolation])
