"""What a bench found: tables, bars that are met or missed, and the page that keeps both."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

PACKAGES = ("exportwire", "httpx", "lxml", "tinydb", "feedparser", "fastfeedparser", "reader")


@dataclass(frozen=True)
class Bar:
    """A figure and what it is held to: at most, or with `least` at least."""

    name: str
    figure: float
    bar: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.figure >= self.bar if self.least else self.figure <= self.bar

    def cells(self) -> tuple[str, str, str]:
        """Return the figure, what it is held to, and the verdict, in words."""
        word = "at least" if self.least else "at most"
        return number(self.figure), f"{word} {self.bar:g}", "ok" if self.met else "MISSED"

    def line(self) -> str:
        """Return it as a line of text."""
        figure, bar, verdict = self.cells()
        return f"{verdict:7}{self.name}: {figure} ({bar})"


@dataclass(frozen=True)
class Result:
    """One work: rows of figures under columns, and its bars."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    bars: Sequence[Bar] = ()
    note: str = ""

    def text(self) -> str:
        """Return it for a terminal or a pipe: a table whose columns are as wide as they must be."""
        table = [("", *self.columns), *((name, *row) for name, row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = (
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
            for line in table
        )
        note = [self.note] if self.note else []
        return "\n".join(["", self.title, *note, *lines, *(bar.line() for bar in self.bars)])

    def markdown(self) -> str:
        """Return it for the page."""
        lines = (f"| {name.strip()} | {' | '.join(row)} |" for name, row in self.rows)
        note = [self.note, ""] if self.note else []
        return "\n".join([f"## {self.title}", "", *note, _head("", *self.columns), *lines, ""])


def _head(*columns: str) -> str:
    return f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|"


def number(value: float) -> str:
    """Return a figure with three digits that say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values: Sequence[float]) -> str:
    """Return a median with its least and most."""
    return f"{number(median(values))} ({number(min(values))}-{number(max(values))})"


def column_table(
    title: str, found: Mapping[str, Mapping[str, float]], bars: Sequence[Bar], note: str = ""
) -> Result:
    """Return a table with a column for each key of `found`, and a row for each of its figures."""
    names = dict.fromkeys(name for figures in found.values() for name in figures)
    rows = [
        (name, [number(f[name]) if name in f else "" for f in found.values()]) for name in names
    ]
    return Result(title, list(found), rows, bars, note)


def page(results: Sequence[Result]) -> str:
    """Return the page of all results, with machine, versions and commit; all bars come first."""
    bars = (bar for result in results for bar in result.bars)
    short = [f"| {bar.name} | {' | '.join(bar.cells())} |" for bar in bars]
    head = ["# What `make bench` printed", "", machine(), "", "## Bars", ""]
    tables = (result.markdown() for result in results)
    return "\n".join([*head, _head("", "measured", "bar", ""), *short, "", *tables])


def machine() -> str:
    """Return where and with what it was measured."""
    names = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    cpu = names[0].partition(":")[2].strip() if names else platform.machine()
    kept = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    commit = subprocess.run(  # ours
        ["git", "describe", "--always", "--dirty"],  # noqa: S607  # wherever git is
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout.strip()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}. "
        f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {system}. {kept}."
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
