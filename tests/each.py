"""One test for each folder of files: thousands of tests of one file cost minutes."""

from collections import defaultdict

import pytest
from django.conf import settings


def each_file(paths):
    """Makes a check of one file a test per folder that names every file that fails."""
    folders = defaultdict(list)
    for path in paths:
        inside = path.relative_to(settings.BASE_DIR)
        folders["/".join(inside.parts[:2])].append(path)

    def wrap(check):
        @pytest.mark.parametrize("folder", sorted(folders))
        def test(folder):
            failed = [found for path in folders[folder] if (found := _failure(path))]
            assert not failed, "\n\n".join(failed)

        def _failure(path):
            try:
                check(path)
            except AssertionError as error:
                return f"{path.relative_to(settings.BASE_DIR)}: {error}"

        test.__doc__ = check.__doc__
        return test

    return wrap
