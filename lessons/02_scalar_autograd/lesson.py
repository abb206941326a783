# %% [markdown]
# # 2. A scalar autograd in sixty lines
#
# ## How can one walk replace a million nudges?

# %% tags=["hide-input"]
import importlib
import inspect
import time
from dataclasses import dataclass

import numpy as np

from lessons import drawing
from minae import Tensor, autograd
from minae.ops import arithmetic

POINTS = [(-2, -0.5), (-1, 1.0), (0, -0.6), (1, 0.4), (2, 1.2)]
START = np.random.default_rng(0).normal(0, [[2.0], [2.0], [0.3]], (3, 5))
START = [*START.flatten().tolist(), 0.0]


def curve(x, weights):
    """The height at x of five bent lines, added up."""
    total = weights[15]
    for w, b, v in zip(weights[:5], weights[5:10], weights[10:15]):
        total = total + v * (w * x + b).tanh()
    return total


def fit(points, engine, steps=300, rate=0.05):
    """Bend the curve towards the points: the weights at some steps, and all errors."""
    number, backward, zero_grad = engine
    weights, film, losses = [number(start) for start in START], [], []
    for step in range(steps + 1):
        film += [[float(w.data) for w in weights]] if step in SHOWN else []
        losses.append(0.0)
        for x, target in points:
            error = curve(number(float(x)), weights) + number(float(-target))
            loss = error * error
            losses[-1] += float(loss.data)
            backward(loss)
        for weight in weights:
            weight.data = weight.data - rate * weight.grad
        zero_grad(weights)
    return film, losses


def frame(points, weights):
    """The points, and the curve of these weights."""
    axes = drawing.axes("", "x", "y", size=(5.2, 3))
    across = np.linspace(-2.5, 2.5, 161)
    w, b, v = np.reshape(weights[:15], (3, 5, 1))
    axes.plot(across, (v * np.tanh(w * across + b)).sum(0) + weights[15], "C1")
    axes.plot(*np.transpose(points), "o")
    axes.set(xlim=(-2.5, 2.5), ylim=(-2, 2))
    return axes


def forget(weights):
    for weight in weights:
        weight.grad = None


SHOWN = [0, 3, 6, 10, 15, 25, 40, 70, 120, 300]
MINAE = (lambda number: Tensor(number, requires_grad=True), Tensor.backward, forget)
film, losses = fit(POINTS, MINAE)
drawing.animate(
    lambda weights: frame(POINTS, weights),
    film,
    alt="Five dots. A wavy line bends until it goes through all of them.",
    seconds=0.4,
)

# %% [markdown]
# This curve adds up five bent lines. Each has three [weights](../glossary.md#weight), and there is one more, so 16. At
# each step it asked for the slope of its error in all of them, and moved them downhill. A program that finds such
# slopes is called an [autograd](../glossary.md#autograd). Nearly every neural network that you have heard of learned
# with one. Above it was minae's. At the end of this lesson it is **yours**, sixty lines long, and the five points are
# yours too. (*Scalar* means that it knows single numbers, and no arrays.)
#
# You need lesson 1 (the central difference is our judge) and the chain rule from school. We write
# $\partial y / \partial a$, or dy/da, for the slope of $y$ with respect to $a$: how fast $y$ moves when only $a$ moves.
#
# Reading takes 45 minutes, the exercise 75. Code that is folded need not be read. Where you see **Guess**, write your
# guess before you open the answer. Nothing checks it: a word or a number will do.
#
# ## The question
#
# Lesson 1 left a puzzle. Nudging needs $2n$ evaluations for the slopes of $n$ inputs.
# [Backpropagation](../glossary.md#backpropagation) got all of them for the price of a few, whatever $n$. How?
#
# We take the smallest example that shows everything. Two inputs, $a = 3$ and $b = -4$, and three steps:
#
# $$p = a \cdot b, \qquad q = p + a, \qquad y = q \cdot p.$$


