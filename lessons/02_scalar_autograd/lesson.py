# %% [markdown]
# # 2. A scalar autograd in sixty lines
#
# After this lesson you can
#
# - draw a computation as a graph, and read slopes off its edges;
# - say why slopes multiply along a path and add up over paths;
# - compute all slopes of one result in one walk, and say in which order it must go;
# - explain why `zero_grad` exists;
# - read the same walk in minae's source.
#
# You need lesson 1 (the central difference is our judge) and the chain rule from school. Reading takes about
# 45 minutes. In the exercise you then build an autograd of your own, in sixty lines: an hour.

# %%
import inspect
import time
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

import minae
from minae import autograd
from minae.ops import arithmetic
from minae.support.errors import GraphError

# %% [markdown]
# ## The question
#
# Lesson 1 left us with a puzzle. Nudging needs $2n$ evaluations for the slopes of $n$ inputs. Backpropagation got all
# of them for the price of a few evaluations, whatever $n$. How?
#
# We take the smallest example that shows everything. Two inputs, $a = 3$ and $b = -4$, and three steps:
#
# $$p = a \cdot b, \qquad q = p + a, \qquad y = q \cdot p.$$
#
# *Predict:* work out $y$, and guess: if $a$ grows a little, does $y$ grow or shrink?


# %%
def compute(a, b):
    p = a * b
    q = p + a
    return q * p


def nudged(f, inputs, which, h=6e-6):
    """The slope of f in one of its inputs: the central difference of lesson 1."""
    above, below = list(inputs), list(inputs)
    above[which] += h
    below[which] -= h
    return (f(*above) - f(*below)) / (2 * h)


print("y     =", compute(3.0, -4.0))
for which, name in enumerate("ab"):
    print(f"dy/d{name} = {nudged(compute, (3.0, -4.0), which):.6f}   (by nudging)")

# %% [markdown]
# Remember these two slopes, 72 and -63. We want them without nudging.

# %% [markdown]
# ## An expression is a graph
#
# A computer that computes $y$ forgets how, as soon as it has the number. We will make it remember. Each number becomes
# a **node**, and from each node an **edge** leads to every input that it was computed from.
#
# On the edge we write the **local slope**: how fast the node changes with *this* input, while its other inputs stand
# still. Local slopes are easy. We know the rules of school, and each op needs only its own:
#
# | op | slope in $u$ | slope in $v$ |
# |---|---|---|
# | $u + v$ | 1 | 1 |
# | $u \cdot v$ | $v$ | $u$ |
# | $\tanh u$ | $1 - \tanh^2 u$ | |
#
# At the moment an op computes its value it also knows the numbers in this table. So it notes both.


# %%
@dataclass(eq=False)  # two nodes are equal only if they are the same node
class Node:
    label: str
    value: float
    edges: tuple = ()  # (input, local slope), for each input
    grad: float = 0.0  # we need it near the end

    def __repr__(self):
        return self.label


def add(u, v, label="+"):
    return Node(label, u.value + v.value, ((u, 1.0), (v, 1.0)))


def mul(u, v, label="*"):
    return Node(label, u.value * v.value, ((u, v.value), (v, u.value)))


def tanh(u, label="tanh"):
    value = float(np.tanh(u.value))
    return Node(label, value, ((u, 1.0 - value * value),))


a, b = Node("a", 3.0), Node("b", -4.0)
p = mul(a, b, "p")
q = add(p, a, "q")
y = mul(q, p, "y")
for node in (a, b, p, q, y):
    print(f"{node} = {node.value:5.1f}   edges: {node.edges}")

# %% [markdown]
# That list of edges *is* the graph. Here it is as a picture. An arrow points from a node to an input: the way we are
# going to walk.

# %%
PLACES = {a: (0, 1), b: (0, 0), p: (1, 0), q: (2, 1), y: (3, 0.4)}


