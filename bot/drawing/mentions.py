"""How often something was mentioned, a day and by which outlets, as a picture.

For right-to-left readers time runs from right to left, and the numbers stand where reading begins. matplotlib shapes
Arabic by itself (since 3.11). One colour and a second for the day with most, told apart by everybody; every number that
a colour or a length shows stands in words as well.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ticker import MaxNLocator

WIDTH, DPI = 8.0, 150
TICKS, FEW = 7, 10
"""Days that are named below the bars, at most; and days that all have their number above them."""

BLUE, ORANGE = "#0072b2", "#d55e00"
INK, FAINT, PAPER = "#1c2733", "#5b6875", "#ffffff"
GRID = "#e3e8ed"

RLM = "\u200f"
_FONTS = ("Noto Sans Arabic", "Noto Kufi Arabic", "DejaVu Sans")
"""Beautiful ones if the machine has them; the last comes with matplotlib."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The numbers, in the order of time and from the most to the least, with their names in the reader's language."""

    title: str
    subtitle: str
    days_title: str
    outlets_title: str
    days: Sequence[tuple[str, int]]
    outlets: Sequence[tuple[str, int]]
    right_to_left: bool

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        return cls(**given)


def draw(mentions: Mentions) -> bytes:
    """The PNG."""
    rows = 0.36 * len(mentions.outlets)
    figure = Figure(figsize=(WIDTH, 5.05 + rows), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    height = figure.get_figheight()

    def panel(top: float, tall: float, left: float, right: float) -> Axes:
        return figure.add_axes((left, 1 - (top + tall) / height, right - left, tall / height))

    pen = _Pen(mentions.right_to_left)
    pen.write(figure, mentions.title, 1 - 0.42 / height, _font(19, bold=True), INK)
    pen.write(figure, mentions.subtitle, 1 - 0.82 / height, _font(12.5), FAINT)
    pen.write(figure, mentions.days_title, 1 - 1.35 / height, _font(13, bold=True), INK)
    left, right = (0.05, 0.91) if mentions.right_to_left else (0.09, 0.95)
    pen.days(panel(1.6, 2.4, left, right), mentions.days)
    pen.write(figure, mentions.outlets_title, 1 - 4.6 / height, _font(13, bold=True), INK)
    left, right = (0.05, 0.65) if mentions.right_to_left else (0.35, 0.95)
    pen.outlets(panel(4.8, rows, left, right), mentions.outlets)
    written = io.BytesIO()
    figure.savefig(written, format="png", facecolor=PAPER)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Pen:
    right_to_left: bool

    @property
    def begin(self) -> str:
        """The side where reading begins."""
        return "right" if self.right_to_left else "left"

    def words(self, text: str) -> str:
        return f"{RLM}{text}" if self.right_to_left else text

    def write(self, figure: Figure, text: str, height: float, font: FontProperties, colour: str) -> None:
        """A line at the margin where reading begins."""
        at = 0.95 if self.right_to_left else 0.05
        figure.text(at, height, self.words(text), ha=self.begin, va="center", color=colour, fontproperties=font)

    def days(self, axes: Axes, days: Sequence[tuple[str, int]]) -> None:
        counts = [count for _, count in days]
        most = max(counts)
        colours = [ORANGE if count == most else BLUE for count in counts]
        bars = axes.bar(range(len(days)), counts, width=0.78, color=colours, zorder=2)
        axes.set_xlim(*((len(days) - 0.4, -0.6) if self.right_to_left else (-0.6, len(days) - 0.4)))
        axes.set_ylim(0, most * 1.18)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=2))
        axes.yaxis.set_ticks_position("right" if self.right_to_left else "left")
        axes.grid(axis="y", color=GRID, linewidth=1, zorder=0)
        step = -(-len(days) // TICKS)
        named = range(len(days) - 1, -1, -step)
        axes.set_xticks(list(named), [self.words(days[at][0]) for at in named])
        self._finish(axes)
        for at in range(len(days)) if len(days) <= FEW else [counts.index(most)]:
            self._count(axes, bars[at].get_x() + bars[at].get_width() / 2, counts[at], counts[at], up=True)

    def outlets(self, axes: Axes, outlets: Sequence[tuple[str, int]]) -> None:
        counts = [count for _, count in outlets]
        axes.barh(range(len(outlets)), counts, height=0.66, color=BLUE, zorder=2)
        axes.set_ylim(len(outlets) - 0.4, -0.6)
        end = max(counts) * 1.12
        axes.set_xlim(*((end, 0) if self.right_to_left else (0, end)))
        axes.yaxis.set_ticks_position("right" if self.right_to_left else "left")
        axes.set_yticks(range(len(outlets)), [self.words(name) for name, _ in outlets])
        axes.set_xticks([])
        self._finish(axes)
        for label in axes.get_yticklabels():
            label.set_color(INK)
        for at, count in enumerate(counts):
            self._count(axes, count, at, count, up=False)

    def _count(self, axes: Axes, x: float, y: float, count: int, *, up: bool) -> None:
        away = (0, 4) if up else (-5, 0) if self.right_to_left else (5, 0)
        side: dict[str, Any] = {"ha": "center", "va": "bottom"} if up else {"ha": self.begin, "va": "center"}
        shown = axes.annotate(
            f"{count:,}", (x, y), away, textcoords="offset points", color=INK, zorder=3, annotation_clip=False, **side
        )
        shown.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.6})
        shown.set_fontproperties(_font(10.5, bold=True))

    def _finish(self, axes: Axes) -> None:
        axes.tick_params(length=0, pad=6)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom" and bool(axes.get_xticks().size))
            spine.set_color(FAINT)
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_fontproperties(_font(10.5))
            label.set_color(FAINT)
        for label in axes.get_yticklabels():
            label.set_verticalalignment("center")


def _font(size: float, *, bold: bool = False) -> FontProperties:
    known = {entry.name for entry in fontManager.ttflist}
    families = [name for name in _FONTS if name in known]
    return FontProperties(family=families, size=size, weight="bold" if bold else "normal")
