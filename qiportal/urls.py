"""All addresses. A project's home page and its driver diagram join register and log, so
they are routed here."""

from django.urls import include, path

from pdsa.views import project_home
from pdsa.views.drivers import driver_diagram, driver_picture

handler500 = "qiportal.core.errors.server_error"

urlpatterns = [
    path("", include("qiportal.dashboard.urls")),
    path("projects/", include("projects.urls")),
    path("projects/<str:reference>/", project_home, name="project_home"),
    path("projects/<str:reference>/drivers/", driver_diagram, name="driver_diagram"),
    path(
        "projects/<str:reference>/drivers/picture.svg",
        driver_picture,
        name="driver_picture",
    ),
    path("", include("pdsa.writeup_urls")),
    path("pdsa/", include("pdsa.urls")),
    path("library/", include("qiportal.library.urls")),
    path("training/", include("training.urls")),
    path("surveys/", include("surveys.urls")),
    path("", include("qiportal.accounts.page_urls")),
    path("account/", include("qiportal.accounts.urls")),
    path("accounts/", include("qiportal.accounts.sign_in_urls")),
    path("", include("qiportal.api.page_urls")),
    path("api/v1/", include("qiportal.api.urls")),
]
