"""Mutation of every vjp in the engine: each term is dropped, negated or scaled in turn, and the checker must notice.

    python -m tests.checker.mutate_vjps

Backward code is every lambda and function in ops/ and the files of REST whose first parameter is g.
A mutant is put in the place of the op (no file is edited), and the checker runs over the op's cases until it objects.
"""

import ast
import copy
import inspect
import re
import sys
import textwrap
import time
from contextlib import contextmanager

import numpy as np

from minae import gradcheck, tensors
from minae.checker.cases import CASES
from minae.checker.samplers import Case
from minae.tensors import max_, pow_

OPS = "arithmetic piecewise reductions shapes joining indexing".split()
REST = ("functional", "convolution", "normalisation", "recurrent", "kernels.recurrence")
MODULES = [sys.modules[f"minae.{name}"] for name in [*(f"ops.{name}" for name in OPS), *REST]]

# Points where a term matters that is nothing elsewhere: 0 to a power, and a maximum that occurs twice.
SPECIAL = [
    Case(pow_, "0 to the 0", (lambda rng: np.array([0.0, 1.5]),), lambda x: x**0),
    Case(pow_, "0 to an exponent", (lambda rng: np.array([2.0, 3.0]),), lambda b: pow_(np.array([0.0, 1.5]), b)),
    Case(max_, "of one element, twice", (lambda rng: np.array([0.5, 2.0]),), lambda x: x[[1, 1, 0]].max()),
]

PEAK = "xp.take_along_axis(g, y.argmax(axis=axis, keepdims=True), axis)"
CHANGES = ("right term dropped: g", f"sign changed: g + {PEAK}", f"right term scaled: g - {PEAK} * 1.000001")

# Mutants that compute the same as the original, each with the reason.
EQUIVALENT = {
    ("pow_", "flat + a  ->  left term scaled: flat * 1.000001 + a"): (
        "it matters for 0^0 alone, where 0^b jumps and has no slope in b; test_autograd.py looks there"
    ),
    **dict.fromkeys(
        [
            ("std", "y + (y == 0)  ->  right term dropped: y"),
            ("std", "y + (y == 0)  ->  sign changed: y - (y == 0)"),
            ("std", "y + (y == 0)  ->  right term scaled: y + (y == 0) * 1.000001"),
        ],
        "it matters where all are equal, and std has a kink; test_autograd.py looks there",
    ),
    **dict.fromkeys(
        [("softmax", f"g - {PEAK}  ->  {change}") for change in CHANGES],
        "a constant in g changes nothing but the rounding, at which test_functional.py looks",
    ),
    **dict.fromkeys(
        [
            ("logsumexp", "total + nothing  ->  right term dropped: total"),
            ("logsumexp", "total + nothing  ->  sign changed: total - nothing"),
            ("logsumexp", "total + nothing  ->  right term scaled: total + nothing * 1.000001"),
        ],
        "it matters where all are -inf, and there nothing gets a share; test_functional.py looks there",
    ),
}


# --- making mutants ---------------------------------------------------------------------------------------------------


def mutants(function):
    """(what was done, the mutated definition) for each mutation of the backward code in a function's definition."""
    for place, node in enumerate(ast.walk(function)):
        if not _is_backward(function, node):
            continue
        for text, change in _mutations(node):
            mutated = copy.deepcopy(function)
            twin = next(other for i, other in enumerate(ast.walk(mutated)) if i == place)
            before = ast.unparse(_shown(twin))
            change(twin)
            yield f"{before}  ->  {text}: {ast.unparse(_shown(twin))}", mutated


def _shown(node):
    return node if isinstance(node, ast.expr) else node.value


def _is_backward(function, node):
    """Whether a node lies inside a lambda or function of g."""
    scopes = [n for n in ast.walk(function) if isinstance(n, ast.Lambda | ast.FunctionDef) and _takes_g(n)]
    return any(node is inner for scope in scopes for inner in ast.walk(scope))


def _takes_g(scope):
    return bool(scope.args.args) and scope.args.args[0].arg == "g"


