"""The demo's factories, under the name tests know."""

from qiportal.demo.factories import *  # noqa: F403
