from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "qiportal.dashboard"
    label = "dashboard"