def draw(title, notes):
    """The graph of y, with a note under the name of each node."""
    axes = plt.subplots(figsize=(6, 3.5), dpi=110, layout="constrained")[1]
    for node, (x0, y0) in PLACES.items():
        for source, slope in node.edges:
            x1, y1 = PLACES[source]
            arrow = {"arrowstyle": "->", "color": "gray", "shrinkA": 26, "shrinkB": 28}
            axes.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
            axes.text((x0 + x1) / 2, (y0 + y1) / 2, f"{slope:g}", color="C3", ha="center", backgroundcolor="white")
        box = {"boxstyle": "round", "facecolor": "#ddeeff"}
        axes.text(x0, y0, f"{node}\n{notes[node]}", ha="center", va="center", bbox=box)
    axes.set(title=title, xlim=(-0.5, 3.5), ylim=(-0.4, 1.4))
    axes.axis("off")


draw("Values in the nodes, local slopes on the edges", {node: f"{node.value:g}" for node in PLACES})
plt.show()

# %% [markdown]
# ## Along one path: multiply
#
# Look at $b$ first. Only one edge leads to it, from $p$, with the slope 3: nudge $b$ by $h$, and $p$ moves by $3h$. If
# the edge above has the slope $s$, then what is above moves by $s \cdot 3h$. This is the chain rule: *along a path,
# slopes multiply.*
#
# A graph with one path shows it alone: $v = \tanh(3u)$ at $u = 0.2$.

# %%
u = Node("u", 0.2)
v = tanh(mul(u, Node("3", 3.0)), "v")

product = 1.0
node = v
while node.edges:
    source, slope = node.edges[0]
    product *= slope
    print(f"from {node} to {source}: times {slope:.6f}   so far {product:.6f}")
    node = source
print(f"by nudging: {nudged(lambda u: np.tanh(3 * u), (0.2,), 0):.6f}")

# %% [markdown]
# ## Over several paths: add
#
# From $y$ to $b$ there are two paths, one through $q$ and one straight to $p$. When $b$ moves, $p$ moves, and $y$ feels
# it twice: as its input $p$, and through its input $q$. For small nudges the two effects add up, since a smooth
# function of two inputs is nearly linear close by:
#
# $$y(q + \delta q,\; p + \delta p)
# = y + \frac{\partial y}{\partial q} \delta q + \frac{\partial y}{\partial p} \delta p + \dots$$
#
# Therefore *the slope is the sum over all paths of the product along each.*
#
# *Predict:* how many paths lead from $y$ to $a$? Multiply along each, by eye, in the picture. Their sum should be 72.


# %%
def paths(root, leaf):
    """Every path from root to leaf: the names on the way, and the product of the slopes."""
    if root is leaf:
        yield leaf.label, 1.0
    for source, slope in root.edges:
        for names, product in paths(source, leaf):
            yield f"{root} -> {names}", slope * product


for target in (a, b):
    for names, product in paths(y, target):
        print(f"{names:20} {product:6.1f}")
    print(f"{'dy/d' + target.label:20} {sum(product for _, product in paths(y, target)):6.1f}\n")

# %% [markdown]
# 72 and -63, as by nudging, but without truncation error, and without a step to choose.
#
# So we have a method. It is correct, and it is useless. Let us see why.

# %% [markdown]
# ## Too many paths
#
# Double a number $n$ times: $x_1 = x_0 + x_0$, $x_2 = x_1 + x_1$, and so on. Each step has two edges to the one before.
#
# *Predict:* how many paths lead from $x_{16}$ down to $x_0$?


# %%
def doublings(n):
    """x_0 and x_n."""
    first = last = Node("x0", 1.0)
    for k in range(n):
        last = add(last, last, f"x{k + 1}")
    return first, last


numbers = range(2, 17)
counts, times = [], []
for n in numbers:
    first, last = doublings(n)
    start = time.perf_counter()
    counts.append(sum(1 for _ in paths(last, first)))
    times.append(time.perf_counter() - start)

