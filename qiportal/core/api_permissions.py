from rest_framework.permissions import BasePermission


class DenyAll(BasePermission):
    """The default of every API view: a view opens itself by naming its permission."""

    def has_permission(self, request, view) -> bool:
        return False
