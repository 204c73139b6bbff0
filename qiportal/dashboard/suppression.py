"""Small-number suppression for one published set of cuts.

Hiding only the cells below K is not enough: a parent minus its published parts gives
the hidden part away. The rule kept here: for every published node, its count minus the
counts of its maximal published descendants is 0 or at least K. Then any figure that
can be computed from the published ones counts 0 or at least K people, because each
such figure is a sum of those residuals.

Counts are arrays of shape (nodes,) or (nodes, columns), in the order of `Tree.codes`;
a column is one question and period. NaN means "already hidden by the publisher". The
answer is a boolean array of the same shape: True = hide. A named cluster of small teams
is an ordinary node between them and their division.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

K = 11
Counts = NDArray[np.float64]
Mask = NDArray[np.bool_]
_TOLERANCE = 1e-8


@dataclass(frozen=True)
class Tree:
    """Nodes of all cuts: the unit tree, then any other cut as leaves under its root.

    `families[i]` holds, per cut, the children of node i; each family on its own adds
    up to the node. `order` lists nodes children first; `rank` breaks ties by code.
    """

    codes: tuple[str, ...]
    families: tuple[tuple[tuple[int, ...], ...], ...]
    order: tuple[int, ...]
    rank: tuple[int, ...]

    def children(self, node: int) -> tuple[int, ...]:
        """Children in the unit tree (other cuts hang on the root only)."""
        return self.families[node][0] if self.families[node] else ()


def tree_build(
    parents: Mapping[str, str | None],
    extra_cuts: Mapping[str, Sequence[str]] | None = None,
) -> Tree:
    """A tree from unit code -> parent code (None for the root).

    `extra_cuts` maps a cut's name to the codes of its cells at root level (staff groups
    of the whole trust). Raises ValueError for an unknown parent, a loop, a code used
    twice, or extra cuts without exactly one root.
    """
    cuts = [list(codes) for codes in (extra_cuts or {}).values()]
    codes = [*parents, *(code for cut in cuts for code in cut)]
    if len(set(codes)) != len(codes):
        raise ValueError("A code stands twice in the tree or its cuts.")
    index = {code: i for i, code in enumerate(codes)}
    families = _families(parents, cuts, index)
    by_code = sorted(range(len(codes)), key=codes.__getitem__)
    rank = [0] * len(codes)
    for place, node in enumerate(by_code):
        rank[node] = place
    roots = [index[code] for code, parent in parents.items() if parent is None]
    order = _children_first(roots, families)
    if len(order) != len(codes):
        raise ValueError("The tree has a loop.")
    return Tree(tuple(codes), tuple(families), tuple(order), tuple(rank))


def _families(
    parents: Mapping[str, str | None], cuts: list[list[str]], index: Mapping[str, int]
) -> list[tuple[tuple[int, ...], ...]]:
    children: list[list[int]] = [[] for _ in index]
    for code, parent in parents.items():
        if parent is None:
            continue
        if parent not in parents:
            raise ValueError(f"Unit {code} has an unknown parent.")
        children[index[parent]].append(index[code])
    families: list[tuple[tuple[int, ...], ...]] = [
        (tuple(below),) if below else () for below in children
    ]
    roots = [index[code] for code, parent in parents.items() if parent is None]
    if cuts and len(roots) != 1:
        raise ValueError("Extra cuts need a tree with one root.")
    for cut in cuts:
        families[roots[0]] += (tuple(index[code] for code in cut),)
    return families


def _children_first(
    roots: list[int], families: list[tuple[tuple[int, ...], ...]]
) -> list[int]:
    found: list[int] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(child for family in families[node] for child in family)
    return found[::-1]


def suppress(tree: Tree, n: ArrayLike, *, k: int = K) -> Mask:
    """Which cells to hide so that no published sum gives away 1 to k-1 people.

    `n`: counts of people, shape (nodes,) or (nodes, columns), NaN = already hidden.
    Hides 0 < n < k, then bottom-up the smallest published part (tie: unit code) of
    every published node whose residual is neither 0 nor at least k, until nothing
    changes. Raises ValueError for k below 11, negative or infinite counts, a bad shape.
    """
    if k < K:
        raise ValueError(f"The minimum of {K} may be raised, never lowered.")
    counts = _checked(tree, n)
    hidden = np.isnan(counts) | ((counts > 0) & (counts < k))
    while _sweep(tree, counts, hidden, k):
        pass
    return hidden.reshape(np.shape(n))


def _checked(tree: Tree, n: ArrayLike) -> Counts:
    counts = np.array(n, dtype=np.float64)
    if counts.ndim not in (1, 2) or counts.shape[0] != len(tree.codes):
        raise ValueError("Counts need one row per node of the tree.")
    if np.any(counts < 0) or np.any(np.isinf(counts)):
        raise ValueError("Counts of people are finite and not negative.")
    return counts if counts.ndim == 2 else counts[:, np.newaxis]


def _sweep(tree: Tree, counts: Counts, hidden: Mask, k: int) -> bool:
    """One bottom-up pass; hides in place and says whether it hid anything."""
    changed = False
    for _, family, column, total in _unsafe(tree, counts, hidden, k):
        _blank(tree, counts[:, column], hidden[:, column], family, total, k)
        changed = True
    return changed


def _unsafe(
    tree: Tree, counts: Counts, hidden: Mask, k: int
) -> Iterator[tuple[int, tuple[int, ...], int, float]]:
    """(node, family, column, total) of residuals not 0 and below k, children first.

    The caller may hide descendants in that column before it asks for the next one. A
    hidden node has a residual only where another cut gives its total away.
    """
    cover = np.zeros_like(counts)
    complete = np.zeros_like(hidden)
    for node in tree.order:
        families = tree.families[node]
        total = _known_total(node, families, counts, hidden, cover, complete)
        for family in families:
            rest = total - cover[list(family)].sum(axis=0)
            for column in np.flatnonzero((rest != 0) & (rest < k)):
                yield node, family, int(column), float(total[column])
        shown = ~hidden[node]
        if families:
            main = list(families[0])
            cover[node] = np.where(shown, counts[node], cover[main].sum(axis=0))
            complete[node] = shown | complete[main].all(axis=0)
        else:
            cover[node] = np.where(shown, counts[node], 0.0)
            complete[node] = shown


def _known_total(
    node: int,
    families: tuple[tuple[int, ...], ...],
    counts: Counts,
    hidden: Mask,
    cover: Counts,
    complete: Mask,
) -> Counts:
    """What a reader knows of the node's count: shown, or the sum of a complete cut."""
    total = np.where(hidden[node], np.nan, counts[node])
    if len(families) > 1:
        for family in map(list, families):
            adds_up = hidden[node] & complete[family].all(axis=0)
            total = np.where(adds_up, cover[family].sum(axis=0), total)
    return total


