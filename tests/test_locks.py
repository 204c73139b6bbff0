"""The lock files hold what pyproject.toml asks for, with hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN_TIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = RUN_TIME + PROJECT["dependency-groups"]["dev"]


def pins(name):
    """Package -> version of a lock file; each entry's hashes are counted too."""
    entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / name).read_text("utf-8"))
    found = {}
    for entry in entries:
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\\n]+)", entry):
            assert "--hash=sha256:" in entry, match[1]
            found[canonicalize_name(match[1])] = match[2]
    return found


@pytest.mark.parametrize(
    ("lock", "asked"),
    [("requirements.lock", RUN_TIME), ("requirements-dev.lock", DEVELOPMENT)],
)
def test_every_requirement_is_pinned_within_its_bounds(lock, asked):
    pinned = pins(lock)
    requirements = [Requirement(text) for text in asked]
    wrong = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(
            pinned.get(canonicalize_name(requirement.name), "0")
        )
    ]
    assert wrong == []


def test_development_lock_holds_the_run_time_lock():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
