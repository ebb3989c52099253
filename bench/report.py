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

    def line(self) -> str:
        """Return it as a line of text."""
        verdict, word = "ok  " if self.met else "MISS", "least" if self.least else "most"
        return f"{verdict} {self.name}: {number(self.figure)} (at {word} {self.bar:g})"


@dataclass(frozen=True)
class Result:
    """One work: rows of figures under columns, and its bars."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    bars: Sequence[Bar] = ()
    note: str = ""

    def text(self) -> str:
        """Return it for a terminal."""
        width = max(map(len, (name for name, _ in self.rows)), default=0) + 2
        head = " " * width + "".join(f"{column:>22}" for column in self.columns)
        lines = [
            f"{name:{width}}" + "".join(f"{cell:>22}" for cell in row) for name, row in self.rows
        ]
        return "\n".join(
            ["", self.title, *([self.note] if self.note else []), head, *lines, *self._bars()]
        )

    def markdown(self) -> str:
        """Return it for the page."""
        if not self.columns:
            lines = [name for name, _ in self.rows]
            return "\n".join([f"## {self.title}", "", "```", *lines, "```", ""])
        head = [f"| | {' | '.join(self.columns)} |", "|---" * (len(self.columns) + 1) + "|"]
        lines = [f"| {name} | {' | '.join(row)} |" for name, row in self.rows]
        bars = [f"- {line}" for line in self._bars()]
        return "\n".join([f"## {self.title}", "", self.note, "", *head, *lines, "", *bars, ""])

    def _bars(self) -> list[str]:
        return [bar.line() for bar in self.bars]


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


def page(results: Sequence[Result], *, quick: bool) -> str:
    """Return the page of all results, with machine, versions and commit."""
    smoke = "\n**A smoke run: the sizes are tiny, the figures mean nothing.**\n" if quick else ""
    body = "\n".join(result.markdown() for result in results)
    return f"# What `make bench` printed\n\n{machine()}\n{smoke}\n{body}"


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
