"""Which mail somebody wants."""

from django import forms

from qiportal.accounts.mail import MAIL_KINDS
from qiportal.core.forms import Checkboxes


class MailPreferencesForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        required=False,
        label="Send me",
        choices=[(kind.code, kind.label) for kind in MAIL_KINDS],
        widget=Checkboxes(hints={kind.code: kind.hint for kind in MAIL_KINDS}),
    )
    hide_optional = True
