"""A system taken apart: what no row ties can be looked at alone, and side by side."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from measures.disclosure.audit.solving.system import CHANGE, WINDOW, Guess, System


@dataclass(frozen=True, eq=False)
class Component:
    """A part of a system that no row ties to the rest."""

    # the part as a system of its own, with its own columns and rows
    system: System
    # the places of its targets among those of the whole system, in its own order
    targets: np.ndarray
    # whether it ties several releases together
    joint: bool


def components_of(system: System) -> list[Component]:
    """In the order of their first columns; those without a target are left out."""
    labels = _labels(system)
    rows, columns, _ = system.entries
    entry_order = _by_label(labels[columns], labels)
    column_order = _by_label(labels, labels)
    target_order = _by_label(labels[system.targets[:, 0]], labels)
    parts = zip(column_order, entry_order, target_order, strict=True)
    found: list[Component] = []
    for of_columns, of_entries, of_targets in parts:
        if len(of_targets):
            found.append(
                _component(
                    system, columns=of_columns, entries=of_entries, targets=of_targets
                )
            )
    return found


def _labels(system: System) -> np.ndarray:
    """For each column the number of its component: the smallest column it hangs
    together with, in order.
    """
    rows, columns, _ = system.entries
    labels = np.arange(len(system.lows))
    while True:
        least = np.full(len(system.least), len(labels))
        np.minimum.at(least, rows, labels[columns])
        new = labels.copy()
        np.minimum.at(new, columns, least[rows])
        new = new[new]  # a label's own label: halves long chains
        if (new == labels).all():
            return np.unique(labels, return_inverse=True)[1]
        labels = new


def _by_label(labels: np.ndarray, among: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(labels, kind="stable")
    return np.split(
        order, np.searchsorted(labels[order], np.arange(1, among.max(initial=0) + 1))
    )


def _component(
    system: System, *, columns: np.ndarray, entries: np.ndarray, targets: np.ndarray
) -> Component:
    rows, at, weights = (part[entries] for part in system.entries)
    kept, new_rows = np.unique(rows, return_inverse=True)
    place = np.full(len(system.lows) + 1, -1)  # the last one is for -1, no column
    place[columns] = np.arange(len(columns))
    tags = system.tags[kept]
    guesses = _guesses(bool((tags == WINDOW).any()), bool((tags == CHANGE).any()))
    part = System(
        lows=system.lows[columns],
        highs=system.highs[columns],
        entries=(new_rows, place[at], weights),
        least=system.least[kept],
        most=system.most[kept],
        tags=tags,
        targets=place[system.targets[targets]],
        bundles=system.bundles[targets],
        guesses=guesses,
    )
    return Component(part, targets, bool((tags == CHANGE).any()))


def _guesses(windows: bool, change: bool) -> tuple[Guess, ...]:
    """The strongest beliefs first; what is certain is in all of them."""
    ties = (True, False) if windows else (True,)
    # whether people only came, only went, or both
    signs = (1, -1, 0) if change else (0,)
    return tuple(Guess(tied, sign) for tied, sign in product(ties, signs))
