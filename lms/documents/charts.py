"""Pictures of figures, as SVG from plain data: rectangles and text, nothing that runs. The data stand beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, BAR, GAP = 340, 44, 52, 14, 12
# Colours of the style sheet; the three bars differ in shade and in order.
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2b2a}.s{fill:#52615f;font-size:12px}.t{fill:#eef1ef}"
    ".g0{fill:#8fb9b2}.g1{fill:#4f9189}.g2{fill:#0b5d57}"
    "@media (prefers-color-scheme:dark){text{fill:#e7edeb}.s{fill:#a9b7b4}.t{fill:#222d2b}"
    ".g0{fill:#4a716c}.g1{fill:#5cada2}.g2{fill:#8fe3d8}}"
)


@dataclass(frozen=True)
class Bars:
    """One option: its letter, whether it is right, and the share of each group that chose it (0 to 1)."""

    letter: str
    is_right: bool
    shares: Sequence[float]


def option_chart(options: Sequence[Bars]) -> str:
    """For each option a bar for each group of people, the lowest first; a tick marks what is right."""
    parts, top, room = [], GAP, WIDTH - LEFT - RIGHT
    for option in options:
        middle = top + BAR * len(option.shares) / 2
        parts.append(f'<text x="8" y="{middle + 5:g}">{option.letter}{" ✓" if option.is_right else ""}</text>')
        for group, share in enumerate(option.shares):
            y = top + group * BAR
            parts.append(f'<rect class="t" x="{LEFT}" y="{y + 1}" width="{room}" height="{BAR - 2}"/>')
            parts.append(
                f'<rect class="g{group}" x="{LEFT}" y="{y + 1}" width="{share * room:.1f}" height="{BAR - 2}"/>'
            )
            parts.append(f'<text class="s" x="{LEFT + room + 6}" y="{y + BAR - 3}">{share:.0%}</text>')
        top += BAR * len(option.shares) + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}">'
        f"<style>{STYLE}</style>{''.join(parts)}</svg>"
    )
