"""Something that is wrong, or hardly meant, with a codelist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    # what it is, in a word or two
    kind: str
    # the file, as people know it
    file: str
    # from 1; 0: of the whole file
    line: int
    # what is there, and what to do
    text: str
    # whether the list is not the one that is wanted; else it is a doubt
    wrong: bool = False

    @property
    def words(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.text}"
