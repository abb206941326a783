"""A name that no module ever had is refused as Python refuses it (tests/test_package.py imports all old ones)."""

import importlib

import pytest

from minae.support.old_names import Finder


@pytest.mark.parametrize("name", ["minae.nothing", "elsewhere.plots", "minae"])
def test_no_other_name_is_found(name):
    assert Finder().find_spec(name, None) is None


def test_a_module_that_is_not_there():
    with pytest.raises(ModuleNotFoundError, match=r"minae\.nothing"):
        importlib.import_module("minae.nothing")
