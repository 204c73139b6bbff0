"""The rules of the layout that the import linter cannot see (ARCHITECTURE 2 and 11)."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import signals
from django.utils.module_loading import import_string

from qiportal.core.privacy import is_own, own_models
from tests.each import each_file

ROOT = Path(settings.BASE_DIR)
LAYERS = (
    {"jobs"},
    {"organisation"},
    {"accounts"},
    {"library"},
    {"projects", "training", "surveys"},
    {"pdsa"},
    {"dashboard"},
)
LEVEL = {label: level for level, layer in enumerate(LAYERS) for label in layer}
CODE = [
    path
    for folder in ("qiportal", "projects", "pdsa", "training", "surveys")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def is_view(path: Path) -> bool:
    return path.name == "views.py" or "views" in path.parts


VIEWS = [path for path in CODE if is_view(path)]


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(source(path))


# --- layers -------------------------------------------------------------------


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_relations_point_down(model):
    """A foreign key by name escapes the import linter, so it is looked at here."""
    own = model._meta.app_label
    wrong = []
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        target = field.related_model
        if target is None or not is_own(target._meta.app_config.name):
            continue
        there = target._meta.app_label
        if there != own and LEVEL[there] >= LEVEL[own]:
            wrong.append(f"{field.name} -> {target._meta.label}")
    assert wrong == []


INSIDE = ("models", "selectors", "services", "forms", "views", "urls")
SAME_AS = {"presenters": "forms", "charts": "forms", "tasks": "views", "admin": "views"}


def place_of(parts: tuple[str, ...]) -> int | None:
    """The layer a module stands on inside its app; None for one without a layer."""
    for part in parts:
        name = SAME_AS.get(part, part)
        if name in INSIDE:
            return INSIDE.index(name)
    return None


def inner_imports(path: Path, app: str):
    """(line, parts below the app) of what a module imports from its own app."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith(f"{app}."):
                yield node.lineno, tuple(name.removeprefix(f"{app}.").split("."))


@pytest.mark.parametrize("app", [a for a in apps.get_app_configs() if is_own(a.name)])
def test_inside_an_app_imports_point_down_too(app):
    """urls > views > forms, charts, presenters > services > selectors > models."""
    wrong = []
    for path in CODE:
        folder = Path(app.path)
        if folder not in path.parents:
            continue
        here = place_of(path.relative_to(folder).with_suffix("").parts)
        for line, parts in inner_imports(path, app.name):
            there = place_of(parts)
            if here is not None and there is not None and there > here:
                wrong.append(f"{path.relative_to(ROOT)}:{line} -> {'.'.join(parts)}")
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(settings.JOBS))
def test_the_handler_of_each_job_exists(kind):
    assert callable(import_string(settings.JOBS[kind]["handler"]))


@pytest.mark.parametrize("kind", sorted(settings.IMPORTS))
def test_the_handler_of_each_import_exists(kind):
    assert callable(import_string(settings.IMPORTS[kind]))


def test_no_receiver_of_ours_hangs_on_a_signal():
    watched = [
        signals.pre_init,
        signals.post_init,
        signals.pre_save,
        signals.post_save,
        signals.pre_delete,
        signals.post_delete,
        signals.m2m_changed,
    ]
    ours = []
    for signal in watched:
        for key, receiver, *_ in signal.receivers:
            function = receiver() if hasattr(receiver, "__callback__") else receiver
            module = getattr(function, "__module__", "") or ""
            if is_own(module):
                ours.append((key, module))
    assert ours == []


def test_no_model_of_ours_has_logic_in_save():
    for model in own_models():
        assert "save" not in vars(model), model._meta.label


def test_there_are_no_generic_foreign_keys():
    for model in own_models():
        for field in model._meta.private_fields:
            assert type(field).__name__ != "GenericForeignKey", model._meta.label


@each_file(CODE)
def test_no_import_hides_inside_a_function(path):
    """Optional extras, plotly (0.4 s to load) and the entry points may do so."""
    late = {"weasyprint", "pptx", "pyarrow", "sklearn", "plotly"}
    allowed = ("qiportal/entry.py", "qiportal/bootstrap.py", "apps.py")
    if str(path).endswith(allowed):
        return
    wrong = []
    for function in ast.walk(tree(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = {a.name.split(".")[0] for a in node.names}
                module = getattr(node, "module", None)
                top = {module.split(".")[0]} if module else names
                if not top <= late:
                    wrong.append(node.lineno)
    assert wrong == [], f"{path}: {wrong}"


# --- small pieces -------------------------------------------------------------


@each_file(CODE)
def test_files_and_functions_stay_small(path):
    text = source(path)
    assert text.count("\n") <= 400, "Split this file by noun."
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert body_lines(node) <= 35, f"{node.name}: {body_lines(node)} lines."


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function below its signature and docstring, which may be long."""
    first = function.body[0]
    has_doc = ast.get_docstring(function) is not None
    start = first.end_lineno + 1 if has_doc else first.lineno
    return function.end_lineno - start + 1


# --- views --------------------------------------------------------------------


@each_file(VIEWS)
def test_views_take_objects_from_selectors(path):
    """Every object comes from `visible_to` or `editable_by`, in a selector."""
    banned = {"get", "all", "filter", "exclude", "create", "values", "first"}
    wrong = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        is_manager = isinstance(owner, ast.Attribute) and owner.attr == "objects"
        if node.func.attr in banned and is_manager:
            wrong.append(node.lineno)
    assert wrong == []


@each_file(CODE)
def test_forms_and_serializers_name_their_fields(path):
    """No `__all__`, and no `exclude` in a Meta: a new field is never open by itself."""
    wrong = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            for line in node.body:
                if isinstance(line, ast.Assign):
                    names = {t.id for t in line.targets if isinstance(t, ast.Name)}
                    is_all = "fields" in names and "__all__" in ast.unparse(line.value)
                    if "exclude" in names or is_all:
                        wrong.append(line.lineno)
    assert wrong == []


# --- text and templates -------------------------------------------------------


@each_file(CODE)
def test_only_one_place_marks_text_as_safe(path):
    if path == ROOT / "qiportal" / "core" / "text.py":
        assert source(path).count("mark_safe(") == 1
        return
    calls = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", ""))
        in {"mark_safe", "format_html", "format_html_join", "SafeString", "SafeText"}
    ]
    assert calls == []


@each_file(TEMPLATES)
def test_templates_keep_to_the_page_policy(path):
    text = source(path)
    assert not re.search(r"\|\s*safe(seq)?\b", text)
    assert "{% autoescape off %}" not in text
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline event handler"
    assert not re.search(r"\bhx-on|\bhx-vals=[\"']js:|javascript:", text)
    for tag in re.findall(r"<script\b[^>]*>(?!\s*</script>)", text):
        assert "src=" in tag, tag
    assert not re.search(r"<style\b", text)


@each_file(TEMPLATES)
def test_templates_fetch_nothing_from_elsewhere(path):
    fetched = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", source(path))
    for tag in fetched:
        assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", tag), tag


def test_every_app_of_ours_is_below_another():
    installed = {a.label for a in apps.get_app_configs() if is_own(a.name)}
    assert installed - {"core", "api", "demo"} == set(LEVEL)
