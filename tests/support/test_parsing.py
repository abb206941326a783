"""How the text of an option is read: what is taken, up to the very edge, and what the refusal shows."""

import pytest

from minae.support.parsing import above_zero, height_width, not_negative, one_of, share, sizes, whole

TAKEN = [
    (whole(1), "1", 1),
    (whole(0), "0", 0),
    (whole(2), "12345678901234567", 12345678901234567),
    (above_zero, "1e-300", 1e-300),
    (above_zero, "2", 2.0),
    (not_negative, "0", 0.0),
    (share, "1", 1.0),
    (share, "1e-9", 1e-9),
    (sizes, "1", (1,)),
    (sizes, "512,128,1", (512, 128, 1)),
    (height_width, "28", (28, 28)),
    (height_width, "1x40", (1, 40)),
    (one_of(("a", "b")), "b", "b"),
]


@pytest.mark.parametrize(("read", "text", "value"), TAKEN)
def test_what_is_taken(read, text, value):
    assert read(text) == value and type(read(text)) is type(value)


REFUSED = [
    (whole(1), "0"),
    (whole(0), "-1"),
    (above_zero, "0"),
    (above_zero, "inf"),
    (not_negative, "-1e-300"),
    (not_negative, "nan"),
    (share, "0"),
    (share, "1.0000001"),
    (sizes, "1,0"),
    (sizes, "1,"),
    (height_width, "0"),
    (height_width, "28x0"),
    (one_of(("a", "b")), "A"),
]


@pytest.mark.parametrize(("read", "text"), REFUSED)
def test_what_is_refused_is_shown(read, text):
    with pytest.raises(ValueError, match=r"expected .*, found '"):
        read(text)


def test_a_long_text_is_cut_off_at_60_letters():
    for length, shown in ((60, "'" + "x" * 60 + "'"), (61, "'" + "x" * 60 + "...'")):
        with pytest.raises(ValueError, match=f"found {shown}$"):
            whole(1)("x" * length)
