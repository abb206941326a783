"""Solution of exercise 2: a scalar autograd in sixty lines (without those that are empty)."""

import math


def add(a, b):
    return a + b, (1.0, 1.0)


def sub(a, b):
    return a - b, (1.0, -1.0)


def mul(a, b):
    return a * b, (b, a)


def div(a, b):
    return a / b, (1 / b, -a / b**2)


def power(a, n):
    return a**n, (n * a ** (n - 1) if n else 0.0,)


def exp(a):
    y = math.exp(a)
    return y, (y,)


def tanh(a):
    y = math.tanh(a)
    return y, (1 - y * y,)


def relu(a):
    return max(a, 0.0), (1.0 if a > 0 else 0.0,)


class Value:
    def __init__(self, data, edges=()):
        self.data, self.edges, self.grad = data, edges, 0.0

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

    __add__ = lambda self, other: apply(add, self, other)
    __radd__ = lambda self, other: apply(add, other, self)
    __sub__ = lambda self, other: apply(sub, self, other)
    __rsub__ = lambda self, other: apply(sub, other, self)
    __mul__ = lambda self, other: apply(mul, self, other)
    __rmul__ = lambda self, other: apply(mul, other, self)
    __truediv__ = lambda self, other: apply(div, self, other)
    __rtruediv__ = lambda self, other: apply(div, other, self)
    __pow__ = lambda self, n: apply(power, self, n)
    __neg__ = lambda self: apply(mul, self, -1.0)
    exp = lambda self: apply(exp, self)
    tanh = lambda self: apply(tanh, self)
    relu = lambda self: apply(relu, self)


def apply(op, *inputs):
    value, slopes = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value, [(x, slope) for x, slope in zip(inputs, slopes) if isinstance(x, Value)])


def topological_order(root):
    order, seen, unvisited = [], set(), [(root, False)]
    while unvisited:
        value, inputs_are_done = unvisited.pop()
        if inputs_are_done:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            unvisited += [(value, True), *((x, False) for x, _ in value.edges)]
    return order


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope


def zero_grad(values):
    for value in values:
        value.grad = 0.0


def friends_walk(edges, root):
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients[source] = gradients.get(source, 0.0) + gradients[node] * slope
    return gradients


def steps_to_pass(rate):
    w = total = 0.0
    for step in range(1, 1000):
        total += 2 * (w - 1)
        w -= rate * total
        if w > 1:
            return step


WHY_SO_FEW_STEPS = "Each gradient pushes again in all later steps, so the way grows like the square of the steps."
