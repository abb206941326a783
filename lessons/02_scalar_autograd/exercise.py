"""Exercise 2: a scalar autograd in sixty lines.

Replace each `raise NotImplementedError(...)` by your code. One function, `friends_walk`
in part 4, is there already, and it is wrong. Check with

    python -m lessons grade 02        (or: pytest lessons/02_scalar_autograd)

What is given: `Value`, whose edges are the graph. What you write: the local slopes of
each op (part 1), what records them (part 2), and the walk (part 3). Write them in this
order: each part uses those before it. Parts 4 and 5 stand alone. Python alone will do:
an exercise that imports minae or another engine scores nothing. Derive the slopes on
paper; the lesson has hints, most of them at its end.
"""

import math

# --- Part 1: ops (build) -----------------------------------------------------------
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
    """y = max(a, 0): a itself above 0, and 0 below. What is the slope on each side?

    Many networks use it in place of tanh. At a = 0 it has a kink, with another slope on
    each side. There we take the slope 0, as minae does.

    Returns: (y, (dy/da,)).
    """
    raise NotImplementedError("relu: return the value and a tuple with one slope")


# --- Part 2: recording (build) -----------------------------------------------------


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


# --- Part 3: the walk (build; parts 1 to 3 have 7 points) --------------------------


def topological_order(root):
    """All Values that root was computed from, and root, so that inputs come first.

    Args:
        root: a Value.

    Returns: a list of Values, each once, and every one after all its inputs. So root is
    last. (The lesson's walk takes its turns the other way round: root first.)

    Example: for y = x * x the order is [x, y]; x is there once, though y uses it twice.

    It must work for a chain of 3,000 ops. Python allows about 1,000 nested calls, so
    write a loop with a list of what is still to be visited, and not a function that
    calls itself.
    """
    raise NotImplementedError("topological_order: each Value after its inputs")


def backward(root):
    """Add to the grad of every leaf its gradient, d root / d leaf.

    What is the gradient of root itself? What does a Value send down each of its edges,
    and when may it do so? Leaves (no edges) keep their gradient, in grad, where it is
    added to what is there. Those of all other Values serve this one walk: the next walk
    must not find anything of them.

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


# --- Part 4: debug (2 points) ------------------------------------------------------


def friends_walk(edges, root):
    """The gradient of root at every node. A friend's, and it is wrong: fix it.

    Nodes are names here. The order is right: the edges of a node come after all edges
    that lead to it.

    Args:
        edges: a list of (node, input, local slope).
        root: the name of the node where the walk begins.

    Returns: a dict {node: gradient}.

    Example: y = p + c and p = a b, at a = 3, b = -4. The edges are
    [("y", "p", 1.0), ("y", "c", 1.0), ("p", "a", -4.0), ("p", "b", 3.0)].
    The result is {"y": 1.0, "p": 1.0, "c": 1.0, "a": -4.0, "b": 3.0}, which is right.
    """
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients[source] = gradients[node] * slope
    return gradients


# --- Part 5: experiment (1 point) --------------------------------------------------


def steps_to_pass(rate):
    """How soon does a weight run past the best value, if zero_grad is forgotten?

    As in the lesson: the loss is (w - 1)², w begins at 0, and each step goes along the
    sum of all gradients so far. Change the rate, predict, run: the lesson has the
    program. Then count for any rate, with plain numbers, by a loop of your own. Let it
    be `for step in range(1, 1000)`: a `while` never ends if w stays below 1.

    Args:
        rate: a float between 0.00001 and 0.1.

    Returns: an int, the number of steps after which w is above 1 for the first time. It
        is below 1,000 for these rates.

    Example: steps_to_pass(0.05) is 5.
    """
    raise NotImplementedError("steps_to_pass: first run the lesson's program")


# A rate 100 times smaller does not take 100 times as many steps. Why? A line in your
# own words, which a person reads.
WHY_SO_FEW_STEPS = ""
