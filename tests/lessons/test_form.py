"""The form of a lesson: each rule on small made-up lessons, then all of them on all lessons."""

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from lessons.tools import form
from lessons.tools.catalogue import HERE, Lesson, Project, find
from lessons.tools.form import KINDS, LINES, PICTURES, RULES, Page, avoided, broken_links, complaints, length, sentences


@pytest.mark.parametrize("lesson", find([]), ids=lambda lesson: lesson.name)
def test_a_lesson_has_the_form(lesson):
    assert complaints(lesson) == []


def test_the_form_of_a_project(tmp_path):
    (tmp_path / "exercise.py").write_text("x = 1\n")
    task = "# A\n\n## The task\n\nWrite it.\n\n## The steps\n\n## The report\n\n## The rubric\n"
    for content, complaint in (
        (task, None),
        (task.replace("## The rubric", ""), "no heading 'The rubric' in project.md"),
        (task.replace("Write it", "You shall write"), "an old word; say it as one would today"),
        (
            task.replace("Write it", f"Write {'very ' * 30}well"),
            "1 of 1 sentences of project.md have more",
        ),
        (task.replace("it.", "[it](there.md)."), "a broken link: there.md"),
    ):
        (tmp_path / "project.md").write_text(content)
        found = complaints(Project(tmp_path))
        assert len(found) == (complaint is not None) and all((complaint or "") in one for one in found), found
    (tmp_path / "project.md").write_text(task)
    (tmp_path / "exercise.py").write_text("#" * 89)
    assert complaints(Project(tmp_path)) == [f"{tmp_path.name}: exercise.py has 89 columns, expected at most 88"]


# --- a small lesson that has the form --------------------------------------------------------------------------------


