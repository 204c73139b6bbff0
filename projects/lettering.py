"""How wide a text is in Arial, and its lines within a given width.

A picture made on the server cannot measure its letters, so the widths are kept here
by group. Fonts that replace Arial are drawn to the same widths.
"""

BOLD = 1.09
SPARE = 1.03  # other fonts are a little wider
GROUPS = {
    0.24: "ijl'|‘’",
    0.29: " .,:;!/ft[]()I·`\\",
    0.36: 'r-"°*“”',
    0.51: "ckszxyvJ",
    0.57: "abdeghnopqu0123456789?_$#«»L–€£",
    0.62: "=+<>~FTZ",
    0.68: "ABEKPSVXY&",
    0.74: "CDHNRUw",
    0.79: "GOQ",
    0.86: "mM%",
    1.0: "W@…—",
}
WIDTHS = {letter: width for width, letters in GROUPS.items() for letter in letters}
PLAIN_LAST = 0x24F  # Latin letters; beyond may be as wide as they are high


def letter_width(letter: str) -> float:
    """Of the font's size."""
    return WIDTHS.get(letter, 0.74 if ord(letter) <= PLAIN_LAST else 1.05)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    width = sum(letter_width(letter) for letter in text) * size * SPARE
    return width * BOLD if bold else width


def _head(word: str, room: float, size: float, bold: bool) -> int:
    """How many letters of a word fit, with a hyphen; at least one."""
    count = 1
    while text_width(f"{word[: count + 1]}-", size, bold=bold) <= room:
        count += 1
    return count


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines no wider than `room`; a longer word is cut with a hyphen."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if text_width(joined, size, bold=bold) <= room:
            line = joined
            continue
        lines += [line] if line else []
        while text_width(word, size, bold=bold) > room:
            count = _head(word, room, size, bold)
            lines.append(f"{word[:count]}-")
            word = word[count:]
        line = word
    return [*lines, line] if line else lines
