"""Exercise 2: a scalar autograd in sixty lines.

Replace each `raise NotImplementedError(...)` by your code. Check with

    python -m lessons grade 02        (or: pytest lessons/02_scalar_autograd)

What is given: `Value`, whose edges are the graph. What you write: the local slopes of
each op (part 1), what records them (part 2), and the walk (part 3). Write them in this
order: each part uses those before it. Python alone will do: an exercise that imports
minae or another engine scores nothing. Derive the slopes on paper; the lesson has hints
at its end.
"""

import math

# --- Part 1: ops -------------------------------------------------------------------
# Each takes plain floats and returns (value, slopes): one local slope per input.


def add(a, b):
    """y = a + b,   dy/da = 1,   dy/db = 1      (done, as the example)"""
    return a + b, (1.0, 1.0)


def sub(a, b):
    """y = a - b

    Returns: (y, (dy/da, dy/db)).

    Example: sub(5.0, 3.0) is (2.0, (1.0, -1.0)).
    """
    raise NotImplementedError("sub: return the value and two slopes")


def mul(a, b):
    """y = a b. If a grows by h, by how much does y grow? And if b does?

    Returns: (y, (dy/da, dy/db)).
    """
    raise NotImplementedError("mul: return the value and two slopes")


def div(a, b):
    """y = a / b. Does y grow or shrink if b grows?

    Returns: (y, (dy/da, dy/db)).
    """
    raise NotImplementedError("div: return the value and two slopes")


def power(a, n):
    """y = a^n, for a constant n

    Returns: (y, (dy/da,)): one slope, because n is a plain number that needs none.

    Example: power(3.0, 2) is (9.0, (6.0,)).
    """
    raise NotImplementedError("power: return the value and a tuple with one slope")


def exp(a):
    """y = e^a,   dy/da = y      (done, as the example of one input: mind the comma)"""
    y = math.exp(a)
    return y, (y,)


def tanh(a):
    """y = tanh a, which is math.tanh. How can its slope be written with y alone?

    Returns: (y, (dy/da,)).
    """
    raise NotImplementedError("tanh: return the value and a tuple with one slope")


def relu(a):
    """y = max(a, 0). What is the slope on each side of 0?

    At the kink, a = 0, we take the slope 0 (as PyTorch and minae do).

    Returns: (y, (dy/da,)).
    """
    raise NotImplementedError("relu: return the value and a tuple with one slope")


# --- Part 2: recording -------------------------------------------------------------


class Value:
    """A number that remembers how it was computed.

    data:  the number.
    edges: one (input, slope) for each Value it was computed from; () for a leaf, which
           was made by hand.
    grad:  for leaves: the sum of all gradients that backward() has sent here since it
           was last set to 0.
    """

    def __init__(self, data, edges=()):
        self.data = data
        self.edges = edges
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __add__(self, other):  # self + other
        return apply(add, self, other)

    def __radd__(self, other):  # other + self, where other is a plain number
        return apply(add, other, self)

    def __mul__(self, other):
        return apply(mul, self, other)

    def __rmul__(self, other):
        return apply(mul, other, self)

    def __pow__(self, n):
        return apply(power, self, n)

    def __neg__(self):
        return apply(mul, self, -1.0)

    def exp(self):
        return apply(exp, self)

    def tanh(self):
        return apply(tanh, self)

    def relu(self):
        return apply(relu, self)

    def __sub__(self, other):
        """self - other"""
        raise NotImplementedError("Value.__sub__: like __add__, with sub")

    def __rsub__(self, other):
        """other - self, where other is a plain number: Python calls it for `1 - x`."""
        raise NotImplementedError("Value.__rsub__: like __radd__; mind the order")

    def __truediv__(self, other):
        """self / other"""
        raise NotImplementedError("Value.__truediv__: like __add__, with div")

    def __rtruediv__(self, other):
        """other / self, where other is a plain number: Python calls it for `1 / x`."""
        raise NotImplementedError("Value.__rtruediv__: like __radd__; mind the order")


def apply(op, *inputs):
    """Call an op of part 1 on Values and numbers, and record how the result was made.

    Args:
        op: a function of plain numbers that returns (value, slopes).
        inputs: Values or plain numbers. op gets numbers: the data of a Value, a plain
            number as it is.

    Returns: a Value with the op's value as its data. Its edges are the (input, slope)
    of each input that is a Value, in order. A plain number gets no edge, because nobody
    asks for its gradient. An input used twice gets two edges.

    Example: for x = Value(3.0), apply(mul, x, 2.0) has data 6.0 and edges [(x, 2.0)].
    """
    raise NotImplementedError("apply: call op on numbers, return a Value with edges")


# --- Part 3: the walk --------------------------------------------------------------


def topological_order(root):
    """All Values that root was computed from, and root, so that inputs come first.

    Args:
        root: a Value.

    Returns: a list of Values, each once, and every one after all its inputs. So root is
    last.

    Example: for y = x * x the order is [x, y]; x is there once, though y uses it twice.

    It must work for a chain of 3,000 ops. Python allows about 1,000 nested calls, so
    write a loop with a list of what is still to be visited, and not a function that
    calls itself.
    """
    raise NotImplementedError("topological_order: each Value after its inputs")


def backward(root):
    """Add to the grad of every leaf its gradient, d root / d leaf.

    What is the gradient of root itself? What does a Value send down each of its edges,
    and when may it do so? Only leaves (no edges) keep their gradient, in grad, where it
    is added to what is there. Those of all other Values serve this one walk and are
    then forgotten.

    Example: x = Value(3.0); backward(x * x); x.grad is 6.0. Again backward(x * x): it
    is 12.0.
    """
    raise NotImplementedError("backward: walk the order from root to the leaves")


def zero_grad(values):
    """Set the grad of each Value to 0.0, so that the next backward() begins anew.

    Args:
        values: a list of Values.
    """
    raise NotImplementedError("zero_grad: set each grad to 0.0")