def png(frames: int = 1) -> str:
    pictures, file = [Image.new("L", (4, 4), shade) for shade in range(frames)], io.BytesIO()
    pictures[0].save(file, "PNG", **({"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}))
    return base64.b64encode(file.getvalue()).decode()


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": list(outputs)}


def picture(alt: str = "A line that rises to the right.", frames: int = 1, **data: str) -> dict[str, Any]:
    return {"data": {"image/png": png(frames), **data}, "metadata": {"image/png": {"alt": alt}}}


def printed(what: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": what}


TEXT = """# Lines

A line rises, see [slope](../glossary.md#slope).

<details>
<summary>Hint 1</summary>

Divide the rise by the run.

</details>

## Challenge

Draw a circle.
"""
MOVING = picture(frames=3)
GUESS = code("guess = ...", tags=("guess",))
ANSWER = code("print(1)", printed("What happens:\n1\n"), tags=("hide-output",))
CELLS = [text(TEXT), code("draw()", MOVING), GUESS, ANSWER]
TESTS = "import pytest\n" + "".join(
    f'@pytest.mark.points({worth}, "{kind}")\ndef test_{kind}(exercise): ...\n' for worth, kind in zip((6, 3, 1), KINDS)
)
QUESTION = {"question": "What is 1 + 1?", "choices": ["2", "11"], "answer": 0, "why": ["Count.", "That is a text."]}


@pytest.fixture
def make(tmp_path):
    """A page of these cells; other files by keyword."""

    def make(
        cells=CELLS, tests: str | None = TESTS, exercise="x = 1\n", question=QUESTION, lesson="# A line.\n"
    ) -> Page:
        folder = tmp_path / "01_lines"
        folder.mkdir()
        (tmp_path / "glossary.md").write_text("# Glossary\n\n## slope\n\nHow steep.\n")
        contents = {"lesson.ipynb": json.dumps({"cells": cells}), "lesson.py": lesson, "exercise.py": exercise}
        contents["quiz.json"] = json.dumps({"before": [], "after": [question]})
        if tests is not None:
            contents["test_exercise.py"] = tests
        for name, content in contents.items():
            (folder / name).write_text(content, "utf-8")
        return Page(Lesson(folder))

    return make


def test_the_small_lesson_has_the_form(make):
    assert complaints(make().lesson) == []


def long_code(count: int, *tags: str) -> dict[str, Any]:
    return code("\n".join(["x = 1"] * count), tags=tags)


LONG_CHOICE = {**QUESTION, "choices": ["it is the number 2", "11"]}
LONG_TEXT = text("A word " * 13 + ".\n\n" + "Short one. " * 18)
KNOWN_KINDS = "expected one of build, debug, experiment"

BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    "a cell of 16 lines": ("lines_of_cells", {"cells": [long_code(16)]}, "cell 1 has 16 lines, expected at most 15"),
    "wide code": ("columns", {"cells": [code("x" * 89)]}, "cell 1 has code of 89 columns, expected at most 88"),
    "wide output": ("columns", {"cells": [code("x", printed("y" * 89))]}, "cell 1 has output of 89 columns"),
    "a wide value": ("columns", {"cells": [code("x", {"data": {"text/plain": "y" * 89}})]}, "has output of 89 columns"),
    "a wide exercise": ("columns", {"exercise": "x" * 89}, "exercise.py has 89 columns"),
    "no alt": ("alt_text", {"cells": [code("x", picture(alt=""))]}, "the picture of cell 1 needs alt text"),
    "HTML without alt": (
        "alt_text",
        {"cells": [code("x", {"data": {"text/html": '<img src="data:image/png;base64,">'}, "metadata": {}})]},
        "the picture of cell 1 needs alt text",
    ),
    "alt of a word": (
        "alt_text",
        {"cells": [code("x", picture(alt="Figure"))]},
        "the picture of cell 1 needs alt text",
    ),
    "no alt in Markdown": ("alt_text", {"cells": [text("![](a.png)")]}, "the picture a.png needs alt text"),
    "no alt in HTML": ("alt_text", {"cells": [text('<img src="a.png">')]}, "an <img> in the text needs alt="),
    "two pictures": ("one_picture_a_cell", {"cells": [code("x", MOVING, MOVING)]}, "cell 1 has 2 pictures, expected 1"),
    "large": ("size_of_pictures", {"cells": [code("x", picture(**{"text/html": "x" * PICTURES}))]}, "pictures of 300,"),
    "no picture first": (
        "opens_with_its_picture",
        {"cells": [*5 * [text("Words.")], code("x", MOVING)]},
        "no picture in the first 5 cells",
    ),
    "all stands still": ("something_moves", {"cells": [code("x", picture())]}, "nothing moves"),
    "no guess": ("answers_are_folded", {"cells": [ANSWER]}, "no place for a guess"),
    "an open answer": ("answers_are_folded", {"cells": [GUESS, code("print(1)")]}, "the guess of cell 1 needs"),
    "no answer": ("answers_are_folded", {"cells": [GUESS, text("Words.")]}, "the guess of cell 1 needs"),
    "an answer shown": (
        "folded_outputs_give_nothing_away",
        {"cells": [code("x", printed("42:\n"), tags=("hide-output",))]},
        "cell 1 is folded: first print a heading",
    ),
    "an answer in the text of its picture": (
        "folded_outputs_give_nothing_away",
        {"cells": [code("show(alt='It falls.')", printed("Seen:\n"), tags=("hide-output",))]},
        "cell 1 tells its answer in alt=",
    ),
    "an answer drawn": (
        "folded_outputs_give_nothing_away",
        {"cells": [code("x", picture(), tags=("hide-cell",))]},
        "cell 1 is folded: first print a heading",
    ),
    "details without empty lines": (
        "details_are_markdown",
        {"cells": [text("<details>\n<summary>Hint</summary>\nText\n</details>")]},
        "<details> number 1 needs",
    ),
    "details without a summary": (
        "details_are_markdown",
        {"cells": [text("<details>\n\nText\n\n</details>")]},
        "<details> number 1 needs",
    ),
    "open details": ("details_are_markdown", {"cells": [text("<details>")]}, "a <details> is not closed"),
    "no kind": ("kinds_of_exercises", {"tests": TESTS + "@pytest.mark.points(1)\ndef test(): ..."}, KNOWN_KINDS),
    "no debugging": (
        "kinds_of_exercises",
        {"tests": TESTS.replace('(3, "debug")', '(3, "build")')},
        "no points for debug",
    ),
    "more for experiments": (
        "kinds_of_exercises",
        {"tests": TESTS.replace("(1,", "(4,")},
        "expected most for build and least for experiment",
    ),
    "no challenge": ("kinds_of_exercises", {"cells": [text(TEXT.replace("Challenge", "End"))]}, "the word `challenge`"),
    "no hints": ("kinds_of_exercises", {"cells": [text("# Challenge")]}, "no hints"),
    "a long right answer": ("answers_of_the_quiz", {"question": LONG_CHOICE}, "the right answer is the longest: 'What"),
    "long sentences": (
        "length_of_sentences",
        {"cells": [LONG_TEXT]},
        "1 of 19 sentences of the text have more than 25",
    ),
    "long questions": (
        "length_of_sentences",
        {"question": {**QUESTION, "question": "Word " * 26}},
        "sentences of the quiz have more than 25 words: 26: 'Word Word",
    ),
    "an old word": ("words_to_avoid", {"lesson": "# We shall\n"}, "lesson.py: 'We shall': an old word"),
    "an old word in the exercise": ("words_to_avoid", {"exercise": '"""Whoever"""'}, 'exercise.py: \'"""Whoever'),
    "an idiom in the quiz": (
        "words_to_avoid",
        {"question": {**QUESTION, "question": "In a nutshell?"}},
        "quiz.json: 'In a nutshell? |",
    ),
    "many words": ("number_of_words", {"cells": [text("One two. " * 1001)], "tests": None}, "2,002 words, expected at"),
    "a broken link": ("links", {"cells": [text(TEXT + "[x](missing.py)")]}, "a broken link: missing.py"),
    "no glossary": ("links", {"cells": [text("# Words")]}, "no link to a term of the glossary"),
}


@pytest.mark.parametrize(("rule", "changes", "words"), BAD.values(), ids=BAD)
def test_a_rule_sees_what_is_wrong(make, rule, changes, words):
    found = getattr(form, rule)(make(**changes))
    assert len(found) == 1 and words in found[0], found


def test_every_rule_has_a_case():
    assert {rule for rule, _, _ in BAD.values()} == {rule.__name__ for rule in RULES}


FOLDED = "<details>\n<summary>A</summary>\n\nB\n\n</details>"
FINE: dict[str, tuple[str, dict[str, Any]]] = {
    "a folded cell of many lines": ("lines_of_cells", {"cells": [long_code(40, "hide-input"), long_code(LINES)]}),
    "a long text of a picture": (
        "columns",
        {"cells": [code("x", {"data": {"image/png": "", "text/plain": "[picture: " + "y" * 99}})]},
    ),
    "a slider": ("something_moves", {"cells": [code("x", picture(**{"text/html": "<div><script>1</script></div>"}))]}),
    "an answer in words": (
        "answers_are_folded",
        {"cells": [GUESS, text(FOLDED)]},
    ),
    "words before the answer": ("answers_are_folded", {"cells": [GUESS, text("Open it."), ANSWER]}),
    "a folded cell that says nothing": (
        "folded_outputs_give_nothing_away",
        {"cells": [code("x = 1", tags=("hide-cell",))]},
    ),
    "a first look without exercises": ("kinds_of_exercises", {"tests": None, "cells": [text("Words.")]}),
    "a first look without the glossary": ("links", {"tests": None, "cells": [text("Words.")]}),
    "a long lesson with exercises": ("number_of_words", {"cells": [text("One two. " * 1001)]}),
    "one long sentence in twenty": ("length_of_sentences", {"cells": [text(LONG_TEXT["source"] + "Last one.")]}),
    "a right answer as long as another": ("answers_of_the_quiz", {"question": {**QUESTION, "choices": ["22", "11"]}}),
}


@pytest.mark.parametrize(("rule", "changes"), FINE.values(), ids=FINE)
def test_a_rule_is_silent_on(make, rule, changes):
    assert getattr(form, rule)(make(**changes)) == []


# --- English ---------------------------------------------------------------------------------------------------------


def test_sentences_of_a_markdown_text():
    markdown = """# A heading

First *one*. Is it? "Yes!" Then $a. B$ and `c. D` count
as words, and 2.5 is a number.

- an item
- another, with [a link](x.md)

| a | table |

$$a = b$$

```python
x = 1  # Code. Here.
```

<details>
<summary>Hint</summary>

Inside. ![a picture](x.png)

</details>
"""
    assert sentences(markdown) == [
        "First *one*.",
        "Is it?",
        '"Yes!',
        "Then X and X count as words, and 2.5 is a number.",
        "an item",
        "another, with a link",
        "X",
        "Inside.",
    ]


def test_words_are_counted_without_signs():
    assert length("Then X and X - count as words, and 2.5 is a number.") == 12


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("as we shall\n# see", "an old word"),
        ("it falls, for the error grows: for it is", "`for`"),
        ("Stop, for they agree", "`for`"),
        ("learn it by  heart", "from memory"),
        ("the path over p", "`over`"),
        ("over q and over p", "`over`"),
        ("no ballpark", "an idiom"),
    ],
)
def test_words_to_avoid(said, why):
    found = avoided(said)
    assert found and all(why in one for one in found)


@pytest.mark.parametrize(
    "said", ["marshall it", "for i in range(3):", "one, for example", "loop over rows", "the heart"]
)
def test_words_that_are_fine(said):
    assert avoided(said) == []


# --- links -----------------------------------------------------------------------------------------------------------


def test_links(tmp_path):
    (tmp_path / "other.md").write_text("# Some `code`, here\n")
    (tmp_path / "file.py").write_text("")
    fine = "# A title\n[a](other.md) [b](other.md#some-code-here) [c](#a-title) [d](https://x.org/#y) [e](file.py#L3)"
    fine += "\n`[f](no.md)`\n```\n[g](no.md)\n```"
    assert broken_links(fine, tmp_path) == []
    wrong = ["no.md", "other.md#else", "#else", "http://x.org", "mailto:x@y", "."]
    found = broken_links(" ".join(f"[x]({target})" for target in wrong), tmp_path)
    assert found == [f"a broken link: {target}" for target in wrong]


@pytest.mark.parametrize("name", ["glossary.md", "START.md", "README.md", "index.md"])
def test_the_course_has_no_broken_links(name):
    assert broken_links((HERE / name).read_text("utf-8"), HERE) == []


def test_the_glossary_has_each_term_once_with_a_meaning_and_in_order():
    _, *parts = (HERE / "glossary.md").read_text("utf-8").split("\n## ")
    terms = [part.splitlines()[0] for part in parts]
    assert terms == sorted({*terms}, key=str.lower)
    assert [term for term, part in zip(terms, parts) if len(part.split()) < 8] == []
