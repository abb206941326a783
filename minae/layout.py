"""Where the boxes of a drawn graph stand: in rows, so that every arrow points down, and with few crossings.

The layout is the one of Sugiyama, Tagawa & Toda 1981, "Methods for Visual Understanding of Hierarchical System
Structures": boxes go into rows, so that every arrow points down; a long arrow gets a bend in each row that it passes,
which keeps its place there as a box does, so that no arrow runs through a box; each row is ordered by where its
neighbours stand, against crossings; then all boxes are put as straight above each other as their widths allow.

Lengths are inches; x grows to the right, y downward.
"""

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

PADDING, BESIDE = 0.12, 0.22  # within a box; between boxes
ROW_GAP, PER_INCH, WIDEST_GAP = 0.34, 0.07, 0.9  # between rows: more where an arrow goes far to the side
PORTS, PIN = 0.17, 0.1  # between arrows' heads in one box; the height of their numbers
BEGINNINGS, SWEEPS, STEPS = 12, 8, 50  # of ordering; of straightening
LIGHT = 1e-6  # what a leaf weighs beside an op: ops stand in line, and leaves beside them


@dataclass(eq=False)
class Box:
    """An op, a leaf, the result; or a bend: where an arrow passes through a row. x is its middle, y its upper side."""

    kind: str
    row: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)  # (style, text)
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0


@dataclass(eq=False)
class Arrow:
    """The use of `source` as argument `index` of the op `target`; `bends` has one box for each row in between."""

    source: Box
    target: Box
    index: int
    bends: list[Box] = field(default_factory=list)
    end: float = 0.0  # the x of its head
    numbered: bool = False

    @property
    def stops(self) -> list[Box]:
        return [self.source, *self.bends, self.target]


def arrange(boxes: list[Box], arrows: list[Arrow]) -> list[list[Box]]:
    """The rows from top to bottom, each with its boxes and bends from left to right, all in their places."""
    _choose_rows(boxes, arrows)
    rows = _rows_with_bends(boxes, arrows)
    above, below = _neighbours(arrows)
    rows = _order(rows, above, below, arrows)
    _straighten(rows, above, below)
    for box in boxes:
        _aim(box, [arrow for arrow in arrows if arrow.target is box])
    _stack(rows, below)
    return rows


def _choose_rows(boxes: list[Box], arrows: list[Arrow]) -> None:
    """As high as its inputs allow; then down to its first user, where that makes no arrows longer in sum."""
    inputs, users = defaultdict(set), defaultdict(set)
    for arrow in arrows:
        inputs[arrow.target].add(arrow.source)
        users[arrow.source].add(arrow.target)
    for box in boxes:
        box.row = 1 + max((source.row for source in inputs[box]), default=-1)
    for box in boxes[-2::-1]:  # all but the result, users first
        if sum(source.kind != "leaf" for source in inputs[box]) <= len(users[box]):
            box.row = min(user.row for user in users[box]) - 1


def _rows_with_bends(boxes: list[Box], arrows: list[Arrow]) -> list[list[Box]]:
    """The arrows of one box share their bends: they leave as one line, and part where they must."""
    bends: dict[tuple[Box, int], Box] = {}
    for arrow in arrows:
        for row in range(arrow.source.row + 1, arrow.target.row):
            arrow.bends.append(bends.setdefault((arrow.source, row), Box("bend", row)))
    place = {box: place for place, box in enumerate(boxes)}
    place |= {bend: place[source] for (source, _), bend in bends.items()}
    rows: list[list[Box]] = [[] for _ in range(boxes[-1].row + 1)]
    for box in sorted(place, key=lambda box: place[box]):
        rows[box.row].append(box)
    return rows


def _neighbours(arrows: list[Arrow]) -> tuple[dict[Box, list[Box]], dict[Box, list[Box]]]:
    """What each box is joined to in the row above it, and in the row below."""
    above, below = defaultdict(list), defaultdict(list)
    for upper, lower in dict.fromkeys(pair for arrow in arrows for pair in pairwise(arrow.stops)):
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def _order(rows: list[list[Box]], above: dict, below: dict, arrows: list[Arrow]) -> list[list[Box]]:
    """Each row by where its neighbours stand, upward and downward in turn; of all orders seen the best is kept.

    What begins in another order may end in a better one: the first beginning is the order of the arguments, the others
    are shuffled (always alike).
    """
    chance = Random(0)
    best, least = rows, (math.inf, math.inf, math.inf)
    for _ in range(BEGINNINGS):
        for row in rows:
            _stand(row, [0.0] * len(row))
        for sweep in range(SWEEPS):
            if sweep % 2 == 0:
                rows = [_sorted_by(row, below) for row in rows[::-1]][::-1]
            else:
                rows = [_sorted_by(row, above) for row in rows]
            if (score := _score(rows, below, arrows)) < least:
                best, least = rows, score
        if least[:2] == (0, 0):
            break
        rows = [chance.sample(row, len(row)) for row in rows]
    return best


