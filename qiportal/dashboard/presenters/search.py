"""Search across projects and the method library."""

from projects.selectors import project_list
from qiportal.accounts.models import User
from qiportal.dashboard.selectors import found_methods

SHOWN = 10


def search_context(user: User, words: str) -> dict:
    """The first ten of each list; the lists themselves have the rest."""
    if not words:
        return {"words": "", "projects": [], "methods": []}
    projects = list(project_list(user, {"q": words})[: SHOWN + 1])
    return {
        "words": words,
        "projects": projects[:SHOWN],
        "more_projects": len(projects) > SHOWN,
        "methods": list(found_methods(user, words)),
    }
