from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "qiportal.jobs"
    label = "jobs"
