"""A project's write-up and poster, and one's own portfolio: pages, files, PDF."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from pdsa.forms.portfolio import PeriodForm
from pdsa.presenters.portfolio import portfolio_context
from pdsa.presenters.poster import poster_context
from pdsa.presenters.writeup import made_on, parts_of, writeup_context
from pdsa.presenters.writeup_text import markdown
from pdsa.selectors.portfolio import portfolio_read
from pdsa.selectors.writeup import writeup_read
from pdsa.views.common import page
from qiportal.core.pdf import file_response, pdf_available, pdf_bytes, standalone

PAPER = ("css/paper.css", "css/writeup.css")
SHEET = ("css/paper.css", "css/poster.css")
PICTURES = "css/pictures.css"


def pdf_answer(request, template, context, css, name):
    """The page as a PDF."""
    html = render_to_string(template, context, request=request)
    body = pdf_bytes(html, css, PICTURES)
    return file_response(name, body, "application/pdf", download=False)


def no_pdf(request, name, *args):
    """404, with the way to a PDF that always works."""
    context = {"print_url": reverse(name, args=args)}
    return render(request, "pdsa/no_pdf.html", context, status=404)


@require_safe
def writeup(request, reference):
    paper = writeup_read(request.user, reference)
    return page(request, paper.place, "writeup", **writeup_context(paper))


@require_safe
def writeup_text(request, reference):
    """The text alone, for any editor."""
    paper = writeup_read(request.user, reference)
    body = markdown(paper.project.title, made_on(paper), parts_of(paper))
    name = f"{paper.project.reference}-write-up.md"
    return file_response(name, body, "text/markdown; charset=utf-8")


@require_safe
def writeup_html(request, reference):
    """Text and charts in one file that opens anywhere, in a word processor too."""
    paper = writeup_read(request.user, reference)
    html = render_to_string(
        "pdsa/writeup_file.html", writeup_context(paper), request=request
    )
    name = f"{paper.project.reference}-write-up.html"
    body = standalone(html, (*PAPER, PICTURES))
    return file_response(name, body, "text/html; charset=utf-8")


@require_safe
def writeup_pdf(request, reference):
    paper = writeup_read(request.user, reference)
    if not pdf_available():
        return no_pdf(request, "writeup", reference)
    name = f"{paper.project.reference}-write-up.pdf"
    context = writeup_context(paper)
    return pdf_answer(request, "pdsa/writeup_file.html", context, PAPER, name)


@require_safe
def poster(request, reference):
    paper = writeup_read(request.user, reference)
    return render(request, "pdsa/poster.html", poster_context(paper))


@require_safe
def poster_pdf(request, reference):
    paper = writeup_read(request.user, reference)
    if not pdf_available():
        return no_pdf(request, "project_poster", reference)
    name = f"{paper.project.reference}-poster.pdf"
    context = poster_context(paper)
    return pdf_answer(request, "pdsa/poster_file.html", context, SHEET, name)


@require_safe
def portfolio(request):
    """One's own record; no address leads to anybody else's."""
    form = PeriodForm(request.GET or None)
    period = form.period()
    context = portfolio_context(portfolio_read(request.user, period), period)
    return render(request, "pdsa/portfolio.html", {**context, "form": form})


@require_safe
def portfolio_pdf(request):
    if not pdf_available():
        return no_pdf(request, "portfolio")
    period = PeriodForm(request.GET).period()
    context = portfolio_context(portfolio_read(request.user, period), period)
    name = "improvement-portfolio.pdf"
    return pdf_answer(request, "pdsa/portfolio_file.html", context, PAPER, name)
