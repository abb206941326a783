"""The lessons as web pages: built without a warning, then looked at in a browser, on a wide screen and on a telephone.

This needs what `pip install -e '.[book]'` brings, and Chromium.
"""

import http.server
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from lessons.tools.build import build
from lessons.tools.catalogue import HERE, Lesson, lessons

ROOT = HERE.parent
WIDTHS = (1200, 390)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages of all lessons, and of one that has every form; the address of a server."""
    source, pages = (tmp_path_factory.mktemp(name) for name in ("lessons", "pages"))
    shutil.copytree(HERE, source, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True)
    (source / "99_every_form").mkdir()
    shutil.copy(Path(__file__).with_name("every_form.py"), source / "99_every_form" / "lesson.py")
    build(Lesson(source / "99_every_form"))
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-c", ROOT / "docs" / "book", source, pages]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, f"none of {', '.join(BROWSERS)} is installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site):
    """Opens a lesson in a window of some width; nothing is loaded from elsewhere."""
    opened = []

    def open_page(name: str, width: int, scripts: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        context.route(lambda address: not address.startswith(site), lambda route: route.abort())
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site}/{name}/lesson.html")
        return page

    yield open_page
    for context in opened:
        context.close()


NAMES = [lesson.name for lesson in lessons()] + ["99_every_form"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_the_screen(open_page, name, width):
    page = open_page(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    widths = page.evaluate("[...document.querySelectorAll('article img')].map(image => image.clientWidth)")
    assert all(found <= width for found in widths)


def test_answers_are_folded_until_they_are_opened(open_page):
    page = open_page("99_every_form", 1200)
    parts = page.locator("article details")
    assert parts.count() == 4  # the hint, an output, an input, a cell
    for part in parts.all():
        assert part.get_attribute("open") is None
    answer = page.locator("img[alt='A parabola with its lowest point at 0.']")
    assert not answer.is_visible()
    page.locator("details.below-input summary").click()
    assert answer.is_visible()
    hint = page.locator("details", has_text="Hint 1")
    hint.locator("summary").click()
    assert hint.locator("em").inner_text() == "both" and hint.locator(".math.notranslate").count() == 2


def test_formulas_are_drawn_though_nothing_comes_from_elsewhere(open_page):
    page = open_page("99_every_form", 1200)
    text = page.locator("article p", has_text="A formula")
    text.locator(".MathJax").first.wait_for()
    assert r"\(" not in text.inner_text()


def test_every_picture_of_the_form_has_its_text(open_page):
    page = open_page("99_every_form", 1200)
    texts = page.evaluate("[...document.querySelectorAll('article img')].map(image => image.alt)")
    assert texts == [
        "A parabola with its lowest point at 0.",
        "A parabola that gets steeper.",
        "A parabola for several a.",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_slider_moves(open_page, width):
    page = open_page("99_every_form", width)
    picture, slider = page.locator("img[alt='A parabola for several a.']"), page.locator("input[type=range]")
    said = page.locator("label output")
    assert said.inner_text() == "a = 2"
    at = "image => [image.style.objectPosition, image.naturalWidth / image.naturalHeight, image.clientWidth]"
    place, shape, wide = picture.evaluate(at)
    assert place == "100% 0px" and shape == 5 * 660 / 385 and 300 < wide <= 660  # five frames, of which one is seen
    before = picture.screenshot()
    slider.press("ArrowLeft")
    assert said.inner_text() == "a = 1.5" and slider.get_attribute("aria-valuetext") == "a = 1.5"
    assert picture.evaluate(at)[0] == "75% 0px" and picture.screenshot() != before


def test_without_scripts_there_is_the_picture_and_no_slider(open_page):
    page = open_page("99_every_form", 1200, scripts=False)
    assert page.locator("img[alt='A parabola for several a.']").is_visible()
    assert page.locator("input[type=range]").count() == 0


def test_an_animation_plays(open_page):
    page = open_page("99_every_form", 1200)
    picture = page.locator("img[alt='A parabola that gets steeper.']")
    first = picture.screenshot()
    assert any((page.wait_for_timeout(300), picture.screenshot())[1] != first for _ in range(10))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_melody_plays_until_it_ends_or_is_stopped(open_page, width):
    page = open_page("99_every_form", width)
    errors: list[Exception] = []
    page.on("pageerror", lambda error: errors.append(error))
    long, short = page.locator("[data-notes] button").all()
    place = "button => +button.closest('[data-notes]').querySelector('.cursor').getAttribute('x')"
    assert long.get_attribute("aria-label") == "play three notes" and long.evaluate(place) == -1
    long.click()
    page.wait_for_timeout(500)
    assert long.get_attribute("aria-label") == "stop three notes" and 0 < long.evaluate(place) < 8
    short.click()  # two melodies never sound at once
    assert long.get_attribute("aria-label") == "play three notes" and long.evaluate(place) == -1
    page.wait_for_timeout(1000)
    assert short.get_attribute("aria-label") == "play one note" and errors == []


KEPT = """
const context = new OfflineAudioContext(1, 2 * 44100, 44100);
context.resume = () => {};
window.AudioContext = function () { return context; };
"""


def test_what_is_heard_is_what_is_drawn(open_page):
    """The script's sound, kept instead of played: C4 for 1.2 s after 0.1 s, then E4."""
    page = open_page("99_every_form", 1200)
    page.evaluate(f"() => {{ {KEPT} window.kept = context; }}")
    page.locator("[data-notes] button").first.click()
    samples = np.array(page.evaluate("async () => [...(await window.kept.startRendering()).getChannelData(0)]"))
    assert np.abs(samples[:4400]).max() == 0 < 0.1 < np.abs(samples).max() <= 1
    for begin, frequency in ((0.1, 261.63), (1.3, 329.63)):
        first = round(begin * 44100)
        assert np.abs(samples[first - 200 : first]).max() < 0.01  # a gap before each note
        spectrum = np.abs(np.fft.rfft(samples[first : first + 22050]))
        assert abs(spectrum.argmax() * 2 - frequency) <= 2


def test_without_scripts_there_are_piano_rolls_and_no_buttons(open_page):
    page = open_page("99_every_form", 1200, scripts=False)
    assert page.locator("[data-notes] svg").first.is_visible() and page.locator("[data-notes] button").count() == 0


def test_a_term_leads_to_the_glossary(open_page):
    page = open_page("99_every_form", 1200)
    page.locator("article a", has_text="slope").click()
    page.locator("#slope h2").wait_for()
    assert page.url.endswith("/glossary.html#slope")
