"""A page that shows every component, for the browser tests."""

from datetime import UTC, date, datetime

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from qiportal.core import forms as qi_forms
from qiportal.core.svg import sparkline

SERIES = [4.2, 3.9, 4.6, 4.1, None, 3.8, 3.1, 3.0, 2.8, 2.9, 2.7, 2.6]


class EveryField(forms.Form):
    title = forms.CharField(
        max_length=80, help_text="For example: Fewer falls at night"
    )
    problem = forms.CharField(
        widget=qi_forms.Textarea(count=300), help_text="What happens now, to whom?"
    )
    notes = forms.CharField(required=False, widget=forms.Textarea)
    unit = forms.ChoiceField(choices=[("", "Choose a unit"), ("a", "Ward A1")])
    decision = forms.ChoiceField(
        choices=[("adopt", "Adopt"), ("adapt", "Adapt"), ("abandon", "Abandon")],
        widget=qi_forms.Radios(hints={"adapt": "Change it and test again"}),
    )
    planned = forms.ChoiceField(
        choices=[("as", "As planned"), ("changed", "Changed"), ("stopped", "Stopped")],
        widget=qi_forms.Chips,
        label="How did it go?",
    )
    themes = forms.MultipleChoiceField(
        choices=[("falls", "Falls"), ("flow", "Flow")],
        widget=qi_forms.Checkboxes(small=True),
        required=False,
    )
    done = forms.IntegerField(widget=qi_forms.CountStepper(maximum=5), min_value=0)
    share = forms.DecimalField(widget=qi_forms.DecimalInput(suffix="%"))
    cost = forms.IntegerField(widget=qi_forms.WholeNumberInput(prefix="£"))
    do_on = forms.DateField(widget=qi_forms.DateInput, label="Date of the test")
    email = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    photo = forms.FileField(required=False)
    agree = forms.BooleanField(
        label="Show this project to the whole trust",
        help_text="You can change it later",
    )
    rows = forms.CharField(
        required=False,
        widget=qi_forms.Textarea(attrs={"data-qi-paste-preview": ""}),
        help_text="Paste two columns from a spreadsheet",
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("The date of the test is before the project began.")


class Filters(qi_forms.FilterForm):
    q = forms.CharField(label="Words in the title")
    unit = forms.ChoiceField(choices=[("", "All units"), ("a", "Ward A1")])
    status = forms.MultipleChoiceField(
        choices=[("active", "Active"), ("resting", "Resting")],
        widget=qi_forms.Checkboxes(small=True),
    )


def chart():
    months = [f"2026-{month:02}-01" for month in range(1, 13)]
    rows = [
        [month, "cannot say yet" if v is None else v]
        for month, v in zip(months, SERIES, strict=True)
    ]
    return {
        "id": "falls-chart",
        "title": "Falls per 1,000 bed days are lower since June",
        "sentence": "Falls: 11 monthly points, January to December 2026, 1 missing. "
        "The latest point (2.6) is within the usual range (common cause variation).",
        "notes": ["XmR chart, screening on", "Source: incident system"],
        "svg": sparkline(
            SERIES, width=720, height=200, centre=3.4, label="Falls, line"
        ),
        "spec": {
            "data": [
                {"x": months, "y": SERIES, "type": "scatter", "mode": "lines+markers"}
            ],
            "layout": {"height": 380, "margin": {"t": 24, "r": 60, "b": 48, "l": 56}},
        },
        "table": {
            "caption": "Falls per 1,000 bed days by month",
            "columns": [{"label": "Month"}, {"label": "Falls", "numeric": True}],
            "rows": rows,
            "row_headers": True,
        },
        "downloads": [{"label": "CSV", "url": "#csv"}, {"label": "SVG", "url": "#svg"}],
    }


def tiles():
    return [
        {
            "id": "tile-learning",
            "title": "Are people learning?",
            "value": "1,204",
            "unit": "places taken",
            "n": 1204,
            "period": "12 months to October 2026",
            "word": "Usual variation",
            "sentence": "1,204 of 1,410 applicants had a place; 88% came.",
            "why": "Skills come before change; a queue tells us to run more courses.",
            "svg": sparkline(SERIES, width=260, height=40, centre=3.4),
            "url": "#tile",
        },
        {
            "title": "Do staff feel able?",
            "value": "6.4",
            "unit": "of 10",
            "n": 2310,
            "period": "2025 survey",
            "word": "Unusual change, improvement, H",
            "sentence": "Agreement that people can make improvements happen.",
            "svg": sparkline(SERIES[::-1], width=260, height=40),
        },
        {
            "title": "Did we give time?",
            "hidden": True,
            "sentence": "Shown for the division instead.",
            "why": "Protected time is a promise; we count whether it was kept.",
        },
    ]


def context(request):
    form = EveryField(request.POST or None)
    return {
        "crumbs": [{"label": "Projects", "url": "/projects/"}],
        "sections": [
            {"label": "Overview", "url": "#1", "current": True},
            {"label": "Tests", "url": "#2", "count": 3},
            {"label": "Measures", "url": "#3", "count": 12},
        ],
        "tiles": tiles(),
        "as_at": datetime(2026, 11, 23, 2, 4, tzinfo=UTC),
        "stages": [
            {
                "letter": "P",
                "label": "Plan",
                "state": "done",
                "date": date(2026, 11, 2),
            },
            {"letter": "D", "label": "Do", "state": "current", "note": "2 of 5 done"},
            {"letter": "S", "label": "Study", "state": "todo"},
            {"letter": "A", "label": "Act", "state": "todo"},
        ],
        "segments": [
            {"label": "Documented", "state": "met"},
            {"label": "Prediction before the test", "state": "met"},
            {"label": "Compared with the prediction", "state": "not_yet"},
            {"label": "Scale grows", "state": "not_applicable"},
        ],
        "columns": [
            {"title": title, "cards": [card]}
            for title, card in zip(
                ("Needs a call", "Waiting on us", "Moving", "Resting"),
                [{"title": "Fewer falls", "text": "3 cycles", "meta": "Ward A1"}] * 4,
                strict=True,
            )
        ],
        "filter_form": Filters(request.GET or None),
        "table": {
            "caption": "Projects",
            "columns": [
                {"label": "Project"},
                {"label": "Unit"},
                {"label": "Status"},
                {"label": "Tests", "numeric": True},
            ],
            "rows": [
                [
                    {"text": f"Fewer falls at night {n}", "url": "#p"},
                    "Ward A1, Medicine",
                    {"text": "Active", "tone": "strong"},
                    n * 700,
                ]
                for n in range(1, 5)
            ],
            "row_headers": True,
        },
        "page_obj": Paginator(range(500), 50).get_page(request.GET.get("page", 4)),
        "rows": [
            {"key": "Aim", "value": "Halve falls\nby March", "url": "#aim"},
            {"key": "Lead", "value": "Amina Yusuf"},
        ],
        "tasks": [
            {"label": "Aim", "url": "#t1", "status": "Done", "done": True},
            {"label": "Drivers", "url": "#t2", "status": "To do", "hint": "10 minutes"},
        ],
        "chart": chart(),
        "prose": "# Chart\n\nPlot **first**.\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|",
        "form": form,
    }


@login_not_required
def style_guide(request):
    return render(request, "core/style_guide.html", context(request))


@login_not_required
def page(request, name):
    return render(request, name, {**context(request), **PAGES.get(name, {})})


@login_not_required
def broken(request):
    raise RuntimeError("broken on purpose")


@login_not_required
def empty(request):
    return HttpResponse(status=204)


PAGES = {
    "pages/confirm.html": {
        "title": "Delete this test",
        "question": "Cycle 3 disappears from the project.",
        "consequences": ["Its numbers stay", "You can undo this for 30 days"],
        "submit_label": "Delete this test",
        "cancel_url": "/style-guide/",
        "form": None,
    },
    "pages/conflict.html": {
        "fields": [
            {
                "name": "aim",
                "label": "Aim",
                "theirs": "Halve falls",
                "yours": "End falls",
            }
        ],
        "theirs_by": "Ben Okafor",
        "theirs_at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        "version": 4,
        "cancel_url": "/style-guide/",
        "form": None,
    },
    "pages/progress.html": {
        "title": "Checking the file",
        "poll_url": "/page/pages/progress.html",
        "state_label": "120 of 400 rows checked",
        "percent": 30,
        "form": None,
    },
    "404.html": {"form": None},
    "403.html": {"form": None},
}

handler500 = "qiportal.core.errors.server_error"
urlpatterns = [
    path("style-guide/", style_guide),
    path("projects/", style_guide),
    path("page/<path:name>", page),
    path("broken/", broken),
    path("undo/", empty),
    path("accounts/", include("qiportal.accounts.sign_in_urls")),
]
