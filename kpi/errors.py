"""The one family of errors that a person may see: what is wrong, where, and what to do about it."""

from __future__ import annotations

from kpi.wording.message import Message, message


class KpiError(Exception):
    """Something the person can mend. `title`, `detail` and `fix` are messages; a screen puts them into words."""

    def __init__(self, title: Message, detail: Message, fix: Message) -> None:
        self.title, self.detail, self.fix = title, detail, fix
        super().__init__(f"{title}: {detail} {fix}")


class UnreadableFile(KpiError):
    """The bytes are no table: empty, broken, encrypted, or too large to open safely."""

    def __init__(self, name: str, detail: Message, fix: Message) -> None:
        super().__init__(message("{file} could not be read", file=name), detail, fix)


class FolderRefused(KpiError):
    """A folder that may not be watched, or cannot be looked into now."""

    def __init__(self, folder: str, detail: Message, fix: Message) -> None:
        super().__init__(message("{folder} is not watched", folder=folder), detail, fix)


class UnknownFormat(KpiError):
    """A readable table that no known format fits."""


class BadAnswer(KpiError):
    """An answer to an import's question that cannot be used."""


class UnknownKpi(KpiError):
    """A query names a KPI or a dimension that the catalogue does not have."""


class BadQuery(KpiError):
    """A query that contradicts itself, such as a period that ends before it starts."""


class DataChanged(KpiError):
    """A receipt was asked for a number that was computed before the data changed."""


class UnknownImport(KpiError):
    """There is no such import, or it has already been undone."""


class DatabaseError(KpiError):
    """Another database cannot be read: not reachable, not allowed, gone, too slow, or its driver is missing."""


class WorkspaceError(KpiError):
    """The workspace's file cannot be opened: another process has it, or it is no workspace."""


class WorkspaceInUse(WorkspaceError):
    """Another process has the workspace open, as a rule the server."""


class BadExperiment(KpiError):
    """An A/B test whose rows or plan cannot be read as one."""
