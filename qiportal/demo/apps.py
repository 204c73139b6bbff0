from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "qiportal.demo"
    label = "demo"
