"""Form rendering in the NHS design system, and the widgets it adds."""

from collections.abc import Iterable
from itertools import chain

from django import forms
from django.forms.renderers import TemplatesSetting

BOXES = ("text", "number", "email", "url", "tel", "search", "date", "datetime", "time")
WIDGET_CLASSES = {
    **{f"django/forms/widgets/{name}.html": "nhsuk-input" for name in BOXES},
    "django/forms/widgets/password.html": (
        "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input"
    ),
    "django/forms/widgets/textarea.html": "nhsuk-textarea",
    "django/forms/widgets/select.html": "nhsuk-select",
    "django/forms/widgets/checkbox.html": "nhsuk-checkboxes__input",
    "django/forms/widgets/file.html": "nhsuk-file-upload__input",
    "django/forms/widgets/clearable_file_input.html": "nhsuk-file-upload__input",
    "django/forms/widgets/count_stepper.html": "nhsuk-input nhsuk-input--width-4",
}
ERROR_CLASSES = ("nhsuk-input", "nhsuk-textarea", "nhsuk-select")


def text_box_size(attrs: dict) -> dict:
    """Django's default text box, 40 by 10, becomes five full-width rows."""
    is_default = (attrs.get("cols"), attrs.get("rows")) == ("40", "10")
    return {"cols": False, "rows": "5"} if is_default else {}


def widget_attrs(template_name: str, attrs: dict) -> dict:
    """A widget's attributes with the NHS classes in front of its own.

    Placeholders are dropped: they vanish as one types. Examples belong in hints.
    """
    own = WIDGET_CLASSES.get(template_name)
    if own is None:
        return attrs
    kind = own.split()[0]
    invalid = attrs.get("aria-invalid") == "true" and kind in ERROR_CLASSES
    error = f"{kind}--error" if invalid else ""
    classes = " ".join(filter(None, (own, error, attrs.get("class"))))
    return {**attrs, "class": classes, "placeholder": False, **text_box_size(attrs)}


def field_kind(field: forms.BoundField) -> str:
    """Which layout a field takes: hidden, fieldset, checkbox or input."""
    if field.is_hidden:
        return "hidden"
    if field.use_fieldset:
        return "fieldset"
    is_checkbox = getattr(field.field.widget, "input_type", "") == "checkbox"
    return "checkbox" if is_checkbox else "input"


def required_words(field: forms.BoundField) -> str:
    """What to say when a required field is empty: how to fix it, by name."""
    widget = field.field.widget
    if getattr(widget, "input_type", "") == "checkbox" and not field.use_fieldset:
        return f"Tick “{field.label}”"
    chooses = isinstance(widget, forms.widgets.ChoiceWidget)
    return f"{'Choose' if chooses else 'Fill in'} “{field.label}”"


def field_errors(field: forms.BoundField) -> list[str]:
    """A field's messages; Django's bare "This field is required" is made helpful."""
    bare = forms.Field.default_error_messages["required"]
    return [
        required_words(field) if message == bare else message
        for message in field.errors
    ]


def field_group(field: forms.BoundField) -> dict:
    """What the field template needs beside the field itself."""
    widget = field.field.widget
    input_type = getattr(widget, "input_type", "")
    group = {
        "kind": field_kind(field),
        "errors": field_errors(field),
        "password": input_type == "password",
        "prefix": getattr(widget, "prefix", ""),
        "suffix": getattr(widget, "suffix", ""),
        "count": getattr(widget, "count", None),
        "link": getattr(field.form, "library_links", {}).get(field.name),
        "optional": not field.field.required
        and not getattr(field.form, "hide_optional", False),
    }
    modules = {"password": "password-input", "file": "file-upload"}
    group["module"] = "character-count" if group["count"] else modules.get(input_type)
    group["wrapped"] = group["password"] or group["prefix"] or group["suffix"]
    return group


