"""Places the boxes of a drawn graph in rows, with few crossings of arrows.

1. Boxes go into rows, so that every arrow points down.
2. A long arrow gets a bend in each row that it passes. A bend takes up room as a box
   does, so that no arrow runs through a box.
3. Each row is ordered by where its neighbours stand, to avoid crossings.
4. All boxes are put as straight above each other as their widths allow.

Lengths are inches; x grows to the right, y downward.
Source: Sugiyama, Tagawa & Toda 1981, "Methods for Visual Understanding of Hierarchical
System Structures".
"""

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

PADDING = 0.12  # within a box
BESIDE = 0.22  # between boxes in a row
ROW_GAP = 0.34  # between rows, at least
PER_INCH = 0.07  # more between rows, for each inch that an arrow goes to the side
WIDEST_GAP = 0.9  # between rows, at most
PORTS = 0.17  # between the heads of a box's arrows
PIN = 0.1  # the height of the numbers at the heads
BEGINNINGS = 12  # orders that the search for few crossings starts from
SWEEPS = 8  # sweeps over all rows, from each of them
STEPS = 50  # sweeps to straighten the rows
LIGHT = 1e-6  # a leaf's weight; an op's is 1, so that ops, not leaves, stand in line


@dataclass(eq=False)
class Box:
    """An op, a leaf, the result, or a bend: the place where an arrow passes a row.

    x is the middle of the box, y its upper side.
    """

    kind: str
    row: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)  # (style, text)
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0


@dataclass(eq=False)
class Arrow:
    """An arrow from `source` to the op `target`, whose argument `index` it is.

    `bends` has one box for each row in between.
    """

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
    """Place all boxes and bends; return them row by row, each from left to right."""
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
    """Put each box as high as its inputs allow, then lower it to just above its users.

    It is lowered only if that does not make the arrows longer in total.
    """
    inputs, users = defaultdict(set), defaultdict(set)
    for arrow in arrows:
        inputs[arrow.target].add(arrow.source)
        users[arrow.source].add(arrow.target)
    for box in boxes:
        box.row = 1 + max((source.row for source in inputs[box]), default=-1)
    for box in reversed(boxes[:-1]):  # all but the result, users first
        if sum(source.kind != "leaf" for source in inputs[box]) <= len(users[box]):
            box.row = min(user.row for user in users[box]) - 1


def _rows_with_bends(boxes: list[Box], arrows: list[Arrow]) -> list[list[Box]]:
    """Give long arrows their bends, and return all boxes and bends in rows.

    Arrows from one box share their bends: they leave as one line, and part later.
    """
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


def _neighbours(
    arrows: list[Arrow],
) -> tuple[dict[Box, list[Box]], dict[Box, list[Box]]]:
    """The boxes that each box is joined to in the row above, and in the row below."""
    above, below = defaultdict(list), defaultdict(list)
    links = [link for arrow in arrows for link in pairwise(arrow.stops)]
    for upper, lower in dict.fromkeys(links):  # each link once, in the same order
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def _order(
    rows: list[list[Box]], above: dict, below: dict, arrows: list[Arrow]
) -> list[list[Box]]:
    """The rows, ordered so that few arrows cross.

    Each row is sorted by where its neighbours stand, sweeping upward and downward in
    turn, and the best order seen is kept. Another beginning may lead to a better end:
    the first is the order of the arguments, the others are shuffled with a fixed seed.
    """
    chance = Random(0)
    best, least = rows, (math.inf, math.inf, math.inf)
    for _ in range(BEGINNINGS):
        for sweep in range(SWEEPS):
            if sweep % 2 == 0:
                rows = [_sorted_by(row, below) for row in reversed(rows)]
                rows.reverse()
            else:
                rows = [_sorted_by(row, above) for row in rows]
            score = _score(rows, below, arrows)
            if score < least:
                best, least = rows, score
        if least[:2] == (0, 0):
            break
        rows = [chance.sample(row, len(row)) for row in rows]
    return best


def _sorted_by(row: list[Box], side: dict) -> list[Box]:
    """The row, sorted by where its neighbours on one side stand.

    A box without neighbours on that side keeps its place.
    """
    wanted = {box: round(_mean(box, side[box]), 6) for box in row if side[box]}
    moved = iter(sorted(wanted, key=lambda box: wanted[box]))
    row = [next(moved) if box in wanted else box for box in row]
    _stand(row, [wanted.get(box, box.x) for box in row])
    return row


