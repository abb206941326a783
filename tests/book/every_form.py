# %% [markdown]
# # Every form
#
# A lesson that has all that lessons may have. A formula: $x^2$. A term: [slope](../glossary.md#slope).
#
# <details>
# <summary>Hint 1</summary>
#
# Think of $f(x + h)$, and of *both* sides.
#
# $$f(x) = x^2$$
#
# </details>

# %%
import numpy as np

from lessons import drawing

# %% tags=["guess"]
guess = ...  # where is it lowest?

# %% tags=["hide-output"]
print("What is seen:")
x = np.linspace(-2, 2, 50)
axes = drawing.axes("Parabola", "x", "y")
axes.plot(x, x**2)
drawing.show(axes, alt="A parabola with its lowest point at 0.")


# %% tags=["hide-input"]
def parabola(a):
    axes = drawing.axes("Parabola", "x", "y")
    axes.plot(x, a * x**2)
    axes.set_ylim(-1, 9)
    return axes


drawing.animate(parabola, np.linspace(0, 2, 8), alt="A parabola that gets steeper.")

# %%
drawing.slider(parabola, [0, 0.5, 1, 1.5, 2], alt="A parabola for several a.", label="a")

# %%
long, short = np.full((2, 32), 128)
long[[0, 8, 16]] = 60, 64, 67
short[[0, 1]] = 60, 129
drawing.play({"three notes": long, "one note": short[:2]}, alt="Two piano rolls.")

# %% tags=["hide-cell"]
print("A heading:")
