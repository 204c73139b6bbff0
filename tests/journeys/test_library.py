"""Ben writes a new version of a library entry, looks at it and publishes it."""

from datetime import timedelta

import pytest

from qiportal.core.dates import now, today
from qiportal.library.models import Method
from tests.journeys.walk import WAYS, begin, look
from tests.projects.scene import method

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADVICE = "When you have one number a week and want to see whether it changes."


@pytest.mark.parametrize("way", WAYS)
def test_a_new_version_reaches_readers_when_it_is_published(
    way, visit, qi_team, frontline
):
    entry = method("Run chart")
    entry.versions.update(
        state="published",
        published_at=now(),
        published_by=entry.owner,
        review_due_on=today(),
    )
    hand = begin(visit, way, qi_team)
    hand.visitor.open("/library/")
    look(hand, "library")
    hand.link("Run chart")
    look(hand, "entry")
    hand.link("Write a new version")
    look(hand, "entry-edit")
    hand.put("When to use", ADVICE)
    hand.button("Save and preview")
    hand.sees("The draft is saved.")
    look(hand, "entry-draft")
    assert Method.objects.get(pk=entry.pk).current_version.number == 1

    hand.write("What changed", "Says for which numbers it fits.")
    hand.day("Look at it again by", today() + timedelta(days=730))
    hand.button("Publish")
    hand.sees("Published. Everybody reads this version now.")
    look(hand, "entry-published")

    reader = begin(visit, "phone", frontline)
    reader.visitor.open(f"/library/{entry.slug}/")
    reader.sees(ADVICE)
    look(reader, "entry-reader")
    assert reader.page.get_by_role("link", name="Write a new version").count() == 0
    assert reader.page.goto(f"/library/{entry.slug}/edit/").status == 403
