"""The answers per second as a chart in SVG, drawn for light and for dark pages alike.

SVG of some rectangles and texts needs no library; the colours follow the reader's scheme by a media query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from .figures import Figure
from .mocks import LOGGING_MOCK, MOCK
from .report import Run, number
from .requests import RESOLVE, SHARE

_WIDTH, _LABELS, _VALUES = 760, 230, 84
_TITLE, _BAR, _STEP, _GAP, _FOOT = 44, 16, 26, 22, 48
_STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; } .quiet { fill: #59636e; font-size: 12px; } .ours { font-weight: 600; }
  .bar { fill: #9aa4af; } .bar.ours { fill: #0969da; } .spread { stroke: #1f2328; stroke-width: 1.5; opacity: .55; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
    .bar { fill: #656c76; } .bar.ours { fill: #4493f8; } .spread { stroke: #f0f6fc; }
  }
"""


def as_svg(run: Run) -> str:
    """One panel for each row that all servers have, one bar per server, the fastest at the top."""
    panels = [(request.name, _ordered(run, request.name)) for request in (RESOLVE, SHARE)]
    height = sum(_height(figures) for _, figures in panels) + _FOOT
    parts = [*_panels(panels), *_foot(run, height)]
    return "\n".join([*_head(panels, height), *parts, "</svg>"]) + "\n"


def _ordered(run: Run, row: str) -> list[Figure]:
    figures = [figure for figure in run.figures if figure.row == row]
    return sorted(figures, key=lambda figure: figure.median, reverse=True)


def _height(figures: Sequence[Figure]) -> int:
    return _TITLE + len(figures) * _STEP + _GAP


def _head(panels: Sequence[tuple[str, Sequence[Figure]]], height: int) -> Iterator[str]:
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description">'
    yield '<title id="title">Answers per second on one core</title>'
    yield f'<desc id="description">{escape("; ".join(map(_in_words, panels)))}</desc>'
    yield f"<style>{_STYLE}</style>"


def _in_words(panel: tuple[str, Sequence[Figure]]) -> str:
    name, figures = panel
    return f"{name}: " + ", ".join(f"{figure.subject} {number(figure.median)}" for figure in figures)


def _panels(panels: Sequence[tuple[str, Sequence[Figure]]]) -> Iterator[str]:
    top = 0
    for name, figures in panels:
        title = f"{name[0].upper()}{name[1:]}"
        yield f'<text x="16" y="{top + 28}" class="title">{escape(title)}'
        yield '<tspan class="quiet" dx="8" font-weight="400">answers per second on one core</tspan></text>'
        most = max((figure.high for figure in figures), default=1.0)
        for place, figure in enumerate(figures):
            yield from _bar(figure, top + _TITLE + place * _STEP, (_WIDTH - _LABELS - _VALUES) / most)
        top += _height(figures)


def _bar(figure: Figure, top: float, scale: float) -> Iterator[str]:
    ours = " ours" if figure.subject in (MOCK, LOGGING_MOCK) else ""
    middle, base = top + _BAR / 2, top + _BAR - 3.5
    yield f'<text x="{_LABELS - 10}" y="{base}" text-anchor="end" class="label{ours}">{escape(figure.subject)}</text>'
    length = f'width="{figure.median * scale:.1f}" height="{_BAR}"'
    yield f'<rect x="{_LABELS}" y="{top}" {length} rx="2" class="bar{ours}"/>'
    low, high = _LABELS + figure.low * scale, _LABELS + figure.high * scale
    yield f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}" class="spread"/>'
    yield f'<text x="{high + 8:.1f}" y="{base}" class="label{ours}">{number(figure.median)}</text>'


def _foot(run: Run, height: int) -> Iterator[str]:
    yield _told("medians; lines from the least to the greatest round", height - 32)
    left_out = [f"left out: {', '.join(run.figures.left_out)}"] if run.figures.left_out else []
    yield _told("; ".join([*_machine(run), *left_out]), height - 14)


def _told(text: str, base: float) -> str:
    return f'<text x="16" y="{base}" class="quiet">{escape(text)}</text>'


def _machine(run: Run) -> list[str]:
    return [", ".join(run.machine[name] for name in ("processor", "system") if name in run.machine)]