class NhsukRenderer(TemplatesSetting):
    """Renders every form of the portal with NHS markup."""

    form_template_name = "django/forms/nhsuk_form.html"
    formset_template_name = "django/forms/nhsuk_formset.html"
    field_template_name = "django/forms/nhsuk_field.html"

    def render(self, template_name, context, request=None):
        """Add NHS classes to widgets, and layout facts to fields."""
        if widget := context.get("widget"):
            attrs = widget_attrs(template_name, widget["attrs"])
            context = {**context, "widget": {**widget, "attrs": attrs}}
        elif field := context.get("field"):
            context = {**context, "group": field_group(field)}
        return super().render(template_name, context, request)


class Formsets:
    """Several formsets of one page as one, for the summary of its errors."""

    def __init__(self, formsets: Iterable[forms.BaseFormSet] = ()):
        self.formsets = tuple(formsets)

    def __len__(self):
        return len(self.formsets)

    def __iter__(self):
        return chain.from_iterable(self.formsets)

    def total_error_count(self):
        return sum(formset.total_error_count() for formset in self.formsets)

    def non_form_errors(self):
        return [error for one in self.formsets for error in one.non_form_errors()]


class FilterForm(forms.Form):
    """A GET form above a list: nothing is required, nothing is marked optional."""

    hide_optional = True
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "filter_%s")  # a page may hold another form
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs=None):
        attrs = {"class": "nhsuk-input--width-10", **(attrs or {})}
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class AffixInput(forms.TextInput):
    """A text box with a unit before or after it."""

    keyboard = "text"

    def __init__(self, attrs=None, *, prefix="", suffix=""):
        super().__init__(
            {
                "class": "nhsuk-input--width-5",
                "inputmode": self.keyboard,
                "autocomplete": "off",
                **(attrs or {}),
            }
        )
        self.prefix = prefix
        self.suffix = suffix


class WholeNumberInput(AffixInput):
    """Whole numbers; phones show digits only."""

    keyboard = "numeric"


class DecimalInput(AffixInput):
    """Numbers with decimals; phones show digits and the point."""

    keyboard = "decimal"


class CountStepper(WholeNumberInput):
    """A whole number with big minus and plus buttons."""

    template_name = "django/forms/widgets/count_stepper.html"

    def __init__(self, attrs=None, *, minimum=0, maximum=None):
        limits = {"data-min": minimum, "data-max": maximum}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        super().__init__({"class": "", **given, **(attrs or {})})


class Textarea(forms.Textarea):
    """Several lines of text; `count` shows how many characters are left."""

    def __init__(self, attrs=None, *, rows=5, count=None):
        extra = {"class": "nhsuk-js-character-count"} if count else {}
        super().__init__({"rows": rows, "cols": False, **extra, **(attrs or {})})
        self.count = count

    def value_from_datadict(self, data, files, name):
        """Browsers send CRLF: a text that nobody changed must stay the same text."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class HintedChoices:
    """Adds a hint under single choices; `hints` maps a value to its hint."""

    style = ""

    def __init__(self, attrs=None, *, hints=None, small=False, inline=False):
        self.hints = hints or {}
        modifiers = {"small": small, "inline": inline}
        base = f"nhsuk-{self.family}"
        classes = [f"{base}--{name}" for name, on in modifiers.items() if on]
        classes = " ".join(filter(None, [self.style, *classes]))
        super().__init__({"class": classes, **(attrs or {})} if classes else attrs)

    def create_option(self, name, value, label, selected, index, **kwargs):
        option = super().create_option(name, value, label, selected, index, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class Radios(HintedChoices, forms.RadioSelect):
    """One of a few; all choices are seen at once."""

    family = "radios"


class Checkboxes(HintedChoices, forms.CheckboxSelectMultiple):
    """Any of a few."""

    family = "checkboxes"


class Chips(Radios):
    """One of a few short words, as large touch targets."""

    style = "qi-chips"


class ChipsMultiple(Checkboxes):
    """Any of a few short words, as large touch targets."""

    style = "qi-chips"
