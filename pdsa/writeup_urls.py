"""Write-up, poster and portfolio, under the addresses people know."""

from django.urls import path

from pdsa.views import writeup

PROJECT = "projects/<str:reference>"

urlpatterns = [
    path(f"{PROJECT}/write-up/", writeup.writeup, name="writeup"),
    path(f"{PROJECT}/write-up.md", writeup.writeup_text, name="writeup_text"),
    path(f"{PROJECT}/write-up.html", writeup.writeup_html, name="writeup_html"),
    path(f"{PROJECT}/write-up.pdf", writeup.writeup_pdf, name="writeup_pdf"),
    path(f"{PROJECT}/poster/", writeup.poster, name="project_poster"),
    path(f"{PROJECT}/poster.pdf", writeup.poster_pdf, name="poster_pdf"),
    path("account/portfolio/", writeup.portfolio, name="portfolio"),
    path("account/portfolio.pdf", writeup.portfolio_pdf, name="portfolio_pdf"),
]
