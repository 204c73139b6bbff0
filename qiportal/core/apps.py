from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "qiportal.core"
    label = "core"
