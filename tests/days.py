"""Moments of earlier days."""

from datetime import timedelta

from qiportal.core.dates import LONDON, now


def days_ago(days):
    """This time of day, so many London days ago.

    Days of 24 hours would end on another date when the clocks changed in between and
    it is near midnight.
    """
    return now().astimezone(LONDON) - timedelta(days=days)
