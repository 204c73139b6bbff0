"""The seven rungs of the ladder of co-production, in plain words of our own.

The ladder itself is by Think Local Act Personal; free to use with credit.
"""

GROUPS = {1: "Doing to", 3: "Doing for", 6: "Doing with"}
MEANINGS = {
    1: "Done to people, who had no say",
    2: "People were told why it is good for them",
    3: "People were told what would happen",
    4: "People were asked; we decided",
    5: "People said what they think as we went; we decided",
    6: "People shaped it with us; we carried it out",
    7: "People shared the say and the work from beginning to end",
}


def group_of(rung: int) -> str:
    """The part of the ladder a rung belongs to."""
    return GROUPS[max(first for first in GROUPS if first <= rung)]