def _mutations(node):
    """What can be done to one node: (name, function that changes it in place)."""
    if isinstance(node, ast.Lambda):
        yield from _whole("body")
    elif isinstance(node, ast.Return):
        yield from _whole("value")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus dropped", lambda n: _become(n, n.operand)
    elif isinstance(node, ast.BinOp):
        yield "right term dropped", lambda n: _become(n, n.left)
        yield "left term dropped", lambda n: _become(n, n.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield "sign changed", lambda n: setattr(n, "op", other)
            yield "left term scaled", lambda n: setattr(n, "left", _scaled(n.left))
            yield "right term scaled", lambda n: setattr(n, "right", _scaled(n.right))
        if isinstance(node.op, ast.Div):
            yield "multiplied", lambda n: setattr(n, "op", ast.Mult())


def _whole(field):
    """Mutations of all that a lambda or function returns."""
    for name, make in (("negated", _negated), ("scaled", _scaled), ("zero", _zero)):
        yield name, lambda n, make=make: setattr(n, field, make(getattr(n, field)))


def _become(node, other):
    """Turn a node into another one, in place."""
    node.__class__ = other.__class__
    node.__dict__ = other.__dict__


def _negated(expression):
    return ast.UnaryOp(ast.USub(), expression)


def _scaled(expression):
    return ast.BinOp(expression, ast.Mult(), ast.Constant(1 + 1e-6))


def _zero(expression):
    return ast.BinOp(expression, ast.Mult(), ast.Constant(0))


# --- trying them ------------------------------------------------------------------------------------------------------


@contextmanager
def in_place_of(module, name, definition):
    """The mutated function in the place of the original, for all that call it."""
    definition.decorator_list = []
    tree = ast.fix_missing_locations(ast.Module([definition], []))
    scope = dict(vars(module))
    exec(compile(tree, f"<mutant of {name}>", "exec"), scope)
    original, op = getattr(module, name), op_of(module, name)
    if op:  # change what `differentiable` has wrapped
        cell = _cell(_cell(op, "run").cell_contents, "op")
        kept, cell.cell_contents = cell.cell_contents, scope[name]
        try:
            yield
        finally:
            cell.cell_contents = kept
    else:
        setattr(module, name, scope[name])
        try:
            yield
        finally:
            setattr(module, name, original)


def op_of(module, name):
    """The op that a function is, None for a helper. (The functions of ops/ are lifted in tensors.py.)"""
    candidates = (getattr(module, name), getattr(tensors, name, None))
    return next((op for op in candidates if hasattr(op, "__wrapped__")), None)


def _cell(function, name):
    """Where a function keeps a variable of the function around it."""
    return function.__closure__[function.__code__.co_freevars.index(name)]


def killed(cases):
    """Whether the checker objects to one of the cases."""
    for case in cases:
        try:
            report = gradcheck(case.f, *case.make_inputs(np.random.default_rng(0)), raise_on_failure=False)
        except Exception:  # a mutant may also fail outright
            return True
        if not (report.ok or report.is_empty):
            return True
    return False


def functions(modules=MODULES):
    """(module, name, definition) of every function of the modules that has backward code."""
    for module in modules:
        for node in ast.parse(textwrap.dedent(inspect.getsource(module))).body:
            if isinstance(node, ast.FunctionDef) and any(True for _ in mutants(node)):
                yield module, node.name, node


def is_covered(op):
    """Whether the backward code of an op is mutated: its own, or that of a function which it calls."""
    names = {name for _, name, _ in functions()}
    tree = ast.parse(textwrap.dedent(inspect.getsource(op.__wrapped__)))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return op.__name__ in names or bool(called & names)


def cases_of(module, name):
    """The cases of an op; for a helper, of all ops whose source names it."""
    if op := op_of(module, name):
        return [case for case in [*CASES, *SPECIAL] if case.op is op]
    named = re.compile(rf"\b{name}\b")  # called, or a decorator
    return [case for case in [*CASES, *SPECIAL] if named.search(inspect.getsource(case.op.__wrapped__))]


def run(modules=MODULES):
    """(number of mutants, the survivors as (function, mutation))."""
    count, survivors = 0, []
    for module, name, definition in functions(modules):
        cases = cases_of(module, name)
        for mutation, mutated in mutants(definition):
            count += 1
            with in_place_of(module, name, mutated):
                if not killed(cases):
                    survivors.append((name, mutation))
    return count, survivors


def main():
    start = time.perf_counter()
    count, survivors = run()
    print(f"{count} mutants of {len(list(functions()))} functions, {time.perf_counter() - start:.0f} s")
    for name, mutation in survivors:
        reason = EQUIVALENT.get((name, mutation))
        print(f"{'equivalent' if reason else 'SURVIVES'}: {name}: {mutation}" + (f" ({reason})" if reason else ""))
    return int(not set(survivors) <= set(EQUIVALENT))


if __name__ == "__main__":
    sys.exit(main())
