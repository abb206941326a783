"""The text of a file as people hand it in: in any encoding that editors write, or a notebook."""

import codecs
import io
import tokenize
import warnings

from .catalogue import LessonError

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(source: bytes) -> str:
    """The source as a text. What no encoding explains is read as Latin-1, in which every byte is a letter."""
    for encoding in (*_declared(source), "utf-8-sig"):
        try:
            return source.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return source.decode("latin-1")


def _declared(source: bytes) -> list[str]:
    """What the first bytes, or the first two lines, say of the encoding."""
    if source.startswith(UTF_16):
        return ["utf-16"]
    if source[1:200:2].strip(b"\0") == b"" and len(source) > 1:
        return ["utf-16-le"]
    if source[:200:2].strip(b"\0") == b"" and len(source) > 1:
        return ["utf-16-be"]
    try:
        return [tokenize.detect_encoding(io.BytesIO(source).readline)[0]]
    except SyntaxError:  # not what it says, or not UTF-8
        return []


def program_of(notebook: bytes) -> str:
    """The code cells of a notebook as one program. Raises LessonError if it is no notebook."""
    try:
        import jupytext
    except ModuleNotFoundError as error:
        raise LessonError('it is a notebook; to read those, pip install -e ".[lessons]"') from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cells = jupytext.reads(text_of(notebook), fmt="ipynb")
            return jupytext.writes(cells, fmt="py:percent")
    except Exception as error:  # whatever else the file holds
        raise LessonError(f"it cannot be read as a notebook ({type(error).__name__})") from error
