"""Programmes and their projects as tables."""

from collections.abc import Iterable

from django.urls import reverse

from projects.models import Programme, Project
from projects.presenters import status_tag


def programme_table(programmes: Iterable[Programme]) -> dict:
    names = ("Programme", "What it is for", "Unit", "Projects you can see")
    return {
        "caption": "Programmes",
        "caption_hidden": True,
        "row_headers": True,
        "columns": [{"label": name} for name in names],
        "rows": [_programme(programme) for programme in programmes],
    }


def _programme(programme) -> list:
    url = reverse("programme_detail", args=[programme.pk])
    return [
        {"text": programme.name, "url": url},
        programme.purpose,
        programme.unit.name,
        programme.project_count,
    ]


def projects_table(projects: Iterable[Project]) -> dict:
    """In structure order; a project's status is a tag, as in the list of projects."""
    return {
        "caption": "Projects of this programme",
        "caption_hidden": True,
        "row_headers": True,
        "columns": [{"label": name} for name in ("Project", "Unit", "Status")],
        "rows": [
            [
                {"text": project.title, "url": project.get_absolute_url()},
                project.unit.name,
                status_tag(project),
            ]
            for project in projects
        ],
    }