axes = plt.subplots(figsize=(6, 3.5), dpi=110, layout="constrained")[1]
axes.semilogy(numbers, counts, "o-", label="paths")
axes.semilogy(numbers, [2 * n for n in numbers], "s-", label="edges")
axes.set(title="Paths double with each reuse, edges do not", xlabel="number of doublings", ylabel="count")
axes.grid(alpha=0.3)
axes.legend()
plt.show()

years = times[-1] * 2.0 ** (60 - numbers[-1]) / (365 * 24 * 3600)
print(f"{numbers[-1]} doublings: {counts[-1]:,} paths in {times[-1]:.2f} s")
print(f"60 doublings: {2**60:,} paths, at this speed about {years:,.0f} years. There are 120 edges.")

# %% [markdown]
# A number that is used twice doubles the paths below it. In a network every number is used by every unit of the next
# layer. We cannot walk every path. But there are only a few edges, and the paths share them.

# %% [markdown]
# ## One sum per node
#
# All paths that pass through a node $v$ go on below it in the same way. So collect first, then go on once. The
# **gradient** of $y$ at $v$, $\bar v = \partial y / \partial v$, is a sum over paths. Sort them by the last node before
# $v$, its user $u$:
#
# $$\bar y = 1, \qquad \bar v = \sum_{u \text{ uses } v} \bar u \cdot \frac{\partial u}{\partial v}.$$
#
# Each edge is used once: it carries $\bar u$ times its slope from $u$ to $v$, where it is added. That is the whole idea
# of backpropagation. The distributive law from school does the saving: $s t_1 + s t_2 = s\,(t_1 + t_2)$.
#
# One thing can go wrong. *Predict:* our graph has the edges y-q, y-p, q-p, q-a, p-a, p-b. We start at $y$, and send to
# $q$ and to $p$. If $p$ now passes on what it has, what is lost?


# %%
def impatient_walk(root):
    """A node passes on what it has as soon as it has something."""
    sums, ready, met = {root: 1.0}, [root], {root}
    while ready:
        node = ready.pop()
        for source, slope in node.edges:
            sums[source] = sums.get(source, 0.0) + sums[node] * slope
            if source not in met:
                met.add(source)
                ready.append(source)
        receivers = ", ".join(source.label for source, _ in node.edges) or "nobody"
        print(f"{node} has {sums[node]:6.1f} and passes it on to {receivers}")
    return sums


wrong = impatient_walk(y)
print(f"dy/da = {wrong[a]:.1f}, dy/db = {wrong[b]:.1f}: both wrong (72 and -63)")

# %% [markdown]
# $p$ sent on its $-9$ before $q$ had reported. The contribution of $q$ came later, and nobody carried it further.
#
# ## The order
#
# A node may pass on its gradient only when **every use of it has reported**. An order of the nodes in which each comes
# after all its inputs is called a **topological order**. The walk takes it from the end, so that each node comes after
# all its uses.
#
# To find such an order we need not sort anything. Count the uses of each node before the walk. During the walk, cross
# off one use for each contribution. At zero, the node is ready.


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


def walk(root, tell=False):
    """The gradient of root at every node."""
    uses = count_uses(root)
    sums, ready = {root: 1.0}, [root]
    while ready:
        node = ready.pop()
        if tell:
            print(f"{node} is complete: {sums[node]:6.1f}   uses still to report: {uses}")
        for source, slope in node.edges:
            sums[source] = sums.get(source, 0.0) + sums[node] * slope
            uses[source] -= 1
            if uses[source] == 0:
                ready.append(source)
    return sums


gradients = walk(y, tell=True)
draw("The gradient of y at every node", {node: f"grad {gradients[node]:g}" for node in PLACES})
plt.show()

