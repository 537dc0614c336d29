"""What can stop a build, each said so that a person can mend it."""

from __future__ import annotations


class BuildError(Exception):
    """The report cannot be built or published; the message says what to do about it."""


class ChangedError(BuildError):
    """What the report is made from is not any more what it was."""


class TargetError(BuildError):
    """What is wrong with the target of a build, or with a file `below` it.

    Whoever knows how the user wrote the target says where.
    """

    def __init__(self, what: str, below: str = "") -> None:
        super().__init__(what)
        self.below = below


class NotebookError(BuildError):
    """A notebook's cell raised, or its kernel died; before its first cell, `cell` is 0."""

    def __init__(
        self, notebook: str, cell: int, source: str, error: str, line: int | None = None
    ) -> None:
        lines = source.splitlines()
        if not cell:
            message = f"before its first cell: {error}"
        elif line is not None and line <= len(lines):
            message = f"code cell {cell}, line {line}: {error}\n  The line: {lines[line - 1]}"
        else:
            begins = next((text for text in lines if text.strip()), "")
            message = f"code cell {cell}: {error}\n  The cell begins: {begins}"
        super().__init__(f"{notebook}, {message}")