def _sorted_by(row: list[Box], side: dict) -> list[Box]:
    """The row in the order of its neighbours on one side; a box that has none there keeps its place."""
    wanted = {box: round(_mean(box, side[box]), 6) for box in row if side[box]}
    moved = iter(sorted(wanted, key=lambda box: wanted[box]))
    row = [next(moved) if box in wanted else box for box in row]
    _stand(row, [wanted.get(box, box.x) for box in row])
    return row


def _straighten(rows: list[list[Box]], above: dict, below: dict) -> None:
    """All in balance between their neighbours; then each right under its inputs, and leaves above users; x >= 0."""
    for row in rows:
        _stand(row, [0.0] * len(row))
    for step in range(STEPS):
        for row in rows if step % 2 else rows[::-1]:
            _stand(row, [_mean(box, above[box] + below[box]) for box in row])
    for row in rows:
        _stand(row, [_mean(box, above[box]) if above[box] else box.x for box in row])
    for row in rows[::-1]:
        _stand(row, [_mean(box, below[box]) if box.kind == "leaf" else box.x for box in row])
    left = min(box.x - box.width / 2 for row in rows for box in row)
    for row in rows:
        for box in row:
            box.x -= left


def _score(rows: list[list[Box]], below: dict, arrows: list[Arrow]) -> tuple[float, float, float]:
    """How many arrows cross; how many come in before an earlier argument; how far they go aside. Less is better."""
    crossings, aside = 0, 0.0
    for row in rows:
        ends: list[float] = []
        for box in row:
            crossings += sum(len(ends) - bisect_right(ends, lower.x) for lower in below[box])
            for lower in below[box]:
                insort(ends, lower.x)
                aside += abs(box.x - lower.x)
    coming = pairwise(sorted(arrows, key=_comes_in))
    disorder = sum(left.target is right.target and left.index > right.index for left, right in coming)
    return crossings, disorder, round(aside, 3)


def _comes_in(arrow: Arrow) -> tuple[int, float, float, int]:
    """The order in which arrows come in, from left to right, at one box after the other."""
    return arrow.target.row, arrow.target.x, arrow.stops[-2].x, arrow.index


def _mean(box: Box, neighbours: Iterable[Box]) -> float:
    """Where its neighbours want a box to stand: leaves hardly count, and long arrows want to be straight."""
    weights = [(_link(box, other), other.x) for other in neighbours]
    return sum(weight * x for weight, x in weights) / sum(weight for weight, _ in weights)


def _link(box: Box, other: Box) -> float:
    kinds = (box.kind, other.kind)
    return LIGHT if "leaf" in kinds else float(1 + 3 * kinds.count("bend"))


def _stand(row: list[Box], wanted: Sequence[float]) -> None:
    weights = [LIGHT if box.kind == "leaf" else 1.0 for box in row]
    gaps = [(left.width + right.width) / 2 + BESIDE for left, right in pairwise(row)]
    for box, x in zip(row, _apart(wanted, weights, gaps)):
        box.x = x


def _apart(
    wanted: Sequence[float],
    weights: Sequence[float],
    gaps: Sequence[float],
    low: float = -math.inf,
    high: float = math.inf,
) -> list[float]:
    """Places in the given order, at least `gaps` apart, from `low` to `high`, as near as can be to the wanted ones.

    Least squares, by pooling adjacent violators: what would overlap forms a block, which stands at the mean of what its
    members want.
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    blocks: list[tuple[float, float, int]] = []  # (where it stands, its weight, how many members)
    for place, weight, offset in zip(wanted, weights, offsets):
        x, count = place - offset, 1
        while blocks and blocks[-1][0] > x:
            other, other_weight, other_count = blocks.pop()
            x = (x * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        blocks.append((x, weight, count))
    starts = np.repeat([x for x, _, _ in blocks], [count for _, _, count in blocks])
    return (np.clip(starts, low, high - offsets[-1]) + offsets).tolist()


def _aim(box: Box, arrows: list[Arrow]) -> None:
    """Spread the heads of a box's arrows over its upper side, ops' right below where they come from if there is room.

    Arrows that are not arguments 0, 1, ... from left to right get their numbers, just below their heads.
    """
    arrows.sort(key=_comes_in)
    inner, count = box.width / 2 - PADDING, len(arrows)
    gaps = [min(PORTS, 2 * inner / max(1, count - 1))] * (count - 1)
    wanted = [min(max(arrow.stops[-2].x, box.x - inner), box.x + inner) for arrow in arrows]
    weights = [LIGHT if arrow.source.kind == "leaf" else 1.0 for arrow in arrows]
    numbered = [arrow.index for arrow in arrows] != list(range(count))
    for arrow, end in zip(arrows, _apart(wanted, weights, gaps, box.x - inner, box.x + inner)):
        arrow.end, arrow.numbered = end, numbered
    box.height += PIN * numbered


def _stack(rows: list[list[Box]], below: dict) -> None:
    """The rows under each other, with more room where an arrow goes far to the side; y from 0 on."""
    top = 0.0
    for row in rows:
        height = max(box.height for box in row)
        for box in row:
            box.y = top + (height - box.height) / 2
        aside = max((abs(box.x - lower.x) for box in row for lower in below[box]), default=0)
        top += height + min(ROW_GAP + PER_INCH * aside, WIDEST_GAP)