# %% [markdown]
# Follow it in the picture: what a node has, times the slope on the edge, is what the edge adds to the input. All
# gradients came out of *one* walk that touched each edge once, those of $p$ and $q$ as well. And the 60 doublings?

# %%
first, last = doublings(60)
start = time.perf_counter()
found = walk(last)[first]
print(f"60 doublings: slope {found:.0f} = 2^60: {found == 2.0**60}   in {1000 * (time.perf_counter() - start):.2f} ms")

# %% [markdown]
# From years to a fraction of a millisecond, with the same result.
#
# This also solves the puzzle. We go through the graph *once*, from the one result to the many inputs. That costs about
# as much as computing the result did, because the edges are the same. The number of inputs does not matter. (From one
# input to many results it would be the other way round. A network has one loss and many weights, so we walk from the
# loss.)

# %% [markdown]
# ## Why gradients add up
#
# The commonest mistake in a first autograd is one missing character: `=` in place of `+=`. It hides well, because it
# matters only where something is used more than once.
#
# *Predict:* $x = 3$, $y = x \cdot x$. What does the slope become, if a later contribution replaces the earlier one?

# %%
x = Node("x", 3.0)
xx = mul(x, x, "xx")
print("edges of x * x:", xx.edges)

assigned = 0.0
for _, slope in xx.edges:
    assigned = slope  # the mistake
print(f"assigned: {assigned:.1f}   added: {walk(xx)[x]:.1f}   by nudging: {nudged(lambda x: x * x, (3.0,), 0):.1f}")

# %% [markdown]
# One node, two edges, two contributions of 3. A test with $y = a \cdot b$ would have found nothing.

# %% [markdown]
# ## Why zero_grad exists
#
# To learn, we need the gradients of the leaves only, the nodes made by hand: weights are leaves. Let the walk leave
# their gradients with them, in `grad`. Should it replace what is there, or add to it?
#
# A loss is often a sum over examples, $L = L_1 + L_2$. Its gradient is the sum of theirs. If the walk **adds** to
# `grad`, we may walk from $L_1$, forget its graph, and then walk from $L_2$. This gives the gradient of $L$, while only
# one graph was in memory at a time.


# %%
def backward(root):
    """Add to the grad of every leaf its gradient."""
    for node, gradient in walk(root).items():
        if not node.edges:
            node.grad += gradient


w = Node("w", 0.5)
loss_1 = mul(w, Node("2", 2.0))
loss_2 = mul(w, Node("5", 5.0))
backward(loss_1)
backward(loss_2)
print("one walk after the other:", w.grad)

w.grad = 0.0
backward(add(loss_1, loss_2))
print("one walk from the sum:   ", w.grad)

# %% [markdown]
# The same. But then somebody has to say when a new sum begins: that is `zero_grad`, and it is *our* duty.
#
# We train one neuron, $\tanh(w_1 x_1 + w_2 x_2 + b)$, on the logical *or*: true is $+1$, false is $-1$. It should
# answer $+\frac12$ if at least one input is true, and $-\frac12$ if none is. (A tanh reaches $\pm 1$ only at infinite
# weights, so we ask for half of that.) The loss is the sum of squared errors over the four cases.
#
# *Predict:* without `zero_grad`, each step goes along the sum of *all gradients so far*. What will the loss do?


# %%
CASES = [(-1.0, -1.0, -0.5), (-1.0, 1.0, 0.5), (1.0, -1.0, 0.5), (1.0, 1.0, 0.5)]  # x1, x2, what the answer should be


def train(steps, rate, zero):
    """The loss before each step, and after the last."""
    w1, w2, bias = Node("w1", 0.1), Node("w2", -0.2), Node("b", 0.0)
    losses = []
    for _ in range(steps + 1):
        total = 0.0
        for x1, x2, target in CASES:
            weighted = add(mul(w1, Node("x1", x1)), mul(w2, Node("x2", x2)))
            error = add(tanh(add(weighted, bias)), Node("-target", -target))
            loss = mul(error, error)
            total += loss.value
            backward(loss)
        losses.append(total)
        for weight in (w1, w2, bias):
            weight.value -= rate * weight.grad
            if zero:
                weight.grad = 0.0
    return losses


