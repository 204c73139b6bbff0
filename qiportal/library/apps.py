from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "qiportal.library"
    label = "library"
