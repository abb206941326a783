"""Say to which programs the checks in answers.py object."""

import runpy
from inspect import isgeneratorfunction
from pathlib import Path

HERE = Path(__file__).parent


def functions_of(program):
    """What a check is given of a program: its functions and constants by name."""
    public = {
        name: value for name, value in program.items() if not name.startswith("_")
    }
    constants = {
        name: value for name, value in public.items() if isinstance(value, (int, float))
    }
    functions = {
        name: value
        for name, value in public.items()
        if callable(value) and not isinstance(value, type)
    }
    lists = {
        name: as_list(value)
        for name, value in functions.items()
        if isgeneratorfunction(value)
    }
    return constants | functions | lists


def as_list(generator):
    return lambda *args, **options: list(generator(*args, **options))


def main():
    answers = runpy.run_path(str(HERE / "answers.py"))
    for path in sorted(HERE.glob("program_*.py")):
        check = answers.get(path.stem.replace("program", "check"))
        if check is None:
            said = "no check"
        else:
            try:
                check(functions_of(runpy.run_path(str(path))))
                said = "your check passes"
            except Exception as error:
                said = f"your check objects: {type(error).__name__}: {error}"
        print(f"{path.stem}: {said}", flush=True)


if __name__ == "__main__":
    main()
