from django import forms
from django.template.loader import render_to_string
from django.test.html import parse_html

from qiportal.core import forms as qi_forms
from qiportal.core.templatetags.qi import error_target


def group(field, name="x", data=None, **form_attrs):
    """The markup of one field; with `data` the form is validated."""
    kind = type("OneField", (forms.Form,), {name: field, **form_attrs})
    return kind(data)[name].as_field_group()


def assert_same(html, expected):
    assert parse_html(html) == parse_html(expected)


def test_text_field_with_hint():
    assert_same(
        group(forms.CharField(label="Title", help_text="For example: Fewer falls")),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_x">Title</label>
          <div class="nhsuk-hint" id="id_x_helptext">For example: Fewer falls</div>
          <input class="nhsuk-input" type="text" name="x" id="id_x" required
                 aria-describedby="id_x_helptext">
        </div>""",
    )


def test_text_field_with_error():
    assert_same(
        group(forms.CharField(label="Title", help_text="Short"), data={}),
        """
        <div class="nhsuk-form-group nhsuk-form-group--error">
          <label class="nhsuk-label nhsuk-label--s" for="id_x">Title</label>
          <div class="nhsuk-hint" id="id_x_helptext">Short</div>
          <span class="nhsuk-error-message" id="id_x_error">
            <span class="nhsuk-u-visually-hidden">Error: </span>Fill in “Title”
          </span>
          <input class="nhsuk-input nhsuk-input--error" type="text" name="x" id="id_x"
                 required aria-invalid="true"
                 aria-describedby="id_x_helptext id_x_error">
        </div>""",
    )


def test_an_optional_field_says_so_unless_the_form_is_a_filter():
    field = forms.CharField(label="Note", required=False)

    assert "(optional)" in group(field)
    assert "(optional)" not in group(field, hide_optional=True)


def test_select():
    html = group(forms.ChoiceField(label="Unit", choices=[("a", "Ward A1")]), data={})

    assert 'class="nhsuk-select nhsuk-select--error"' in html
    assert "Choose “Unit”" in html


def test_text_box_takes_five_full_rows_and_keeps_a_chosen_size():
    plain = group(forms.CharField(widget=forms.Textarea))
    chosen = group(forms.CharField(widget=forms.Textarea({"rows": "3"})))

    assert 'rows="5"' in plain
    assert "cols" not in plain
    assert 'rows="3"' in chosen


def test_a_text_that_nobody_changed_comes_back_the_same():
    class Note(forms.Form):
        note = forms.CharField(widget=qi_forms.Textarea, strip=False)

    sent = Note(
        {"note": "1. Begin.\r\n2. End."}, initial={"note": "1. Begin.\n2. End."}
    )

    assert sent.is_valid()
    assert sent.cleaned_data["note"] == "1. Begin.\n2. End."
    assert not sent.has_changed()


def test_text_box_with_a_count():
    html = group(forms.CharField(label="Aim", widget=qi_forms.Textarea(count=300)))

    assert (
        '<div class="nhsuk-form-group nhsuk-character-count" '
        'data-module="nhsuk-character-count" data-maxlength="300">' in html
    )
    assert 'class="nhsuk-textarea nhsuk-js-character-count"' in html
    assert 'id="id_x-info">You can enter up to 300 characters</div>' in html


def test_radios_with_hints():
    widget = qi_forms.Radios(hints={"b": "Change it"})
    choices = [("a", "Adopt"), ("b", "Adapt")]
    field = forms.ChoiceField(label="Decision", choices=choices, widget=widget)

    assert_same(
        group(field, data={}),
        """
        <div class="nhsuk-form-group nhsuk-form-group--error">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_x_error">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">
              Decision</legend>
            <span class="nhsuk-error-message" id="id_x_error">
              <span class="nhsuk-u-visually-hidden">Error: </span>Choose “Decision”
            </span>
            <div class="nhsuk-radios" data-module="nhsuk-radios" id="id_x">
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" type="radio" name="x" value="a"
                       id="id_x_0">
                <label class="nhsuk-label nhsuk-radios__label" for="id_x_0">
                  Adopt</label>
              </div>
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" type="radio" name="x" value="b"
                       id="id_x_1" aria-describedby="id_x_1_hint">
                <label class="nhsuk-label nhsuk-radios__label" for="id_x_1">
                  Adapt</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id="id_x_1_hint">
                  Change it</div>
              </div>
            </div>
          </fieldset>
        </div>""",
    )


def test_chosen_options_stay_chosen():
    field = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=qi_forms.Checkboxes(small=True)
    )

    html = group(field, data={"x": ["b"]})

    assert 'class="nhsuk-checkboxes nhsuk-checkboxes--small"' in html
    assert html.count(" checked") == 1
    assert 'value="b" id="id_x_1" checked' in html


def test_single_checkbox_has_its_label_after_the_box():
    field = forms.BooleanField(label="Show it to all", help_text="You can change it")

    assert_same(
        group(field),
        """
        <div class="nhsuk-form-group">
          <div class="nhsuk-checkboxes" data-module="nhsuk-checkboxes">
            <div class="nhsuk-checkboxes__item">
              <input class="nhsuk-checkboxes__input" type="checkbox" name="x" id="id_x"
                     required aria-describedby="id_x_helptext">
              <label class="nhsuk-label nhsuk-checkboxes__label" for="id_x">
                Show it to all</label>
              <div class="nhsuk-hint nhsuk-checkboxes__hint" id="id_x_helptext">
                You can change it</div>
            </div>
          </div>
        </div>""",
    )
    assert "Tick “Show it to all”" in group(field, data={})


def test_password_can_be_shown():
    html = group(forms.CharField(widget=forms.PasswordInput))

    assert 'data-module="nhsuk-password-input"' in html
    assert "nhsuk-js-password-input-input" in html
    assert 'aria-controls="id_x" hidden>Show</button>' in html


def test_number_with_unit():
    html = group(forms.DecimalField(widget=qi_forms.DecimalInput(suffix="%")))

    assert 'inputmode="decimal"' in html
    assert 'class="nhsuk-input nhsuk-input--width-5"' in html
    suffix = '<div class="nhsuk-input-wrapper__suffix" aria-hidden="true">%</div>'
    assert suffix in html


def test_date_is_the_browsers_own_field():
    field = forms.DateField(widget=qi_forms.DateInput)

    html = group(field, data={"x": "2026-11-23"})

    assert 'type="date"' in html
    assert 'value="2026-11-23"' in html


def test_stepper_buttons_wait_for_javascript():
    html = group(forms.IntegerField(widget=qi_forms.CountStepper(maximum=5)))

    assert html.count("hidden>") == 2
    assert 'data-min="0" data-max="5"' in html
    assert 'inputmode="numeric"' in html


def test_file_field():
    html = group(forms.FileField(widget=forms.FileInput))

    assert 'data-module="nhsuk-file-upload"' in html
    assert 'class="nhsuk-file-upload__input"' in html


def test_placeholders_are_dropped():
    assert "placeholder" not in group(
        forms.CharField(widget=forms.TextInput({"placeholder": "Title"}))
    )


def test_a_custom_required_message_is_kept():
    words = {"required": "Say who leads the project"}

    assert "Say who leads" in group(forms.CharField(error_messages=words), data={})


def test_hints_and_errors_are_escaped():
    html = group(forms.CharField(label="<b>", help_text="<script>"), data={})

    assert "<script>" not in html
    assert "<b>" not in html


def test_hidden_fields_have_no_wrapping():
    html = group(forms.CharField(widget=forms.HiddenInput, initial="7"))

    assert_same(html, '<input type="hidden" name="x" value="7" id="id_x">')


def test_filters_never_require_and_never_clash_with_the_form_beside_them():
    class Filters(qi_forms.FilterForm):
        q = forms.CharField(label="Words")

    form = Filters({})

    assert form.is_valid()
    assert form["q"].id_for_label == "filter_q"
    assert "required" not in form["q"].as_field_group()


class Every(forms.Form):
    title = forms.CharField(label="Title")
    decision = forms.ChoiceField(
        label="Decision", choices=[("a", "A")], widget=qi_forms.Radios
    )

    def clean(self):
        raise forms.ValidationError("The dates cross.")


def test_error_summary_lists_every_error_once_with_a_link():
    form = Every({})

    html = render_to_string("components/error_summary.html", {"form": form})

    assert_same(
        html,
        """
        <div class="nhsuk-error-summary" data-module="nhsuk-error-summary">
          <div role="alert">
            <h2 class="nhsuk-error-summary__heading">There is a problem</h2>
            <div class="nhsuk-error-summary__body">
              <ul class="nhsuk-list nhsuk-error-summary__list">
                <li>The dates cross.</li>
                <li><a href="#id_title">Fill in “Title”</a></li>
                <li><a href="#id_decision_0">Choose “Decision”</a></li>
              </ul>
            </div>
          </div>
        </div>""",
    )
    assert error_target(form["decision"]) == "id_decision_0"


def test_no_error_summary_without_errors():
    html = render_to_string("components/error_summary.html", {"form": Every()})

    assert not html.strip()


def test_error_summary_reaches_into_a_formset():
    rows = forms.formset_factory(Every, extra=0)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-title": ""}

    html = render_to_string("components/error_summary.html", {"formset": rows(data)})

    assert '<a href="#id_form-0-title">Fill in “Title”</a>' in html


def test_a_whole_form_prints_its_own_errors_and_hidden_fields():
    class Small(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, initial="k")
        title = forms.CharField()

        def clean(self):
            raise forms.ValidationError("Not now.")

    html = str(Small({"key": "k", "title": "t"}))

    assert "Not now." in html
    assert html.count('name="key"') == 1
    assert 'class="nhsuk-input"' in html


def test_form_page_sends_files_only_when_it_has_some(rf):
    class WithFile(forms.Form):
        photo = forms.FileField()

    request = rf.get("/")
    render = render_to_string
    with_file = render("components/form_page.html", {"form": WithFile()}, request)
    without = render("components/form_page.html", {"form": Every()}, request)

    assert 'enctype="multipart/form-data"' in with_file
    assert "multipart" not in without
    assert "csrfmiddlewaretoken" in without
    assert "data-qi-draft" not in without