# %%
def compute(a, b):
    p = a * b
    q = p + a
    return q * p


# %% [markdown]
# **Guess:** work out $y$. If $a$ grows a little, does $y$ grow or shrink?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def nudged(f, inputs, which, h=6e-6):
    """The slope of f in one of its inputs, as in lesson 1."""
    above, below = list(inputs), list(inputs)
    above[which] += h
    below[which] -= h
    return (f(*above) - f(*below)) / (2 * h)


slopes = [nudged(compute, (3.0, -4.0), which) for which in (0, 1)]
print("By nudging:")
print(f"y = {compute(3.0, -4.0)}   dy/da = {slopes[0]:.6f}   dy/db = {slopes[1]:.6f}")

# %% [markdown]
# <details>
# <summary>In words</summary>
#
# $y = 108$. If $a$ grows, $y$ grows, 72 times as fast. If $b$ grows, $y$ shrinks, 63 times as fast. Remember 72 and
# -63: we want them without nudging.
#
# </details>
#
# ## An expression is a graph
#
# A computer that computes $y$ forgets how, as soon as it has the number. We will make it remember. Each number becomes
# a [node](../glossary.md#node). From each node an [edge](../glossary.md#edge) leads to every input that it was computed
# from.
#
# On the edge we write the [local slope](../glossary.md#local-slope): how fast the node changes with *this* input, while
# its other inputs stand still. Local slopes are easy, because each op needs only its own rule from school:
#
# | op | slope with respect to $u$ | to $v$ |
# |---|---|---|
# | $u + v$ | 1 | 1 |
# | $u \cdot v$ | $v$ | $u$ |
# | $\tanh u$ | $1 - \tanh^2 u$ | |
#
# At the moment an op computes its value, it also knows the numbers in this table. So it notes both. (`@dataclass`
# writes the part of the class that stores `data`, `label`, `edges` and `grad`.)


# %%
@dataclass(eq=False)  # two nodes are equal only if they are the same node
class Node:
    data: float
    label: str = ""
    edges: tuple = ()  # (input, local slope), for each input
    grad: float = 0.0  # we need it near the end

    def __repr__(self):
        return self.label


# %%
def add(u, v, label="+"):
    return Node(u.data + v.data, label, ((u, 1.0), (v, 1.0)))


def mul(u, v, label="*"):
    return Node(u.data * v.data, label, ((u, v.data), (v, u.data)))


def tanh(u, label="tanh"):
    value = float(np.tanh(u.data))
    return Node(value, label, ((u, 1.0 - value * value),))


# %%
a, b = Node(3.0, "a"), Node(-4.0, "b")
p = mul(a, b, "p")
q = add(p, a, "q")
y = mul(q, p, "y")
for node in (a, b, p, q, y):
    print(f"{node} = {node.data:5.1f}   edges: {node.edges}")

# %% [markdown]
# That list of edges *is* the [graph](../glossary.md#graph). Here it is as a picture. An arrow points from a node to an
# input: the way we are going to walk.

# %% tags=["hide-input"]
PLACES = {a: (0, 1), b: (0, 0), p: (1, 0), q: (2, 1), y: (3, 0.4)}


def draw(title, notes, bright=()):
    """The graph of y, with a note under the name of each node."""
    edges = [(node, x, f"{slope:g}") for node in PLACES for x, slope in node.edges]
    return drawing.graph(PLACES, edges, notes, title, bright, size=(5.6, 3.2))


picture = draw("Local slopes on the edges", {node: f"{node.data:g}" for node in PLACES})
drawing.show(
    picture,
    alt="Arrows: y to q -12, y to p -9, q to p 1, q to a 1, p to a -4, p to b 3.",
)

