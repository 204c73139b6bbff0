"""Rows of a project are seen and edited by whoever sees and edits the project."""

from django.db import models

from projects.models import Project


class ProjectScoped(models.QuerySet):
    """`through` names the path from the row to its project."""

    through = "project"

    def alive(self):
        """Rows nobody has deleted, of projects nobody has deleted."""
        fields = {field.name for field in self.model._meta.get_fields()}
        return self.filter(deleted_at=None) if "deleted_at" in fields else self

    def visible_to(self, actor):
        projects = Project.objects.visible_to(actor)
        return self.alive().filter(**{f"{self.through}__in": projects})

    def editable_by(self, actor):
        projects = Project.objects.editable_by(actor)
        return self.alive().filter(**{f"{self.through}__in": projects})
