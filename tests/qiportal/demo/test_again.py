"""Seeding is the same each time, and keeps away from real trusts."""

from hashlib import sha256

import pytest
from django.db import transaction

from pdsa.models import Cycle, DataPoint
from projects.models import Project
from qiportal.accounts.models import User
from qiportal.demo.public import public_root
from qiportal.demo.seed import WrongTrust, demo_seed, trust_check
from surveys.models import Comment


def test_demo_data_never_goes_beside_a_real_trust(trust):
    with pytest.raises(WrongTrust, match="DATA_DIR"):
        demo_seed(scale=0.1)
    assert not Project.objects.exists()


def fingerprint():
    """What a run made, without the keys a database gives."""
    digest = sha256()
    for rows in (
        Project.objects.order_by("reference").values_list(
            *("reference", "title", "problem", "status", "learning", "registered_on")
        ),
        Cycle.objects.order_by(
            "ramp__project__reference", "ramp", "number"
        ).values_list(
            *("objective", "observations", "results", "learned", "why", "decision")
        ),
        DataPoint.objects.order_by("measure", "period_start").values_list(
            *("period_start", "numerator", "denominator")
        ),
        Comment.objects.order_by("pk").values_list("pk", "redacted_text"),
        User.objects.order_by("email").values_list("email", "full_name", "job_title"),
    ):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def test_two_runs_are_equal(db):
    prints = []
    for _ in range(2):
        with transaction.atomic():
            demo_seed(scale=0.05)
            prints.append(fingerprint())
            transaction.set_rollback(True)
    assert prints[0] == prints[1]


def test_public_data_is_no_trust_of_its_own(db):
    public_root()
    assert trust_check() is False
