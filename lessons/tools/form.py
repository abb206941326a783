"""What a program can see of a lesson's form. Each rule takes a page and returns what is wrong with it, a line each.

The rules and their reasons stand in lessons/README.md. `python -m lessons check NN` prints what they find.
"""

import ast
import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image

from .build import GUESS
from .catalogue import Lesson, Project

LINES = 15  # of a cell that is not folded
COLUMNS = 88
PICTURES = 300_000  # bytes of a lesson's pictures, as they stand in the notebook
OPENING = 5  # cells: one of them shows the opening picture
LONG = 25  # words of a sentence
SHARE = 0.05  # of the sentences may be longer
WEIGHTS = 5_000_000  # bytes of the trained weights of all lessons
WORDS = 2_000  # of a lesson without an exercise
KINDS = ("build", "debug", "experiment")  # of exercises, in the order of their points; a challenge has none
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
LINK = re.compile(r"(!?)\[((?:[^\]\\]|\\.)*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"^(```|~~~).*?^\1\s*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)

_CAUSAL = (
    r"(?<=[,;:.] )for "
    r"(?:it|they|we|you|he|she|there|(?:the|an?|this|that|each|every|no)(?: \w+){1,2} (?:is|are|was|has))"
)
AVOID = {
    r"shall|ought|lest|whence|thence|thereof|hitherto|albeit": "an old word; say it as one would today",
    r"who(?:so)?ever|whomever": "say `anyone who`, or name the person",
    r"by heart": "say `from memory`",
    _CAUSAL: "`for` in the sense of because",
    r"(?:ways?|paths?|walks?|route) over|over \W?\w\W? and over": "`over` in the sense of through",
    r"piece of cake|out of the blue|in a nutshell|ballpark|red herring|rabbit hole|low-hanging|tongue in cheek|"
    r"cuts? corners|boils? down|back of (?:an|the) envelope|sleight of hand|once and for all|by and large": "an idiom",
}


@dataclass(frozen=True)
class Page:
    """A lesson as it was built."""

    lesson: Lesson

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        cells = json.loads((self.lesson.folder / "lesson.ipynb").read_text("utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in cells]

    @property
    def code(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The cells of code, with their places among all cells."""
        return ((place, cell) for place, cell in enumerate(self.cells, 1) if cell["cell_type"] == "code")

    @cached_property
    def markdown(self) -> str:
        return "\n\n".join(cell["source"] for cell in self.cells if cell["cell_type"] == "markdown")

    @cached_property
    def quiz_texts(self) -> list[str]:
        quiz = self.lesson.quiz()
        return [text for q in quiz["before"] + quiz["after"] for text in (q["question"], *q["choices"], *q["why"])]


def complaints(lesson: Lesson) -> list[str]:
    """All that the rules find, each line with the lesson's name."""
    if isinstance(lesson, Project):
        found = form_of_a_project(lesson)
    else:
        page = Page(lesson)
        found = [complaint for rule in RULES for complaint in rule(page)]
    return [f"{lesson.name}: {complaint}" for complaint in found]


def form_of_a_project(project: Project) -> list[str]:
    """A task, steps, a rubric for the part that a person grades, plain English, links that lead somewhere."""
    texts = {name: (project.folder / name).read_text("utf-8") for name in ("project.md", "exercise.py")}
    text, headings = texts["project.md"], HEADING.findall(texts["project.md"])
    wanted = ("The task", "The steps", "The report", "The rubric")
    found = [f"no heading {heading!r} in project.md" for heading in wanted if heading not in headings]
    found += [f"{name}: {complaint}" for name in texts for complaint in avoided(texts[name])]
    found += too_long("project.md", sentences(text)) + too_wide(project) + broken_links(text, project.folder)
    return found


def complaints_about_weights(paths: list[Path]) -> list[str]:
    """Trained weights are float16, and small in all."""
    from safetensors.numpy import load_file

    found = [
        f"{path}: {name} is {array.dtype}, expected float16 (lessons/weights.py)"
        for path in paths
        for name, array in load_file(path).items()
        if array.dtype.kind == "f" and array.dtype != "float16"
    ]
    size = sum(path.stat().st_size for path in paths)
    return found + ([f"weights of {size:,} bytes in all, expected at most {WEIGHTS:,}"] if size > WEIGHTS else [])


def _tags(cell: dict[str, Any]) -> set[str]:
    return set(cell["metadata"].get("tags", []))


# --- code ---


def lines_of_cells(page: Page) -> list[str]:
    """At most 15 lines that the reader sees without opening anything."""
    return [
        f"cell {place} has {count} lines, expected at most {LINES}"
        for place, cell in page.code
        if (count := len(cell["source"].splitlines())) > LINES and not _tags(cell) & {"hide-input", "hide-cell"}
    ]


def columns(page: Page) -> list[str]:
    """At most 88 columns of code, and of what it prints: more runs off a page or a telephone."""
    found = []
    for place, cell in page.code:
        texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
        printed = "\n".join("".join(text) for text in texts if not "".join(text).startswith("[picture: "))
        for what, text in (("code", cell["source"]), ("output", printed)):
            if (widest := max(map(len, text.splitlines()), default=0)) > COLUMNS:
                found.append(f"cell {place} has {what} of {widest} columns, expected at most {COLUMNS}")
    return found + too_wide(page.lesson)


def too_wide(lesson: Lesson) -> list[str]:
    """At most 88 columns of the exercise, too."""
    exercise = lesson.folder / "exercise.py"
    if exercise.exists() and (widest := max(map(len, exercise.read_text("utf-8").splitlines()))) > COLUMNS:
        return [f"exercise.py has {widest} columns, expected at most {COLUMNS}"]
    return []


# --- pictures ---


def _pictures(page: Page) -> Iterator[tuple[int, dict[str, Any]]]:
    """Outputs that are pictures, with the place of their cell."""
    for place, cell in page.code:
        for output in cell["outputs"]:
            data = output.get("data", {})
            if any(kind.startswith("image/") or "data:image/" in "".join(data[kind]) for kind in data):
                yield place, output


def alt_text(page: Page) -> list[str]:
    """Every picture says what can be seen on it."""
    found = []
    for place, output in _pictures(page):
        told = output["metadata"].get("image/png", {}).get("alt", "")
        if len(told.split()) < 4:
            found.append(
                f"the picture of cell {place} needs alt text, a sentence (end with drawing.show(..., alt=...))"
            )
    for mark, alt, target in LINK.findall(page.markdown):
        if mark and len(alt.split()) < 4:
            found.append(f"the picture {target} needs alt text, a sentence")
    return found + [
        "an <img> in the text needs alt=" for tag in re.findall("<img[^>]*>", page.markdown) if "alt=" not in tag
    ]


def one_picture_a_cell(page: Page) -> list[str]:
    """A cell's pictures share one alt text on the web."""
    places = [place for place, _ in _pictures(page)]
    return [
        f"cell {place} has {places.count(place)} pictures, expected 1"
        for place in sorted({*places})
        if places.count(place) > 1
    ]


def size_of_pictures(page: Page) -> list[str]:
    """At most 300 kB in all."""
    kinds = ("image/", "text/html", "text/markdown")  # the last two have a picture in them again
    size = sum(
        len("".join(data))
        for _, output in _pictures(page)
        for kind, data in output["data"].items()
        if kind.startswith(kinds)
    )
    return [f"pictures of {size:,} bytes, expected at most {PICTURES:,}"] if size > PICTURES else []


def opens_with_its_picture(page: Page) -> list[str]:
    """The reader sees at once what will be made."""
    if any(place <= OPENING for place, _ in _pictures(page)):
        return []
    return [f"no picture in the first {OPENING} cells: a lesson opens with what will have been made at its end"]


def something_moves(page: Page) -> list[str]:
    """An animation or a slider."""
    if any(_moves(output["data"]) for _, output in _pictures(page)):
        return []
    return ["nothing moves: use drawing.animate or drawing.slider"]


def _moves(data: dict[str, Any]) -> bool:
    page = "".join(data.get("text/html", ""))
    pictures = ["".join(data.get("image/png", "")), *re.findall('src="data:image/png;base64,([^"]+)"', page)]
    return "<script>" in page or any(_frames(picture) > 1 for picture in pictures)


def _frames(picture: str) -> int:
    return getattr(Image.open(io.BytesIO(base64.b64decode(picture))), "n_frames", 1)


# --- guesses and what is folded ---


def answers_are_folded(page: Page) -> list[str]:
    """A place for a guess, and the answer out of sight until the reader opens it."""
    found, guesses = [], 0
    for place, cell in enumerate(page.cells, 1):
        if GUESS not in _tags(cell):
            continue
        guesses += 1
        answer = next((c for c in page.cells[place:] if c["cell_type"] == "code" or "<details>" in c["source"]), None)
        if answer is None or not (_tags(answer) & {"hide-output", "hide-cell"} or "<details>" in answer["source"]):
            found.append(f"the guess of cell {place} needs a folded answer next (tag hide-output, or <details>)")
    return found or ([] if guesses else ['no place for a guess (a cell tagged "guess")'])


def folded_outputs_give_nothing_away(page: Page) -> list[str]:
    """JupyterLab shows the first line of a folded output: let it be a heading that ends in a colon, without digits.

    And the code above it is seen: alt text there tells what the picture will show.
    """
    found = []
    for place, cell in page.code:
        if "hide-output" in _tags(cell) and "alt=" in cell["source"]:
            found.append(f"cell {place} tells its answer in alt=; fold the code too (hide-cell)")
        if not cell["outputs"] or not _tags(cell) & {"hide-output", "hide-cell"}:
            continue
        first = "".join(cell["outputs"][0].get("text", "")).splitlines()[:1]
        if not first or not first[0].endswith(":") or re.search(r"\d", first[0]):
            found.append(f'cell {place} is folded: first print a heading without digits, as in print("What happens:")')
    return found


def details_are_markdown(page: Page) -> list[str]:
    """What is folded in the text is Markdown too: it needs empty lines around it, and a summary."""
    blocks = re.findall(r"<details>(.*?)</details>", page.markdown, re.DOTALL)
    whole = [re.fullmatch(r"\s*<summary>[^<]+</summary>\n\n.*\S\n\n", block, re.DOTALL) for block in blocks]
    found = [
        f"<details> number {n} needs a <summary>, then empty lines around its text"
        for n, ok in enumerate(whole, 1)
        if not ok
    ]
    if page.markdown.count("<details") != len(blocks):
        found.append("a <details> is not closed, or has attributes")
    return found


# --- exercises ---


def kinds_of_exercises(page: Page) -> list[str]:
    """Points for building, debugging and experimenting, in this order of value; a challenge; hints in steps."""
    if not page.lesson.has_exercise:
        return []
    points = points_by_kind(page.lesson.tests)
    found = [
        f"an exercise of no known kind: {kind!r}, expected one of {', '.join(KINDS)}"
        for kind in points
        if kind not in KINDS
    ]
    found += [f"no points for {kind}" for kind in KINDS if not points.get(kind)]
    known = [points[kind] for kind in KINDS if points.get(kind)]
    if known != sorted(known, reverse=True):
        found.append(f"points {points}: expected most for build and least for experiment")
    headings = " ".join(HEADING.findall(page.markdown)).lower()
    found += [] if "challenge" in headings else ["no heading with the word `challenge`"]
    return found + ([] if "<summary>Hint 1</summary>" in page.markdown else ["no hints (<summary>Hint 1</summary>)"])


def points_by_kind(tests: Path) -> dict[str, float]:
    """What `@pytest.mark.points(2, "build")` gives in all, for each kind."""
    points: dict[str, float] = {}
    for node in ast.walk(ast.parse(tests.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.points":
            worth, *kind = (ast.literal_eval(argument) for argument in node.args)
            points["".join(kind)] = points.get("".join(kind), 0) + worth
    return points


def answers_of_the_quiz(page: Page) -> list[str]:
    """Nobody finds the right answer by its length."""
    quiz = page.lesson.quiz()
    found = []
    for question in quiz["before"] + quiz["after"]:
        right = question["choices"][question["answer"]]
        wrong = [choice for choice in question["choices"] if choice != right]
        if len(right) > max(map(len, wrong)):
            found.append(f"the right answer is the longest: {question['question'][:60]!r}")
    return found


# --- English ---


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown text, without code, tables and headings; a formula counts as one word."""
    text = re.sub(r"^(```|~~~).*?^\1\s*$", "\n", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$", " X ", text, flags=re.DOTALL)
    text = re.sub(r"\$[^$]+\$|`[^`]+`", "X", text)
    text = LINK.sub(lambda link: "" if link[1] else link[2], text)
    text = re.sub(r"<summary>.*?</summary>|<[^>]+>|^(?:#|\||    ).*$", "\n\n", text, flags=re.MULTILINE)
    blocks = re.split(r"\n\s*\n|^\s*(?:[-*+]|\d+\.)\s+", text, flags=re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"(?<=[.!?])[)*_\"'’”]*\s+(?=[\"'“(*_]*[A-Z])", block)]
    return [" ".join(part.split()) for part in parts if re.search(r"\w", part)]


