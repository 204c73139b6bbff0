"""allauth's forms, narrowed."""

from allauth.account.forms import ResetPasswordForm


class ForgottenForm(ResetPasswordForm):
    """Only for people who sign in with a password: SSO accounts get no second door."""

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [
            user
            for user in self.users
            if user.has_usable_password() and not user.is_service
        ]
        return email
