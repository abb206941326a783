"""A plugin of pytest that runs the tests named in the file `selected`, in that order. A name may also be a file's."""

from pathlib import Path

SELECTED = Path("selected").read_text().splitlines()


def pytest_configure(config):
    if config.args_source.name != "ARGS":
        config.args = sorted({name.partition("::")[0] for name in SELECTED})


def pytest_collection_modifyitems(config, items):
    place = {name: number for number, name in enumerate(SELECTED)}
    places = [place.get(item.nodeid, place.get(item.nodeid.partition("::")[0])) for item in items]
    kept = sorted((number, index) for index, number in enumerate(places) if number is not None)
    dropped = [item for item, number in zip(items, places, strict=True) if number is None]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [items[index] for _, index in kept]