# %% [markdown]
# ## Along one path: multiply
#
# Look at $b$ first. Only one edge leads to it, from $p$, with the slope 3: nudge $b$ by $h$, and $p$ moves by $3h$. If
# the next edge, nearer to $y$, has the slope $s$, then the node there moves by $s \cdot 3h$. This is the chain rule:
# *along a path, slopes multiply.* The path from $y$ straight to $p$ and on to $b$ has $-9 \cdot 3 = -27$.
#
# ## Several paths: add
#
# But a second path leads from $y$ to $b$, through $q$. When $b$ moves, $p$ moves, and $y$ feels it twice: as its input
# $p$, and through its input $q$. For small nudges the two effects add up, because a smooth function of two inputs is
# nearly linear close by:
#
# $$y(q + \delta q,\; p + \delta p)
# = y + \frac{\partial y}{\partial q} \delta q + \frac{\partial y}{\partial p} \delta p + \dots$$
#
# Therefore *the slope is the sum, taken over all paths, of the product along each.*
#
# **Guess:** how many paths lead from $y$ to $a$? Multiply along each, in the picture above. Do they add up to 72?

# %% tags=["guess"]
my_products = [...]


# %% tags=["hide-output"]
def paths(root, leaf):
    """Every path from root to leaf: its names, and the product of its slopes."""
    if root is leaf:
        yield leaf.label, 1.0
    for source, slope in root.edges:
        for names, product in paths(source, leaf):  # the same, one edge further on
            yield f"{root} -> {names}", slope * product


print("All paths:")
for target in (a, b):
    for names, product in paths(y, target):
        print(f"{names:20} {product:6.1f}")
    total = sum(product for _, product in paths(y, target))
    print(f"{'dy/d' + target.label:20} {total:6.1f}\n")

# %% [markdown]
# 72 and -63, as by nudging, but without truncation, and without a step to choose. So we have a method. It is correct,
# and it is useless. Let us see why.
#
# ## Too many paths
#
# Double a number $n$ times: $x_1 = x_0 + x_0$, $x_2 = x_1 + x_1$, and so on. Each step has two edges to the one before.


# %%
def doublings(n):
    """x_0 and x_n."""
    first = last = Node(1.0, "x0")
    for k in range(n):
        last = add(last, last, f"x{k + 1}")
    return first, last


# %% [markdown]
# **Guess:** how many paths lead from $x_{16}$ down to $x_0$? How long would the paths of 60 doublings take?

# %% tags=["guess"]
my_paths, my_time = ..., ...

# %% tags=["hide-output"]
print("Doublings, edges, paths:")
for n in (2, 4, 8, 16):
    first, last = doublings(n)
    start = time.perf_counter()
    count = sum(1 for _ in paths(last, first))
    seconds = time.perf_counter() - start
    print(f"{n:2} {2 * n:3} {count:8,}")
years = seconds * 2.0 ** (60 - 16) / (365 * 24 * 3600)
print(f"60 120 {2**60:8,}")
print(f"16 doublings took {seconds:.2f} s, so 60 would take {years:,.0f} years.")

# %% [markdown]
# <details>
# <summary>What it means</summary>
#
# A number that is used twice doubles the paths below it. In a network every number is used by every unit of the next
# layer, so nobody can walk every path. But there are only a few edges, and the paths share them.
#
# </details>
#
# ## One sum per node
#
# Two of the three paths to $a$ end with the same edge, from $p$ to $a$. Let them add up before it:
#
# $$(-12) \cdot 1 \cdot (-4) + (-9) \cdot (-4) = (-12 - 9) \cdot (-4) = -21 \cdot (-4).$$
#
# So $-21$ stands at $p$, and the edge is walked once. What adds up at a node $v$ in this way is the
# [gradient](../glossary.md#gradient) of $y$ at $v$, $\bar v = \partial y / \partial v$. Each node $u$ that uses $v$
# sends it a part, its own gradient times the slope on the edge from $u$ to $v$:
#
# $$\bar y = 1, \qquad \bar v = \sum_{u \text{ uses } v} \bar u \cdot \frac{\partial u}{\partial v}.$$
#
# That is the whole idea of backpropagation: one sum per node, and each edge is used once.
#
# The simplest walk sends on what it has, as soon as it has something.