with_zero = train(steps=10, rate=0.1, zero=True)
without = train(steps=10, rate=0.1, zero=False)
axes = plt.subplots(figsize=(6, 3.5), dpi=110, layout="constrained")[1]
axes.plot(with_zero, "o-", label="gradients set to 0 after each step")
axes.plot(without, "s-", label="never set to 0")
axes.set(title="Ten steps of a neuron", xlabel="steps taken", ylabel="squared error, summed over 4 cases")
axes.set_ylim(bottom=0)
axes.grid(alpha=0.3)
axes.legend()
plt.show()
print(f"after ten steps: {with_zero[-1]:.3f} with zero_grad, {without[-1]:.3f} without")
print(f"after 200 steps with zero_grad, the best this neuron can do: {train(200, rate=0.1, zero=True)[-1]:.3f}")

# %% [markdown]
# With `zero_grad` the neuron is close to its best after ten steps. Without it the old gradients keep pushing after they
# have ceased to be true. A stone that rolls without friction does the same: through the valley, and up the other side.
# On the way down they do no harm (look at the first two steps), and that makes the mistake hard to find. Nothing raises
# an error.

# %% [markdown]
# ## Deep graphs
#
# `paths` called itself. So do the walks in many textbooks. Python allows about 1,000 calls within calls.


# %%
def chain(length):
    """A leaf, and the last of a chain of additions."""
    leaf = last = Node("x", 1.0)
    one = Node("1", 1.0)
    for _ in range(length):
        last = add(last, one)
    return leaf, last


leaf, last = chain(10_000)
try:
    print(list(paths(last, leaf)))
except RecursionError as error:
    print("10,000 ops, a function that calls itself: RecursionError:", str(error)[:32])

leaf, last = chain(100_000)
print("100,000 ops, our walk: slope", walk(last)[leaf])

# %% [markdown]
# Our walk is a loop with a list of what is ready. Its depth is limited by memory alone.

# %% [markdown]
# ## The same walk in minae
#
# You have now seen every idea in the heart of minae's engine, `minae/autograd.py`. Here it is, uncut: first the
# counting, then the walk.

# %%
print(inspect.getsource(autograd.count_uses))

# %%
print(inspect.getsource(autograd.backward))

# %% [markdown]
# Put side by side:
#
# | here | in minae |
# |---|---|
# | `Node.edges`: (input, slope) | `Node.edges`: (destination, vjp, index) |
# | `count_uses` | `count_uses`; it also notices a graph that was walked before |
# | `sums`, which begins with 1 | `sums`, which begins with `g` |
# | `sums[node] * slope` | `call_vjp(vjp, g, ...)`, which calls `vjp(g)` |
# | `sums[source] = ... + ...` | `sums[destination] + contribution`, a new array each time (why: lesson 3) |
# | `uses[source] -= 1`, ready at 0 | `uses[destination] -= 1`, ready at 0 |
# | `node.grad += gradient`, for leaves | `accumulate(destination, contribution)` |
#
# The rest is soon told.
#
# - A leaf in minae is not a Node but a Tensor, and a Tensor passes nothing on. So its uses are not counted, and each
#   contribution goes into its `.grad` at once.
# - `call_vjp` calls the vjp, and checks what comes back. If it is not a gradient, it raises an error that names the op
#   and the input. This is what `node.name` and `index` are for. Under `minae.detect_anomaly()` it also looks for the
#   first NaN or infinity. It is in `minae/support/op_contract.py`, and you need not read it.
# - `sum_to_shape`, `as_array` and `sums.pop` are about arrays: their shapes, and how long they are kept. Lesson 3 reads
#   this function again, line by line.
# - `node.release()` hands over the edges, and the node forgets them. So the graph is freed on the way. Ours is
#   remembered for as long as we hold $y$.
#
# One difference is more than bookkeeping. In place of the slope, a number, minae has a function, called a **vjp**.
# (That is short for vector-Jacobian product. Lesson 3 explains the name.) Here is minae's product, from
# `minae/ops/arithmetic.py`:

