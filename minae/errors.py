"""The error types of the library's own. Elsewhere a wrong value is a ValueError and a wrong type a TypeError."""


class FileError(ValueError):
    """A file that cannot be used. The message names it, what was expected and what was found."""


class GraphError(ValueError, RuntimeError):
    """backward() asked for what the graph cannot give. (PyTorch raises RuntimeError here.)"""
