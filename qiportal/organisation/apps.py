from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "qiportal.organisation"
    label = "organisation"