def _blank(
    tree: Tree,
    counts: Counts,
    hidden: Mask,
    family: tuple[int, ...],
    total: float,
    k: int,
) -> None:
    """Hide the smallest parts of `total` first until the rest is 0 or at least k.

    Ends at the latest when no part is left: the rest is then the total, which is
    published and so is 0 or at least k itself.
    """
    rest = total
    parts: list[tuple[float, int, int]] = []
    fresh = list(_published_below(tree, hidden, family))
    while True:
        for node in fresh:
            rest -= counts[node]
            if counts[node] > 0:
                heapq.heappush(parts, (counts[node], tree.rank[node], node))
        if rest == 0 or rest >= k:
            return
        size, _, smallest = heapq.heappop(parts)
        hidden[smallest] = True
        rest += size
        fresh = list(_published_below(tree, hidden, tree.children(smallest)))


def _published_below(tree: Tree, hidden: Mask, nodes: Sequence[int]) -> Iterator[int]:
    """The maximal published nodes at or below `nodes`."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if hidden[node]:
            stack.extend(tree.children(node))
        else:
            yield node


def unsafe_cells(
    tree: Tree, n: ArrayLike, hidden: Mask, *, k: int = K
) -> list[tuple[str, int]]:
    """(code, column) of each node whose residual is neither 0 nor at least k.

    The check before a run is published: an empty list is the only good answer.
    """
    counts = _checked(tree, n)
    mask = np.array(hidden, dtype=bool).reshape(counts.shape)
    unsafe = _unsafe(tree, counts, mask, k)
    return [(tree.codes[node], column) for node, _, column, _ in unsafe]


def leaks(
    tree: Tree, n: ArrayLike, hidden: Mask, *, k: int = K
) -> list[tuple[str, int]]:
    """(code, column) of hidden cells under k that the published cells determine.

    Treats all cuts as one linear system: unknowns are the smallest parts of each cut,
    one equation per published cell, one per further cut (it adds up to the root).
    Slower than `unsafe_cells` and independent of it; run it before freezing a wave.
    """
    counts = _checked(tree, n)
    mask = np.array(hidden, dtype=bool).reshape(counts.shape)
    small = mask & (counts > 0) & (counts < k)
    solved: dict[bytes, Mask] = {}
    found: list[tuple[str, int]] = []
    for column in np.flatnonzero(small.any(axis=0)):
        own = _has_own_people(tree, counts[:, column])
        pattern = own.tobytes() + mask[:, column].tobytes()
        if pattern not in solved:
            solved[pattern] = _solvable(tree, own, mask[:, column])
        for node in np.flatnonzero(small[:, column] & solved[pattern]):
            found.append((tree.codes[node], int(column)))
    return found


def _has_own_people(tree: Tree, counts: Counts) -> Mask:
    """Nodes that count people who belong to none of their children."""
    own = [
        not families or counts[node] > counts[list(families[0])].sum()
        for node, families in enumerate(tree.families)
    ]
    return np.array(own, dtype=bool)


def _solvable(tree: Tree, own: Mask, hidden: Mask) -> Mask:
    """Nodes whose count follows from the published ones by adding and subtracting."""
    cells = np.diag(own.astype(np.float64))
    links: list[Counts] = []
    for node in tree.order:
        for i, family in enumerate(tree.families[node]):
            below = cells[list(family)].sum(axis=0)
            if i == 0:
                cells[node] += below
            else:
                links.append(cells[node] - below)
    return determined(np.vstack([cells[~hidden], *links]), cells)


def determined(known: Counts, targets: Counts) -> Mask:
    """Which rows of `targets` are linear combinations of the rows of `known`."""
    if not known.size:
        return np.zeros(len(targets), dtype=bool)
    _, sizes, basis = np.linalg.svd(known, full_matrices=False)
    basis = basis[sizes > _TOLERANCE]
    left_over = targets - (targets @ basis.T) @ basis
    return np.abs(left_over).max(axis=1) < _TOLERANCE
