from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qiportal.accounts"
    label = "accounts"