# %%
def impatient_walk(root):
    """The gradient of root at every node?"""
    sums, ready, met = {root: 1.0}, [root], {root}
    while ready:
        node = ready.pop()
        for source, slope in node.edges:
            sums[source] = sums.get(source, 0.0) + sums[node] * slope
            if source not in met:
                met.add(source)
                ready.append(source)
        print(f"{node} has {sums[node]:6.1f}, sends it to {[x for x, _ in node.edges]}")
    return sums


# %% [markdown]
# **Guess:** it starts at $y$, and sends to $q$ and to $p$. Then it takes the last one that it met, $p$. What is lost?
# By exactly how much will the gradients of $a$ and $b$ be wrong?

# %% tags=["guess"]
my_errors = {"a": ..., "b": ...}

# %% tags=["hide-output"]
print("The impatient walk:")
wrong = impatient_walk(y)
print(f"dy/da = {wrong[a]:.1f}, wrong by {72 - wrong[a]:.1f}")
print(f"dy/db = {wrong[b]:.1f}, wrong by {-63 - wrong[b]:.1f}")

# %% [markdown]
# <details>
# <summary>Where these errors come from</summary>
#
# $p$ sent on its $-9$ before $q$ had reported. Then $q$ came with $-12 \cdot 1 = -12$, and nobody carried it further.
# That late report should have gone down the edges of $p$: to $a$ with $-12 \cdot (-4) = 48$, to $b$ with
# $-12 \cdot 3 = -36$. These are the errors, exactly.
#
# </details>
#
# ## The order
#
# So a node may pass on its gradient only when **every use of it has reported**. An order of the nodes in which each
# comes after all its inputs is called a [topological order](../glossary.md#topological-order). The walk takes it from
# the end, so that each node comes after all its uses.
#
# To find such an order we need not sort anything. Before the walk, count the uses of each node. During the walk, cross
# off one use for each report. At zero, the node is ready. (The last two lines of `walk` keep a film of it, for the
# picture.)


# %%
def count_uses(root):
    """How many edges lead to each node, on the way from root."""
    uses = {root: 0}
    unvisited = [root]
    while unvisited:
        for source, _ in unvisited.pop().edges:
            if source not in uses:
                uses[source] = 0
                unvisited.append(source)
            uses[source] += 1
    return uses


# %%
def walk(root, film=None):
    """The gradient of root at every node. `film` collects what has arrived."""
    uses = count_uses(root)
    sums, ready = {root: 1.0}, [root]
    while ready:
        node = ready.pop()
        for source, slope in node.edges:
            sums[source] = sums.get(source, 0.0) + sums[node] * slope
            uses[source] -= 1
            if uses[source] == 0:
                ready.append(source)
        if film is not None:
            film.append((node, dict(sums), dict(uses)))
    return sums


# %% [markdown]
# **Guess:** in which order will the nodes have their turn?

# %% tags=["guess"]
my_order = ["y", ...]


# %% tags=["hide-cell"]
def turn(moment):
    """The bright node has its turn. Under each node is what has arrived there."""
    node, sums, uses = moment
    does = "passes on" if node.edges else "is a leaf: it keeps"
    notes = dict.fromkeys(PLACES, "nothing yet")
    for x, gradient in sums.items():
        notes[x] = f"{gradient:g}" + (f", {uses[x]} to come" if uses[x] else "")
    return draw(f"{node} {does} what it has", notes, [node])


