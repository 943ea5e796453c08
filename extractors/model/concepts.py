"""What a concept set asks of OMOP's vocabulary."""

from dataclasses import dataclass

MOST = 2**31 - 1  # OMOP's column of ids is an INTEGER


@dataclass(frozen=True, order=True)
class Concept:
    """A concept of a set, and what comes with it."""

    # its concept id
    id: int
    # whether it is taken out of the set
    excluded: bool = False
    # whether the concepts below it come with it
    descendants: bool = False
    # whether the source concepts that map to any of these come with it
    mapped: bool = False

    def __post_init__(self) -> None:
        fine = type(self.id) is int and 0 <= self.id <= MOST
        flags = (self.excluded, self.descendants, self.mapped)
        if not fine or any(type(flag) is not bool for flag in flags):
            raise TypeError("a concept is an id with what comes with it")

    @property
    def plain(self) -> tuple[int, bool, bool, bool]:
        return self.id, self.excluded, self.descendants, self.mapped

    @property
    def alone(self) -> bool:
        """Whether no vocabulary is needed to know which concepts are meant."""
        return not (self.descendants or self.mapped)
