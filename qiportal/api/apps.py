from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "qiportal.api"
    label = "api"
