"""The gates of a release: what refuses, what a named person may accept, and that all is said at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from features.vocabulary.errors import IntegrityError, RefusedError
from tests.drawn_models import bundle
from training.registry.bundle import Bundle
from training.registry.gates import check_adds_up, check_gates
from training.registry.manifest import Acceptance
from training.registry.released import ReleasedModel

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED = Acceptance(name="A. Person", reason="groups are small")


def test_an_audit_within_its_tolerance_lets_a_run_through(tmp_path: Path) -> None:
    assert check_gates(bundle(tmp_path / "b"), None) == []


def test_a_gap_outside_the_tolerance_refuses_whoever_accepts_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"outside the tolerance: sex tpr \(1\)"):
        check_gates(bundle(tmp_path / "b", tpr_sex="outside"), ACCEPTED)


def test_an_audit_that_cannot_tell_refuses_until_a_person_accepts_it(tmp_path: Path) -> None:
    unsure = bundle(tmp_path / "b", tpr_sex="cannot tell")
    with pytest.raises(RefusedError, match="accept-cannot-tell"):
        check_gates(unsure, None)
    assert check_gates(unsure, ACCEPTED) == ["the audit cannot tell for sex tpr (1)"]


def test_age_is_audited_and_gates_nothing(tmp_path: Path) -> None:
    assert check_gates(bundle(tmp_path / "b", tpr_age_band="outside"), None) == []


def test_an_auc_that_is_too_good_refuses_whoever_accepts_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="suspect a leak"):
        check_gates(bundle(tmp_path / "b", auc=0.86), ACCEPTED)


def test_an_auc_at_the_limit_is_let_through(tmp_path: Path) -> None:
    assert check_gates(bundle(tmp_path / "b", auc=0.85), None) == []


def test_a_characteristic_that_was_not_audited_refuses(tmp_path: Path) -> None:
    drawn = bundle(tmp_path / "b")
    audit = json.loads((drawn.folder / "audit.json").read_bytes())
    kept = [verdict for verdict in audit["verdicts"] if verdict["attribute"] != "sex"]
    (drawn.folder / "audit.json").write_text(json.dumps({"verdicts": kept}), encoding="utf-8")
    with pytest.raises(RefusedError, match="no verdict on sex tpr"):
        check_gates(drawn, ACCEPTED)


def test_an_audit_without_verdicts_refuses(tmp_path: Path) -> None:
    drawn = bundle(tmp_path / "one")
    (drawn.folder / "audit.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RefusedError, match="no verdict on sex tpr"):
        check_gates(drawn, ACCEPTED)


def test_all_that_stands_in_the_way_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"suspect a leak.*; the audit finds gaps"):
        check_gates(bundle(tmp_path / "b", auc=0.9, tpr_sex="outside"), None)


def test_a_refusal_names_no_group(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        check_gates(bundle(tmp_path / "b", tpr_ethnic_group="outside"), None)
    assert "group 'g'" not in str(refused.value)
    assert "ethnic_group tpr (1)" in str(refused.value)


class Lying(ReleasedModel):
    """A model whose contributions are not its own."""

    def margin(self, matrix: object) -> object:  # type: ignore[override]
        return super().margin(matrix) + 1e-6  # type: ignore[arg-type,operator]


def test_contributions_that_do_not_add_up_refuse(tmp_path: Path) -> None:
    drawn = bundle(tmp_path / "b")
    lying = Lying(drawn.model.kind, drawn.model.indicators, drawn.model.content)
    with pytest.raises(IntegrityError, match="do not add up"):
        check_adds_up(Bundle(drawn.manifest, lying, drawn.calibrator, drawn.neighbours, drawn.folder))