def _straighten(rows: list[list[Box]], above: dict, below: dict) -> None:
    """Move the boxes within their rows until arrows are as straight as they can be.

    First each box moves between all its neighbours, then right under its inputs; leaves
    move right above their users. The smallest x is 0.
    """
    for row in rows:
        _stand(row, [0.0] * len(row))
    for step in range(STEPS):
        upward = step % 2 == 0
        for row in reversed(rows) if upward else rows:
            _stand(row, [_mean(box, above[box] + below[box]) for box in row])
    for row in rows:
        _stand(row, [_mean(box, above[box]) if above[box] else box.x for box in row])
    for row in reversed(rows):
        _stand(
            row,
            [_mean(box, below[box]) if box.kind == "leaf" else box.x for box in row],
        )
    left = min(box.x - box.width / 2 for row in rows for box in row)
    for row in rows:
        for box in row:
            box.x -= left


def _score(
    rows: list[list[Box]], below: dict, arrows: list[Arrow]
) -> tuple[float, float, float]:
    """How good an order is; smaller is better.

    Counted are, first, the arrows that cross; then the arrows that enter an op left of
    an earlier argument; then how far all arrows go to the side.
    """
    crossings, aside = 0, 0.0
    for row in rows:
        ends: list[float] = []
        for box in row:
            crossings += sum(
                len(ends) - bisect_right(ends, lower.x) for lower in below[box]
            )
            for lower in below[box]:
                insort(ends, lower.x)
                aside += abs(box.x - lower.x)
    coming = pairwise(sorted(arrows, key=_comes_in))
    disorder = sum(
        left.target is right.target and left.index > right.index
        for left, right in coming
    )
    return crossings, disorder, round(aside, 3)


def _comes_in(arrow: Arrow) -> tuple[int, float, float, int]:
    """A key that sorts arrows box by box, and from left to right at each box."""
    return arrow.target.row, arrow.target.x, arrow.stops[-2].x, arrow.index


def _mean(box: Box, neighbours: Iterable[Box]) -> float:
    """The x that suits a box's neighbours: their weighted mean.

    Leaves hardly count. Bends count more, so that long arrows become straight.
    """
    weights = [(_link(box, other), other.x) for other in neighbours]
    return sum(weight * x for weight, x in weights) / sum(
        weight for weight, _ in weights
    )


def _link(box: Box, other: Box) -> float:
    kinds = (box.kind, other.kind)
    return LIGHT if "leaf" in kinds else float(1 + 3 * kinds.count("bend"))


def _stand(row: list[Box], wanted: Sequence[float]) -> None:
    """Move the boxes of a row as near to the wanted x as their widths allow."""
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
    """Places as near as possible to the wanted ones, in the same order.

    They are at least `gaps` apart, and lie between `low` and `high`. The sum of squared
    distances is minimised by pooling adjacent violators: places that would overlap form
    a block, which stands at the mean of what its members want.
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    # Each block: (where it stands, its weight, how many members it has).
    blocks: list[tuple[float, float, int]] = []
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
    """Spread the heads of a box's arrows over its upper side.

    Arrows from ops end right below where they come from, if there is room. If the
    arrows are not arguments 0, 1, ... from left to right, each gets its number, just
    below its head.
    """
    arrows.sort(key=_comes_in)
    inner, count = box.width / 2 - PADDING, len(arrows)
    gaps = [min(PORTS, 2 * inner / max(1, count - 1))] * (count - 1)
    wanted = [
        min(max(arrow.stops[-2].x, box.x - inner), box.x + inner) for arrow in arrows
    ]
    weights = [LIGHT if arrow.source.kind == "leaf" else 1.0 for arrow in arrows]
    numbered = [arrow.index for arrow in arrows] != list(range(count))
    for arrow, end in zip(
        arrows, _apart(wanted, weights, gaps, box.x - inner, box.x + inner)
    ):
        arrow.end, arrow.numbered = end, numbered
    if numbered:
        box.height += PIN


def _stack(rows: list[list[Box]], below: dict) -> None:
    """Put the rows under each other, further apart if an arrow goes far to the side."""
    top = 0.0
    for row in rows:
        height = max(box.height for box in row)
        for box in row:
            box.y = top + (height - box.height) / 2
        aside = max(
            (abs(box.x - lower.x) for box in row for lower in below[box]), default=0
        )
        top += height + min(ROW_GAP + PER_INCH * aside, WIDEST_GAP)