def length(sentence: str) -> int:
    """How many words it has."""
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


def length_of_sentences(page: Page) -> list[str]:
    """At most 5 % of them above 25 words."""
    of_quiz = [sentence for text in page.quiz_texts for sentence in sentences(text)]
    return too_long("the text", sentences(page.markdown)) + too_long("the quiz", of_quiz)


def too_long(name: str, found: list[str]) -> list[str]:
    """More than 5 % of these sentences have more than 25 words."""
    long = sorted(((length(sentence), sentence) for sentence in found if length(sentence) > LONG), reverse=True)
    if len(long) <= SHARE * len(found):
        return []
    worst = "; ".join(f"{count}: {sentence[:50]!r}" for count, sentence in long)
    return [f"{len(long)} of {len(found)} sentences of {name} have more than {LONG} words: {worst}"]


def words_to_avoid(page: Page) -> list[str]:
    """Plain English, without what a second-year student abroad would have to look up."""
    texts = {
        "lesson.py": (page.lesson.folder / "lesson.py").read_text("utf-8"),
        "quiz.json": " | ".join(page.quiz_texts),
    }
    if page.lesson.has_exercise:
        texts["exercise.py"] = (page.lesson.folder / "exercise.py").read_text("utf-8")
    return [f"{name}: {complaint}" for name, text in texts.items() for complaint in avoided(text)]


