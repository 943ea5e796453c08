"""Runs an author's file statement by statement, so that one refusal does not hide the
next.

After a statement that is refused the next one runs. What the refused one would have
made is poison (`poison`): a statement that fails because of it is a consequence and is
not said.
"""

import __future__

import ast
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, TracebackType
from typing import Any

from measures.closed.bindings import Bindings, made_by, used_by
from measures.closed.identity import refuse_identity
from measures.closed.poison import Poison, holds_poison

# After these nothing of the file can be read.
FATAL = (MemoryError, RecursionError)


class Statements:
    """The statements of one file, and what became of them."""

    def __init__(
        self,
        source: bytes,
        file: str,
        names: dict[str, Any],
        report: Callable[[BaseException], object],
    ):
        self.source, self.file, self.names, self.report = source, file, names, report
        self.failed = False
        self._poisoned = Bindings()
        self._flags = 0

    def run(self) -> None:
        """Run all; each that is refused is reported."""
        try:
            tree = ast.parse(self.source, self.file)
        except (SyntaxError, ValueError, *FATAL) as error:
            self._refuse(error)
            return
        # all of it before the first one runs and may change Python
        compiled = [(each, self._compiled(each)) for each in _each(tree.body)]
        for statement, code in compiled:
            if not self._run(statement, code):
                return

    def _compiled(self, statement: ast.stmt) -> CodeType | SyntaxError:
        """A statement as code, or why it is none."""
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self._flags |= _flags(statement)
        module = ast.Module([statement], [])
        try:
            return compile(module, self.file, "exec", self._flags, dont_inherit=True)
        except SyntaxError as error:
            return error

    def _run(self, statement: ast.stmt, code: CodeType | SyntaxError) -> bool:
        """Whether the next one may run."""
        try:
            if type(code) is not CodeType:
                raise code
            refuse_identity(statement, self.file, self.names)
            exec(code, self.names)
        except BaseException as error:
            if not self._follows(error, statement):
                self._refuse(error)
            self._poison(made_by(statement))
            return isinstance(error, Exception) and not isinstance(error, FATAL)
        if self.failed and self._poisoned.touch(used_by(statement)):
            self._poisoned.add(made_by(statement))  # it is made of poison
        return True

    def _refuse(self, error: BaseException) -> None:
        self.failed = True
        self.report(error)

    def _follows(self, error: BaseException, statement: ast.stmt) -> bool:
        """Whether a refusal is for want of what an earlier one would have made."""
        if not self.failed or isinstance(error, SyntaxError):
            return False
        if self._poisoned.touch(used_by(statement)):
            return True
        if self._poisoned.anything and isinstance(error, NameError):
            return True
        return any(map(self._meets_poison, _frames(error.__traceback__)))

    def _meets_poison(self, frame: Any) -> bool:
        if frame.f_globals is self.names and self._poisoned.names.intersection(
            frame.f_code.co_names
        ):
            return True
        # all names of a file, whichever the line reads
        if frame.f_locals is frame.f_globals:
            return False
        return any(map(holds_poison, list(frame.f_locals.values())))

    def _poison(self, made: Bindings) -> None:
        self._poisoned.add(made)
        for name in made.names:
            self.names[name] = Poison()


def _each(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Imports of several names one by one: the names that are there are imported, each
    other one is said.
    """
    for statement in body:
        if (
            not isinstance(statement, ast.ImportFrom | ast.Import)
            or len(statement.names) == 1
        ):
            yield statement
            continue
        for alias in statement.names:
            one = ast.Import([alias])
            if isinstance(statement, ast.ImportFrom):
                one = ast.ImportFrom(statement.module, [alias], statement.level)  # type: ignore[assignment]
            yield ast.copy_location(one, alias)


def _flags(statement: ast.ImportFrom) -> int:
    flags = 0
    for alias in statement.names:
        feature = getattr(__future__, alias.name, None)
        flags |= getattr(feature, "compiler_flag", 0)
    return flags


def _frames(trace: TracebackType | None) -> Iterator[Any]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next
