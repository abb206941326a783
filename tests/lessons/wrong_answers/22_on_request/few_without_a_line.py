"""Runs it, and writes no line."""

from solution import *

LOSES = ("test_when_the_others_help",)
SAYS = "write your line"

WHEN_IT_HELPS = ""