def avoided(text: str) -> list[str]:
    """What stands in AVOID, with the words around it."""
    text = " ".join(re.sub(r"^\s*#+ ?", "", text, flags=re.MULTILINE).split())
    return [
        f"{text[max(0, match.start() - 20) : match.end() + 20]!r}: {why}"
        for words, why in AVOID.items()
        for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE)
    ]


def number_of_words(page: Page) -> list[str]:
    """A lesson without an exercise is a first look: 15 minutes."""
    count = sum(map(length, sentences(page.markdown)))
    too_many = not page.lesson.has_exercise and count > WORDS
    return [f"{count:,} words, expected at most {WORDS:,} in a lesson without an exercise"] if too_many else []


# --- links ---


def anchor(heading: str) -> str:
    """What a code host and MyST make of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(page: Page) -> list[str]:
    """Files and headings that are linked exist; other places are named by https. The glossary is linked."""
    found = broken_links(page.markdown, page.lesson.folder)
    if page.lesson.has_exercise and "../glossary.md#" not in page.markdown:
        found.append("no link to a term of the glossary, such as [slope](../glossary.md#slope)")
    return found


def broken_links(markdown: str, folder: Path) -> list[str]:
    """Links of a Markdown text in this folder that lead nowhere."""
    return [
        f"a broken link: {target}"
        for _, _, target in LINK.findall(CODE.sub("", markdown))
        if not _leads_somewhere(target, markdown, folder)
    ]


def _leads_somewhere(target: str, markdown: str, folder: Path) -> bool:
    if re.match(r"\w+:", target):
        return target.startswith("https://")
    name, _, heading = target.partition("#")
    path = folder / name
    if name and not path.is_file():
        return False
    text = path.read_text("utf-8") if name.endswith(".md") else markdown
    return not heading or bool(name and not name.endswith(".md")) or heading in map(anchor, HEADING.findall(text))


RULES: tuple[Callable[[Page], list[str]], ...] = (
    lines_of_cells,
    columns,
    alt_text,
    one_picture_a_cell,
    size_of_pictures,
    opens_with_its_picture,
    something_moves,
    answers_are_folded,
    folded_outputs_give_nothing_away,
    details_are_markdown,
    kinds_of_exercises,
    answers_of_the_quiz,
    length_of_sentences,
    words_to_avoid,
    number_of_words,
    links,
)