turns: list = []
walk(y, turns)
print("Gradients on their way, turn by turn:")
drawing.slider(
    turn,
    turns,
    alt="The graph of y. The turn goes from y to q, p, b and a. a gets 72, b gets -63.",
    label="turn",
    start=2,
    write=lambda moment: moment[0].label,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Move the slider, and follow one edge: what a node has, times the slope on the edge, is what the edge adds to the
# input. $p$ now waits for $q$, and then sends $-21$.
#
# </details>
#
# All gradients came out of *one* walk that used each edge once, those of $p$ and $q$ as well. And the 60 doublings?

# %%
first, last = doublings(60)
start = time.perf_counter()
found = walk(last)[first]
took = 1000 * (time.perf_counter() - start)
print(f"60 doublings: slope {found:.0f}, is it 2^60? {found == 2.0**60}. {took:.2f} ms")

# %% [markdown]
# From years to a fraction of a millisecond, with the same result.
#
# The walk found an order without being given one. Note the nodes as they have their turn: root comes first, and each
# node after all its uses. Turn this list round, and each node comes after all its inputs. That is a topological order,
# and in the exercise you write a function that returns one.
#
# This solves the puzzle. We go through the graph *once*, from the one result to the many inputs. That costs about as
# much as computing the result did, because the edges are the same. The number of inputs does not matter.
#
# ## Leaves, and why gradients are kept there
#
# To learn, we need the gradients of the [leaves](../glossary.md#leaf) only, the nodes made by hand: weights are leaves.
# Let the walk leave their gradients with them, in `grad`. Should it replace what is there, or add to it?
#
# A loss is often a sum, $L = L_1 + L_2 + \dots$, one term for each example. Its gradient is the sum of theirs. If the
# walk **adds** to `grad`, we may walk from $L_1$, forget its graph, and then walk from $L_2$. So only one graph is in
# memory at a time.


# %%
def backward(root):
    """Add to the grad of every leaf its gradient."""
    for node, gradient in walk(root).items():
        if not node.edges:
            node.grad += gradient


w = Node(0.5, "w")
backward(mul(w, Node(2.0, "2")))
backward(mul(w, Node(5.0, "5")))
print("one walk after the other:", w.grad)

w.grad = 0.0
backward(add(mul(w, Node(2.0, "2")), mul(w, Node(5.0, "5"))))
print("one walk from the sum:   ", w.grad)

# %% [markdown]
# The same. But then somebody has to say when a new sum begins. That is `zero_grad`, and it is *our* duty.
#
# ## Experiment: leave out zero_grad
#
# One weight, and the loss $(w - 1)^2$. The best weight is 1. Each step goes downhill:


# %%
def zero_grad(leaves):
    for leaf in leaves:
        leaf.grad = 0.0


# %%
def learn(steps, rate, zero):
    """The weight before each step, and after the last."""
    w, seen = Node(0.0, "w"), [0.0]
    for _ in range(steps):
        error = add(w, Node(-1.0, "-1"))
        backward(mul(error, error))
        w.data -= rate * w.grad
        seen.append(w.data)
        if zero:
            zero_grad([w])
    return seen


# %% [markdown]
# **Guess:** change one thing, and never set the gradient to 0. Each step then goes along the sum of *all gradients so
# far*. Draw what the weight does in 40 steps.

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The weight, step by step:")
with_zero, without = (learn(40, 0.05, zero) for zero in (True, False))
axes = drawing.axes("Forty steps", "steps taken", "weight")
axes.plot(with_zero, "o-", markersize=4, label="gradient set to 0 after each step")
axes.plot(without, "s-", markersize=4, label="never set to 0")
axes.set_ylim(-0.2, 3)
axes.legend()
drawing.show(axes, alt="One line rises to 1 and stays. One swings between 0 and 2.")
for k in (3, 40):
    print(f"after {k} steps: {with_zero[k]:.3f} with it, {without[k]:.3f} without")

# %% [markdown]
# <details>
# <summary>What happens, and why</summary>
#
# Without `zero_grad` the weight runs through the best value, and swings back and forth. *Explained in a line:* old
# gradients keep pushing after they have ceased to be true. A ball in a bowl without friction does the same.
#
# In the first steps the forgetful program is even *ahead*. Nothing raises an error. So the mistake is hard to find.
#
# </details>
#
# ### For a point: change the rate
#
# How soon does the forgetful program run past the best value? At this rate:

# %%
RATE = 0.05  # the one thing to change

seen = learn(400, RATE, zero=False)
count = next(k for k, w in enumerate(seen) if w > 1)
print(f"rate {RATE}: above 1 after {count} steps")

# %% [markdown]
# **Guess:** a rate 100 times smaller. How many times more steps will it take? Then change `RATE`, and run the cell
# again.

# %% tags=["guess"]
times_more = ...

# %% [markdown]
# Write what you found into `exercise.py`: `steps_to_pass` counts the steps for any rate. Under it explain in a line, in
# `WHY_SO_FEW_STEPS`.
#
# <details>
# <summary>Hint 1: to count</summary>
#
# You need no graph for it: the slope of $(w - 1)^2$ is $2 (w - 1)$. Keep the sum of all slopes so far, and move $w$ by
# `-rate` times that sum, in a loop `for step in range(1, 1000)`. At which step is $w$ above 1?
#
# </details>
#
# <details>
# <summary>Hint 2: why</summary>
#
# At first all slopes are about $-2$. How large is their sum after $k$ steps? So how far has $w$ moved after $k$ steps,
# as a power of $k$? How does it depend on the rate?
#
# </details>
#
# ## Debug, for two points: a friend's walk
#
# A friend has an idea: put the edges in the right order first, then the walk needs nothing but one loop. The friend
# tested it: the slopes of $a \cdot b + c$ are right.


# %%
def friends_walk(edges, root):
    """The gradient of root at every node. `edges` has (node, input, local slope)."""
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients[source] = gradients[node] * slope
    return gradients


# %% [markdown]
# We give our nodes operators, and let the friend's engine fit the five points, then ours:


# %% tags=["hide-input"]
def friends_backward(root):
    turns: list = []
    walk(root, turns)  # only to see in which order the nodes have their turn
    edges = [(node, *edge) for node, _, _ in turns for edge in node.edges]
    for node, gradient in friends_walk(edges, root).items():
        node.grad += 0.0 if node.edges else gradient


# Python calls `__add__` where it reads `a + b`.
for name, op in {"__add__": add, "__mul__": mul, "tanh": tanh}.items():
    setattr(Node, name, op)

a, b, c = Node(3.0, "a"), Node(-4.0, "b"), Node(2.0, "c")
friends_backward(a * b + c)
print("the friend's slopes of a * b + c:", a.grad, b.grad, c.grad)

_, friends = fit(POINTS, (Node, friends_backward, zero_grad))
_, ours = fit(POINTS, (Node, backward, zero_grad))
print("error:          theirs    ours")
for k in (0, 40, 80, 160):
    print(f"{k:3} steps: {friends[k]:12.4f} {ours[k]:7.4f}")

# %% [markdown]
# It runs, and it learns, only more slowly. Many people would now try a larger rate. You know better. The same function
# is `friends_walk` in `exercise.py`: one line of it is wrong. Find the smallest expression for which it gives a wrong
# slope, then fix that line.
#
# **Guess:** what is that expression?

# %% tags=["guess"]
smallest = "..."

# %% [markdown]
# <details>
# <summary>Hint 1</summary>
#
# Compare both engines on one point. Make `weights = [Node(number) for number in START]`, then a loss as `fit` does.
# What does each engine put into `weights[0].grad`?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The ratio is the same for all weights. Which step of the computation do all of them go through?
#
# </details>
#
# Open the next cell when yours is fixed.

# %% tags=["hide-cell"]
print("The smallest expression:")
x = Node(3.0, "x")
friends_backward(x * x)
theirs, x.grad = x.grad, 0.0
backward(x * x)
print(f"the slope of x * x at 3: {theirs} theirs, {x.grad} ours")
print(f"by nudging: {nudged(lambda x: x * x, (3.0,), 0):.6f}")

_, half = fit(POINTS, (Node, backward, zero_grad), rate=0.025)
print(f"80 steps: error {friends[80]:.4f} theirs, {half[80]:.4f} ours at half the rate")

# %% [markdown]
# <details>
# <summary>What it teaches</summary>
#
# A test with $a \cdot b + c$ could not see the mistake, because there nothing is used twice. In our curve the loss is
# `error * error`, and every path goes through it. Everything else on the way to a weight is used once. So every slope
# was exactly half of what it should be, and the curve learned with half the rate.
#
# It is the commonest mistake in a first autograd. Often it looks like a training that is merely slow.
#
# </details>
#
# ## Deep graphs
#
# `paths` called itself. So do the walks in many textbooks. Python allows about 1,000 calls within calls. Our walk is a
# loop with a list of what is ready: memory alone limits it.

# %%
leaf = last = Node(1.0, "x")
for _ in range(100_000):
    last = last + Node(1.0, "1")
print("100,000 ops, our walk: slope", walk(last)[leaf])
try:
    print(list(paths(last, leaf)))
except RecursionError as error:
    print("a function that calls itself: RecursionError:", str(error)[:32])

# %% [markdown]
# ## The same walk in minae
#
# You know every idea in the heart of minae's engine. Here is its product. In place of a slope it notes a function that
# multiplies the arriving gradient with the slope: lesson 3 says why. Below it are the last lines of minae's walk. What
# we call `source` is the `destination` there, and a `contribution` is what an edge carries.

# %%
print(inspect.getsource(arithmetic.mul))
lines = inspect.getsource(autograd.backward).splitlines()
first = next(i for i, line in enumerate(lines) if "destination in sums" in line)
print(*lines[first:], "", sep="\n")

a, b = Tensor(3.0, requires_grad=True), Tensor(-4.0, requires_grad=True)
compute(a, b).backward()
print("minae: dy/da =", a.grad, "  dy/db =", b.grad)

# %% [markdown]
# ## Now you: build
#
# Open `exercise.py` beside this lesson. You write the ops, what records them, the order and the walk. Together they
# make a whole autograd with operators: `y = (a * b + a).tanh() / 2`. For `x - 1` Python calls `x.__sub__(1)`. For
# `1 - x` it calls `x.__rsub__(1)`, because the number 1 knows nothing of Values. You have met the last two parts on the
# way: `friends_walk`, which needs fixing, and `steps_to_pass`.
#
# Derive each slope on paper, then check with `python -m lessons grade 02`. If several checks fail, mend the first one
# first: each part uses those before it. Hints, if you want them:
#
# <details>
# <summary>Hint 1: slopes of mul, div and power</summary>
#
# Nudge one input by a small $h$, write out the new value, subtract the old one, divide by $h$. For division write $a/b$
# as $a \cdot b^{-1}$. The constant $n$ of a power needs no slope, so the tuple has one element: `(s,)` with a comma.
#
# </details>
#
# <details>
# <summary>Hint 2: the slope of tanh</summary>
#
# $\tanh a = \frac{e^a - e^{-a}}{e^a + e^{-a}}$. Use the rule for quotients, then look for $\tanh a$ in the result. The
# slope can be written with the value $y$ alone.
#
# </details>
#
# <details>
# <summary>Hint 3: apply</summary>
#
# `isinstance(thing, Value)` tells Values from plain numbers. `zip(inputs, slopes)` stops at the shorter one, which is
# right for power. First zip, then leave out the plain numbers.
#
# </details>
#
# <details>
# <summary>Hint 4: topological_order, the idea</summary>
#
# Keep a list of what is still to be visited, and take from its end. A Value may enter the order when all its inputs are
# in it. So each Value is met twice: once on the way down, once when its inputs are done. How can you mark which it is?
#
# </details>
#
# <details>
# <summary>Hint 5: topological_order, one way</summary>
#
# Put pairs on the list. `(value, False)` is still to be visited: put `(value, True)` back, and its inputs on top of
# it. When `(value, True)` comes up again, it is its turn. A Value that is used twice lies on the list twice: mark it as
# seen when you take it out, and skip it the next time. (To count uses, as in this lesson, is another way.)
#
# </details>
#
# <details>
# <summary>Hint 6: backward</summary>
#
# Walk the order from its end. Keep the gradients of this walk in a dict that begins with the one of root. A leaf has no
# edges.
#
# </details>
#
# ## Take it home
#
# Now run these two cells. If your `exercise.py` is complete, the engine is yours. If not yet, it is the one of this
# page. The code of the curve is the same as at the top: only what is under it has changed. Put in five points of your
# own.


# %% tags=["hide-input"]
def engine():
    """Yours, from exercise.py, if it can do all that the curve needs."""
    ours = "the lesson's engine", (Node, backward, zero_grad)
    try:
        yours = importlib.reload(importlib.import_module("exercise"))
        x = yours.Value(1.0)
        yours.backward((x * x + x).tanh())
        yours.zero_grad([x])
    except (ImportError, NotImplementedError):
        return ours
    except Exception as error:
        print(f"Yours stops with {type(error).__name__}: grade it first.")
        return ours
    return "your own engine", (yours.Value, yours.backward, yours.zero_grad)


# %%
my_points = POINTS  # five (x, y), both between -2 and 2
whose, parts = engine()
film, losses = fit(my_points, parts)
print(f"Fitted by {whose}. Error at the start: {losses[0]:.2f}, now: {losses[-1]:.0e}")
drawing.animate(
    lambda weights: frame(my_points, weights),
    film,
    alt="Five dots. A wavy line bends until it goes through all of them.",
    seconds=0.4,
)

# %% [markdown]
# ## What you now know
#
# - An expression is a graph. Each op notes its value and one **local slope** per input.
# - Slopes **multiply along a path**, and paths **add up**. Their number can double with each reuse, so we do not walk
#   paths: we keep **one sum per node**.
# - A node passes on its sum when **all its uses have reported**. That is the reverse of a topological order, and
#   counting uses finds it.
# - One walk gives the gradients of one result at all inputs, for about the price of computing it.
# - Contributions are **added**: within a walk, because a value may be used twice, and from walk to walk, because losses
#   are summed. So somebody has to say when to begin anew: `zero_grad`.
# - A loop has no depth limit; a function that calls itself does.
#
# | | you should have seen |
# |---|---|
# | $y$, dy/da, dy/db | 108, 72, -63 |
# | the impatient walk | dy/da = 24, dy/db = -27: wrong by 48 and -36 |
# | paths at 16 doublings | 65,536, with 32 edges |
# | $x \cdot x$ at 3, the friend's engine; ours | 3; 6 |
# | the five points | an error below 0.001 |
# | minae | the same 72 and -63 |
#
# ## Challenge
#
# For no points, only pride. `paths` counted the 65,536 paths of 16 doublings by visiting each. Count the paths of 60
# doublings exactly, with *your* walk, in less than a millisecond. (What would the local slopes have to be?) Then a hard
# one: let the walk compute with Values instead of numbers, and take the slope of a slope.
#
# ## Read next
#
# - [Lesson 3](../03_arrays/lesson.ipynb): what becomes of the slope when the numbers are arrays.
# - A. Karpathy, *micrograd*: the best-known autograd of this size. Its walk calls itself, and the inner nodes keep
#   their gradients. What happens on a second `backward()`?
# - A. Griewank and A. Walther, *Evaluating Derivatives* (2008), chapters 3 and 4: why a gradient costs no more than a
#   small multiple of the function.
