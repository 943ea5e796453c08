"""Which codelist a set of codes comes from, by the files themselves and not by what a
definition says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from extractors.model import nodes


@dataclass(frozen=True)
class Lists:
    """The codes of each codelist, by the name that the definition gives to its file."""

    # name of a file -> its codes
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def name_of(self, values: nodes.Values) -> str:
        """In words, of the smallest codelist that has all of these; "" if none has."""
        wanted = frozenset(map(str, values.values))
        if not wanted:
            return ""
        holding = [
            (len(codes), name) for name, codes in self.codes.items() if wanted <= codes
        ]
        if not holding:
            return ""
        size, name = min(holding)
        title = PurePosixPath(name).stem
        if len(wanted) == size == 1:
            return f"{next(iter(wanted))} (the only code of the codelist “{title}”)"
        if len(wanted) == size:
            return f"one of all {size:,} codes of the codelist “{title}”"
        if len(wanted) == 1:
            return f"the code {next(iter(wanted))} of the codelist “{title}”"
        return f"one of {len(wanted):,} of the {size:,} codes of the codelist “{title}”"
