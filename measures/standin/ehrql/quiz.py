"""The quiz of ehrQL's tutorial: accepted, and without effect, because values exist only
once a definition runs.
"""

from typing import Any


class Question:
    """One question; nothing is expected of its answer."""

    def __init__(self, prompt: str = "", index: Any = None, **_: Any):
        self.prompt, self.index, self.expected = prompt, index, None

    def check(self, *_: Any, **__: Any) -> str:
        return ""

    hint = check


class Questions:
    """The questions of a quiz, by number."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._questions: dict[Any, Question] = {}

    def set_dummy_tables_path(self, *_: Any) -> None:
        """There are no tables while a definition is read."""

    def __getitem__(self, index: Any) -> Question:
        return self._questions.setdefault(index, Question(index=index))

    def __setitem__(self, index: Any, question: Question) -> None:
        self._questions[index] = question

    def get_all(self) -> list[Question]:
        return list(self._questions.values())

    def summarise(self, *_: Any, **__: Any) -> None:
        """Nothing was answered."""


questions = Questions()
__all__ = ["Question", "Questions", "questions"]
