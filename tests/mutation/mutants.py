"""Small faults in all of minae: what can be done to each place of its source, and a draw of them by a seed.

A mutant changes one expression or statement and nothing else of the file. Left alone is what no test should depend on:
annotations, docstrings, messages and help; how figures look (STYLE); and the sizes of the inputs in the checker's table
of cases, where another number is as good.
"""

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip

STYLE = set(
    "alpha arrowprops bbox_to_anchor bottom capsize cmap color colors columns_scale constrained_layout "
    "dpi edgecolor facecolor figsize fontsize fontweight fontfamily frameon gridspec_kw ha height_ratios "
    "hspace label_size labelpad left layout linestyle linewidth linewidths loc lw marker markersize ms "
    "ncols ncol pad right rotation size style top va weight width_ratios wspace zorder".split()
)
MESSAGES = {"help", "metavar", "description", "epilog", "prog", "file", "end", "flush"}
FIGURES = ("minae/reports/", "minae/graphs/")
TABLES = {f"minae/checker/{name}.py" for name in ("cases", "cases_of_networks", "cases_of_tensors", "samplers")}


@dataclass(frozen=True)
class Mutant:
    path: str  # from the root of the checkout
    line: int
    where: str  # the function or class it is in
    change: str  # before -> after
    source: str  # of the whole mutated file
    turn: int = 1  # among those of the same line and change

    def __str__(self) -> str:
        turn = "" if self.turn == 1 else f" [no. {self.turn}]"
        return f"{self.path}:{self.line} ({self.where}) {self.change}{turn}"


def drawn(count: int, seed: int, root: Path = ROOT) -> list[Mutant]:
    """`count` mutants of all of minae. One that is not touched by an edit of the source keeps its place in the draw."""
    ranked, seen = [], {}
    for mutant in every_mutant(root):
        key = f"{seed} {mutant.path} {mutant.where} {mutant.change}"
        seen[key] = seen.get(key, 0) + 1
        ranked.append((hashlib.sha256(f"{key} {seen[key]}".encode()).digest(), mutant))
    ranked.sort(key=lambda pair: pair[0])
    return [mutant for _, mutant in ranked[:count]]


def every_mutant(root: Path = ROOT) -> Iterator[Mutant]:
    for path in sorted((root / "minae").rglob("*.py")):
        yield from mutants_of(path.relative_to(root).as_posix(), path.read_text("utf-8"))


def mutants_of(path: str, source: str) -> Iterator[Mutant]:
    starts = [0]  # of each line, in bytes, as ast counts
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    left_alone = MESSAGES | STYLE if path.startswith(FIGURES) else MESSAGES
    seen: Counter[tuple[int, str]] = Counter()
    for node, where in behaviour(ast.parse(source), left_alone):
        if path in TABLES and isinstance(node, ast.Constant):
            continue
        begin, end = (starts[row - 1] + column for row, column in places(node))
        before = source.encode()[begin:end].decode()
        for after in changes(node, left_alone):
            mutated = source.encode()[:begin] + after.encode() + source.encode()[end:]
            change = " ".join(f"{before}  ->  {after}".split())
            seen[node.lineno, change] += 1
            yield Mutant(path, node.lineno, where, change, mutated.decode(), seen[node.lineno, change])


def places(node: ast.expr | ast.stmt) -> list[tuple[int, int]]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return [(node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)]


def behaviour(tree: ast.AST, left_alone: set[str], where: str = "the module") -> Iterator[tuple]:
    """Every expression and statement on which behaviour depends, with the name of what it is in."""
    for name, field in ast.iter_fields(tree):
        if name in ("annotation", "returns", "type_params", "decorator_list", "bases"):
            continue
        for node in field if isinstance(field, list) else [field]:
            if not isinstance(node, ast.AST) or is_text(node) or isinstance(node, ast.Raise):
                continue
            if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
                continue
            if isinstance(node, ast.keyword) and node.arg in left_alone:
                continue
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                inside = node.name if where == "the module" else f"{where}.{node.name}"
                yield from behaviour(node, left_alone, inside)
                continue
            if isinstance(node, ast.expr | ast.stmt):
                yield node, where
            yield from behaviour(node, left_alone, where)


def is_text(node: ast.AST) -> bool:
    """A docstring, or the list of public names."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in ("__all__", "__slots__")
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def changes(node: ast.AST, left_alone: set[str]) -> Iterator[str]:
    """What is put in the place of a node, as source."""
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPPED and not is_type(node):
        yield parenthesised(node, op=SWAPPED[type(node.op)]())
    elif isinstance(node, ast.Compare):
        yield parenthesised(node, ops=[SWAPPED[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Constant):
        yield from other_constants(node.value)
    elif isinstance(node, ast.IfExp):
        yield parenthesised(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg not in left_alone:
                yield ast.unparse(
                    with_fields(node, keywords=[other for other in node.keywords if other is not keyword])
                )
    elif isinstance(node, ast.AugAssign) and type(node.op) in SWAPPED:
        yield ast.unparse(with_fields(node, op=SWAPPED[type(node.op)]()))
    elif isinstance(node, ast.Expr) or (isinstance(node, ast.Assign) and is_write(node)):
        yield "pass"
    elif isinstance(node, ast.Continue):
        yield "break"
    elif isinstance(node, ast.Break):
        yield "continue"


def other_constants(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int):
        yield repr(value + 1)
    elif isinstance(value, float):
        yield repr(value * 1.1 or 1.0)


def is_type(node: ast.AST) -> bool:
    """A union of types, such as `int | None`: an annotation in all but its place."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and ast.unparse(node.right)[:1] in "NATisfdbt"


def is_write(node: ast.Assign) -> bool:
    """An assignment to a place in something that existed before: without it, nothing is undefined."""
    return isinstance(node.targets[0], ast.Attribute | ast.Subscript)


def parenthesised(node: ast.AST, **fields: object) -> str:
    return f"({ast.unparse(with_fields(node, **fields))})"


def with_fields(node: ast.AST, **fields: object) -> ast.AST:
    twin = copy.copy(node)
    for name, value in fields.items():
        setattr(twin, name, value)
    return twin
