"""The driver diagram with its tests and measures, prepared for page and picture."""

from django.urls import reverse

from pdsa.models import Cycle, Measure
from pdsa.presenters.ramps import state_word
from pdsa.selectors.drivers import TheoryAtWork
from projects.models import ChangeIdea, Driver
from projects.presenters import node_key
from projects.selectors import Branch

MOST_TESTS = 6
KINDS = (
    (Measure.Kind.OUTCOME, "Outcome"),
    (Measure.Kind.PROCESS, "Process, on no driver yet"),
    (Measure.Kind.BALANCING, "Balancing"),
)


def picture_notes(work: TheoryAtWork) -> dict[str, str]:
    """A few words for the boxes: how often tested, how many measures."""
    notes = {}
    for idea, tests in work.tests.items():
        counted = f"{len(tests)} {'test' if len(tests) == 1 else 'tests'}"
        last = f"last {state_word(tests[-1])}" if len(tests) > 1 else ""
        words = last or state_word(tests[-1])
        notes[f"idea-{idea}"] = f"{counted}, {words}"
    for driver, measures in work.measures.items():
        count = len(measures)
        if driver is not None:
            noun = "measure" if count == 1 else "measures"
            notes[f"driver-{driver}"] = f"{count} {noun}"
    return notes


def aim_measures(work: TheoryAtWork) -> list[dict]:
    """Measures that hang on no driver, by kind."""
    rows = work.measures.get(None, [])
    groups = [
        {"title": title, "links": [_measure(work, m) for m in rows if m.kind == kind]}
        for kind, title in KINDS
    ]
    return [group for group in groups if group["links"]]


def outline(work: TheoryAtWork, opened: str = "") -> dict:
    """The diagram as nested rows; `opened` is the row whose buttons are shown."""
    maker = _Rows(work, opened)
    return {
        "rows": maker.drivers(work.theory.branches),
        "loose": maker.ideas(work.theory.loose, "loose"),
    }


def _status(idea: ChangeIdea) -> str:
    """What became of an idea; nothing is said of one that is only proposed."""
    proposed = idea.status == ChangeIdea.Status.PROPOSED
    return "" if proposed else idea.get_status_display().lower()


def _measure(work: TheoryAtWork, measure: Measure) -> dict:
    address = reverse("measure_detail", args=[work.project.reference, measure.pk])
    return {"label": measure.name, "url": address}


class _Rows:
    """Makes the rows of one diagram."""

    def __init__(self, work: TheoryAtWork, opened: str):
        self.work, self.opened = work, opened
        self.reference = work.project.reference
        self.new_test = reverse("cycle_new", args=[self.reference])
        self.new_measure = reverse("measure_new", args=[self.reference])

    def drivers(self, branches: list[Branch]) -> list[dict]:
        return [
            {
                **self._row(branch.driver, n, len(branches)),
                "kind": "secondary" if branch.driver.parent_id else "primary",
                "text": branch.driver.text,
                "measures": self._measures(branch.driver),
                "new_measure_url": f"{self.new_measure}?driver={branch.driver.pk}",
                "rows": self.drivers(branch.branches),
                "ideas": self.ideas(branch.ideas, node_key(branch.driver)),
            }
            for n, branch in enumerate(branches)
        ]

    def ideas(self, ideas: list[ChangeIdea], under: str) -> list[dict]:
        return [
            {
                **self._row(idea, n, len(ideas)),
                "kind": "idea",
                "under": under,
                "text": idea.title,
                "status": _status(idea),
                **self._tests(idea),
            }
            for n, idea in enumerate(ideas)
        ]

    def _row(self, row: Driver | ChangeIdea, number: int, count: int) -> dict:
        name = "driver" if isinstance(row, Driver) else "idea"

        def url(what: str, *more: str) -> str:
            return reverse(f"{name}_{what}", args=[self.reference, row.pk, *more])

        return {
            "key": node_key(row),
            "id": row.pk,
            "version": row.version,
            "under": f"driver-{row.parent_id}" if getattr(row, "parent_id", 0) else "",
            "place_url": url("place"),
            "edit_url": url("edit"),
            "delete_url": url("delete"),
            "up_url": url("move", "up") if number else "",
            "down_url": url("move", "down") if number < count - 1 else "",
            "is_open": node_key(row) == self.opened,
        }

    def _measures(self, driver: Driver) -> list[dict]:
        return [_measure(self.work, m) for m in self.work.measures.get(driver.pk, [])]

    def _tests(self, idea: ChangeIdea) -> dict:
        tests = self.work.tests.get(idea.pk, [])
        dropped = idea.status == ChangeIdea.Status.ABANDONED
        return {
            "tests": [self._test(cycle) for cycle in tests[-MOST_TESTS:]],
            "more_tests": max(len(tests) - MOST_TESTS, 0),
            "test_url": "" if dropped else f"{self.new_test}?idea={idea.pk}",
        }

    def _test(self, cycle: Cycle) -> dict:
        url = reverse("cycle_detail", args=[self.reference, cycle.pk])
        return {"label": f"Test {cycle.number}, {state_word(cycle)}", "url": url}
