"""The course: lessons to read and run, exercises to write, quizzes, and what grades them. `python -m lessons`."""
