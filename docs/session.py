#!/usr/bin/env python3
"""Draws a terminal session as SVG.

    { echo '$ COMMAND'; COMMAND; } | docs/session.py > docs/session.svg

Reads text with ANSI colors from standard input. `BLESS=1 cargo test docs` makes docs/session.svg with it.
"""
import html
import re
import sys

COLORS = {31: "#ff7b72", 32: "#7ee787", 33: "#d29922", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea"}
BACKGROUND, FOREGROUND = "#0d1117", "#e6edf3"
CHAR, LINE, MARGIN = 8.4, 19, 16
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


def spans(line, style):
    """Yields column, text and style of each run of one style; `style` is carried from line to line."""
    column, at = 0, 0
    for match in [*SEQUENCE.finditer(line), None]:
        text = line[at : match.start() if match else None]
        if text.strip():
            yield column, text, dict(style)
        column += len(text)
        if match:
            at = match.end()
            apply(match[1], style)


def apply(codes, style):
    """Applies the codes of one SGR sequence; other sequences (hyperlinks) have none."""
    for code in [] if codes is None else [int(code or 0) for code in codes.split(";")]:
        if code == 0:
            style.clear()
        elif code == 1:
            style["font-weight"] = "bold"
        elif code == 2:
            style["opacity"] = ".6"
        elif code == 4:
            style["text-decoration"] = "underline"
        elif code % 60 in COLORS:
            style["fill"] = COLORS[code % 60]  # 91 to 96 are the bright variants of 31 to 36


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    columns = max(len(SEQUENCE.sub("", line)) for line in lines)
    width, height = round(columns * CHAR + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>')
    print(f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="{FOREGROUND}" xml:space="preserve">')
    style = {}
    for number, line in enumerate(lines):
        y = MARGIN + number * LINE + 14
        for column, text, look in spans(line, style):
            attributes = "".join(f' {name}="{value}"' for name, value in look.items())
            x, length = MARGIN + column * CHAR, len(text) * CHAR
            print(f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{attributes}>{html.escape(text, quote=False)}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