# %%
print(inspect.getsource(arithmetic.mul))

value, (vjp_a, vjp_b) = arithmetic.mul(3.0, -4.0)
print(f"value {value}, vjps of g = 1: {vjp_a(1.0)} and {vjp_b(1.0)}, of g = 10: {vjp_a(10.0)} and {vjp_b(10.0)}")

# %% [markdown]
# `mul` is a plain function. It returns its value, and one vjp for each input. A vjp takes $g = \bar u$, the gradient of
# the result, and returns what the edge carries. For numbers that is `g * slope`, and the function says no more than the
# slope did. For arrays a table of all slopes would be huge. The function saves us from writing it down: lesson 3.
#
# `mul` knows nothing of graphs. In `minae/tensors.py`, `differentiable(arithmetic.mul)` makes an op of it that records
# a Node, and `a * b` calls that op. How it does this is told in lesson 3 too.
#
# At last, the first expression of this lesson in minae. `requires_grad=True` says that we want the slope with respect
# to this Tensor:

# %%
a, b = minae.Tensor(3.0, requires_grad=True), minae.Tensor(-4.0, requires_grad=True)
p = a * b
q = p + a
y = q * p
y.backward()
print("minae: dy/da =", a.grad, "  dy/db =", b.grad)

try:
    y.backward()
except GraphError as error:
    print("a second time:", error)

# %% [markdown]
# ## What you now know
#
# - An expression is a graph. Each op notes its value and one **local slope** per input.
# - Slopes **multiply along a path** and **add up over paths**. The number of paths can double with each reuse, so we do
#   not walk paths: we keep **one sum per node**.
# - A node passes on its sum when **all its uses have reported**. That is the reverse of a topological order, and
#   counting uses finds it.
# - One walk gives the gradients of one result at all inputs, for about the price of computing it.
# - Contributions are **added**: within a walk, because a value may be used twice, and from walk to walk, because losses
#   are summed. So somebody has to say when to begin anew: `zero_grad`.
# - A loop has no depth limit; a function that calls itself does.
#
# ## Expected results
#
# | | you should have seen |
# |---|---|
# | $y$, dy/da, dy/db | 108, 72, -63 |
# | paths from $y$ to $a$; to $b$ | 3; 2 |
# | the impatient walk | dy/da = 24, dy/db = -27 |
# | paths at 16 doublings | 65,536, with 32 edges |
# | 60 doublings by the walk | $2^{60}$, in about a millisecond or less |
# | $x \cdot x$ at 3, assigned; added | 3; 6 |
# | loss after ten steps with zero_grad; without | 0.157; 0.868 |
# | minae | the same 72 and -63 |
#
# ## Now you
#
# Open `exercise.py` beside this lesson. You write the ops, what records them, the order and the walk. Together they
# make a whole autograd with operators: `y = (a * b + a).tanh() / 2`. Check it with `python -m lessons grade 02`. When
# it is done, try the neuron above with it.
#
# ## Read next
#
# - Lesson 3, from scalars to arrays: what becomes of the slope when the numbers are arrays.
# - `minae/autograd.py` from top to bottom: 120 lines, of which you have read the heart.
# - A. Karpathy, *micrograd*: the best-known autograd of this size. Compare its walk with yours: it calls itself, and
#   the inner nodes keep their gradients. What happens on a second `backward()`?
# - A. Griewank and A. Walther, *Evaluating Derivatives* (2008), chapters 3 and 4: why a gradient costs no more than a
#   small multiple of the function.
