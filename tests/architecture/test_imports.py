"""The import table of the design, held against the code: data flows one way and imports follow it."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("features", "training", "serving", "experiments")
FLOW = (
    "vocabulary",
    "sources",
    "engines",
    "tables",
    "days",
    "moment",
    "as_of",
    "ages",
    "homes",
    "families",
    "rungs",
    "cohort",
    "groups",
    "indicators",
    "outcomes",
)
"""The order of the flow inside `features`: a part may import itself and what stands before it."""
BESIDE_THE_FLOW = ("progress", "synthetic", "check", "commands")
"""Parts of `features` that stand at its edge: the flow never imports them."""

NOT_FOR_FEATURES = {"training", "serving", "experiments", "sklearn", "lightgbm", "shap", "mlflow", "fastapi"}
NOT_FOR_AUDIT = {"lightgbm", "shap", "mlflow", "sklearn", "narwhals", "pandera"}
FITTING = {"training.learners", "training.pipeline", "training.splits"}
NOT_FOR_SERVING = FITTING | {"pandas", "mlflow", "shap"}


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    files = [f for package in OURS for f in (ROOT / package).rglob("*.py") if "node_modules" not in f.parts]
    names = {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}
    return {**names, "earlyhelp": ROOT / "earlyhelp.py"}


@cache
def imports_of(module: str) -> frozenset[str]:
    """Every module that one of ours imports directly, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            base = node.module or ""
            submodules = {f"{base}.{alias.name}" for alias in node.names}
            found |= {name if name in modules() else base for name in submodules}
    return frozenset(found)


def is_within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def in_package(package: str) -> list[str]:
    return sorted(name for name in modules() if is_within(name, {package}))


def breaches(package: str, forbidden: set[str], allowed: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Lines `module imports other` for each import that a package may not make."""
    return [
        f"{module} imports {name}"
        for module in in_package(package)
        for name in sorted(imports_of(module))
        if is_within(name, forbidden) and not is_within(name, allowed)
    ]


def test_the_vocabulary_imports_the_standard_library_alone() -> None:
    foreign = [
        f"{module} imports {name}"
        for module in in_package("features.vocabulary")
        for name in imports_of(module)
        if name.partition(".")[0] not in sys.stdlib_module_names and not is_within(name, {"features.vocabulary"})
    ]
    assert foreign == []


def test_features_know_no_model() -> None:
    assert breaches("features", NOT_FOR_FEATURES) == []


@pytest.mark.parametrize("part", FLOW)
def test_features_import_only_what_stands_before_them_in_the_flow(part: str) -> None:
    later = {f"features.{name}" for name in (*FLOW[FLOW.index(part) + 1 :], *BESIDE_THE_FLOW)}
    assert breaches(f"features.{part}", later) == []


def test_every_part_of_features_has_its_place_in_the_flow() -> None:
    parts = {name.split(".")[1] for name in in_package("features") if "." in name}
    assert parts == {*FLOW, *BESIDE_THE_FLOW}


def test_the_audit_knows_no_model_and_nothing_else_of_training() -> None:
    ours = breaches("training.audit", {"training", "features", "serving"}, {"training.audit", "features.vocabulary"})
    assert ours + breaches("training.audit", NOT_FOR_AUDIT) == []


def test_only_the_audits_report_draws_and_renders() -> None:
    drawing = breaches("training.audit", {"matplotlib", "jinja2"})
    assert [line for line in drawing if not line.startswith("training.audit.report.")] == []


def test_the_registry_applies_models_and_fits_none() -> None:
    assert breaches("training.registry", {"training", "serving"}, {"training.registry", "training.audit"}) == []


def test_training_never_imports_serving() -> None:
    assert breaches("training", {"serving", "experiments"}) == []


def test_serving_fits_nothing_and_needs_no_mlflow() -> None:
    assert breaches("serving", NOT_FOR_SERVING) == []
    reached = breaches("serving", {"training"}, {"training.registry", "training.audit"})
    assert reached == []


def test_nobody_imports_an_experiment() -> None:
    importers = [p for p in ("features", "training", "serving", "earlyhelp") if breaches(p, {"experiments"})]
    assert importers == []


def test_the_table_sees_an_import_that_it_forbids() -> None:
    assert breaches("features", {"polars"}) != []
