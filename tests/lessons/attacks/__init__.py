"""Submissions that a grader must survive, and what each isolation stops.

submissions.py  programs, each with the points that it is worth
layouts.py      where and how people hand in, and what must be found there
probes.py       harms, each tried under each isolation; measure.py makes the table in lessons/README.md of them
tapes.py        recorded answers, played back
"""
