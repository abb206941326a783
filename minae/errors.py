"""The one error type of the library's own."""


class FileError(ValueError):
    """A file that cannot be used. The message names it, what was expected and what was found."""
