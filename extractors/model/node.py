"""What all nodes of a definition have in common (`nodes.py` has each)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractors.model.packing import packed, unpacked


@dataclass(frozen=True, eq=False, repr=False)
class Node:
    """Base of all: equality is equality of meaning."""

    # a hash of its meaning; equal nodes have equal ones
    digest: str = field(init=False)
    # whether it mentions INTERVAL anywhere
    interval: bool = field(init=False)

    def __post_init__(self) -> None:
        self._set(interval=any(child.interval for child in self.children))
        self._settle()
        self._set(digest=_digest(self))

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _settle(self) -> None:
        """Check that the node is legal and work out what it knows of itself."""

    @property
    def children(self) -> tuple["Node", ...]:
        return ()

    @property
    def identity(self) -> tuple:
        """What tells it from other nodes of its class, beside its children."""
        return ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple:
        return unpacked, (packed(walk([self])),)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {' '.join(map(str, self.identity))} "
            f"{self.digest[:8]}>"
        )


def _digest(node: Node) -> str:
    words = (
        type(node).__name__,
        node.identity,
        tuple(child.digest for child in node.children),
    )
    return hashlib.sha256(repr(words).encode()).hexdigest()[:32]


def walk(roots: Iterable[Node]) -> list[Node]:
    """All nodes below the roots, each once, children before parents; any depth."""
    done: dict[Node, None] = {}
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            done[node] = None
        elif node not in done:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.children))
    return list(done)
