"""The board's tiles: their figures, in which words, and why they are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FigureSpec:
    """One figure of a tile.

    `phrase` follows the number: {parts} is "18 of 22", {num} and {den} its sides, {n}
    the number of answers, {period} the month or day. `style`: "plain", or a figure
    that needs words of its own (icons, decisions, net, stuck). `instead` is the code,
    with its own phrase, when the first has no figures. `about` names a figure that
    cannot be shown; by default its indicator's label does.
    """

    code: str
    phrase: str
    subgroup: str = ""
    style: str = "plain"
    instead: str = ""
    phrase_instead: str = ""
    about: str = ""


@dataclass(frozen=True)
class TileSpec:
    key: str
    title: str
    why: str
    figures: tuple[FigureSpec, ...]


Q3F = "make-improvements-happen"

TILES = (
    TileSpec(
        "learning",
        "Are people learning?",
        "Improvement spreads through people who know how. If far more apply than can "
        "come, the trust holds its own staff back; if many do not come, ask what stops "
        "them.",
        (
            FigureSpec(
                "training.demand",
                "applications for each place, {period} ({num} for {den} places)",
            ),
            FigureSpec(
                "training.attendance", "came to training, {period} ({parts} expected)"
            ),
        ),
    ),
    TileSpec(
        "using",
        "Are people using it?",
        "A course that changes nothing at work is time lost for patients and staff. "
        "Fresh data is the sign that a project is alive.",
        (
            FigureSpec(
                "training.conversion",
                "of those trained in {period} began a test within 180 days ({parts})",
            ),
            FigureSpec(
                "projects.fresh_data",
                "of live projects had new data in 60 days, {period} ({parts})",
            ),
        ),
    ),
    TileSpec(
        "well",
        "Is it done well?",
        "A test teaches when its prediction comes first. In 421 published NHS cycles "
        "12.2% had one: context, not a target. Charts are counted by their last point.",
        (
            FigureSpec(
                "pdsa.predicted_before",
                "of tests decided in {period} had a prediction first ({parts})",
            ),
            FigureSpec("measures.icons", "", style="icons"),
        ),
    ),
    TileSpec(
        "able",
        "Do staff feel able?",
        "People who cannot change their own work will not improve it. The yearly "
        "survey and the pulse survey are asked in different ways: never compare them.",
        (
            FigureSpec(
                f"survey.national.{Q3F}.weighted",
                "can make improvements happen: NHS Staff Survey, {period} "
                "({n} answers, weighted)",
                instead=f"survey.national.{Q3F}",
                phrase_instead="can make improvements happen: NHS Staff Survey, "
                "{period} ({parts} answers)",
            ),
            FigureSpec(
                f"survey.pulse.{Q3F}",
                "say so in the pulse survey, {period} ({parts} answers)",
            ),
        ),
    ),
    TileSpec(
        "voice",
        "What do staff write?",
        "Comments, read by machine: positive less negative, from \u22121 to +1, in "
        "brackets the 95% interval for chance. Each "
        "question stays on its own, for what could be better draws other words than "
        "what was good. The reading errs by about .10 to .15 at 30 comments.",
        (
            FigureSpec("comments.improve", "on what could be better", style="net"),
            FigureSpec("comments.good", "on what was good", style="net"),
            FigureSpec("comments.open", "on anything else", style="net"),
        ),
    ),
    TileSpec(
        "patients",
        "Are patients in it?",
        "Changes made with patients fit patients. The ladder runs from 1, coercion, to "
        "7, co-production (Think Local Act Personal).",
        (
            FigureSpec(
                "projects.coproduction",
                "of 7: middle rung when the problem was chosen, {period} "
                "({n} projects rated)",
                subgroup="choose",
                about="When the problem was chosen",
            ),
            FigureSpec(
                "projects.coproduction",
                "of 7: middle rung when the change was designed, {period} "
                "({n} projects rated)",
                subgroup="design",
                about="When the change was designed",
            ),
        ),
    ),
    TileSpec(
        "time",
        "Did we give time?",
        "Time that was agreed and not given is the reason most often named for giving "
        "up.",
        (
            FigureSpec(
                "projects.time_honoured",
                "of answers say all agreed time was given, {period} ({parts})",
            ),
        ),
    ),
    TileSpec(
        "learned",
        "What did we learn?",
        "Dropping an idea that does not help is learning. If nothing is ever dropped, "
        "only safe ideas are tried.",
        (
            FigureSpec("pdsa.decisions", "tests decided, {period}", style="decisions"),
            FigureSpec("pdsa.started", "tests begun, {period}"),
        ),
    ),
    TileSpec(
        "stuck",
        "What is stuck and needs us?",
        "Some things a team cannot move by itself. What waits here waits for somebody "
        "senior.",
        (
            FigureSpec(
                "projects.barriers_open",
                "things teams are stuck on, {period}",
                style="stuck",
            ),
            FigureSpec(
                "projects.barriers_resolved",
                "of what was open in {period} was resolved ({parts})",
            ),
        ),
    ),
)
MOST_TILES = 9


def board_codes() -> list[str]:
    """Every indicator code the board reads."""
    specs = [figure for tile in TILES for figure in tile.figures]
    return [code for spec in specs for code in (spec.code, spec.instead) if code]
