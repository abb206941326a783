"""The version, in one place: setup.cfg and everything else read it from here."""

__version__ = "0.1.0"
