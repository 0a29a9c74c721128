"""The steps of a working: what is named, in which order, by which rule."""

from __future__ import annotations

from tutor.calculus.derivation import Step
from tutor.calculus.tidy import REWRITES
from tutor.language import expr as e
from tutor.language.show import show

from .questions import derived, is_right, question

LOSS = {"w": "vector n", "b": "scalar", "x": "list N of vector n", "y": "list N of scalar"}


def line(step: Step) -> str:
    name = "" if step.name is None else f"{show(step.name)} = "
    return f"{name}{show(step.of)}: {show(step.result)}"


def test_the_neurons_loss_is_worked_from_the_inside_out_with_the_papers_names() -> None:
    found = derived(question(LOSS, "1/N sum(i, (y_i - max(0, w·x_i + b))^2)", "w", define={"z_i": "w·x_i + b"}))
    assert found.way == "forward"
    assert [line(step) for step in found.parts] == [
        "uᵢ = w·xᵢ: xᵢᵀ",
        "zᵢ = uᵢ + b: xᵢᵀ",
        "vᵢ = max(0, zᵢ): [zᵢ > 0] xᵢᵀ",
        "eᵢ = yᵢ − vᵢ: −[zᵢ > 0] xᵢᵀ",
        "eᵢ²: 2[zᵢ > 0] (zᵢ − yᵢ) xᵢᵀ",
        "Σᵢ eᵢ²: 2 Σᵢ [zᵢ > 0] (zᵢ − yᵢ) xᵢᵀ",
        "1/N Σᵢ eᵢ²: 2/N Σᵢ [zᵢ > 0] (zᵢ − yᵢ) xᵢᵀ",
    ]


def test_a_step_names_its_rule_its_local_derivatives_and_the_product() -> None:
    found = derived(question({"A": "matrix m n", "x": "vector n"}, "tanh(A x)", "x"))
    step = found.parts[-1]
    assert step.kind == "whole"
    assert step.rule == "tanh"
    assert step.sentence == "The hyperbolic tangent's derivative is 1 minus its square."
    assert [(show(local.by), show(local.form)) for local in step.locals] == [("u", "diag(1 − tanh(u).^2)")]
    assert step.product is not None
    assert show(step.product) == "diag(1 − tanh(u).^2) A"


def test_a_variable_that_enters_twice_has_a_local_derivative_for_each_way() -> None:
    found = derived(question({"x": "scalar"}, "x sin(x)", "x"))
    assert [show(local.by) for local in found.parts[-1].locals] == ["x", "u"]


def test_in_reverse_the_steps_are_gradients_from_the_outside_in() -> None:
    types = {"U": "matrix k m", "W": "matrix m n", "x": "vector n", "y": "vector k"}
    found = derived(question(types, "1/2 ‖U tanh(W x) - y‖^2", "W", "gradient", define={"h": "tanh(W x)"}))
    assert found.way == "reverse"
    assert show(found.parts[-1].of) == "W"
    assert found.parts[-1].kind == "whole"
    names = [show(step.name) for step in found.parts if step.name is not None]
    assert names.index("h") > names.index("e")


def test_every_step_can_be_judged_as_it_stands() -> None:
    asked = question(LOSS, "1/N sum(i, (y_i - max(0, w·x_i + b))^2)", "w")
    last = derived(asked).parts[-1]
    assert is_right(asked, last.result)
    assert last.product is not None
    assert is_right(asked, last.product)


def test_intermediate_names_are_none_of_the_lessons() -> None:
    found = derived(question({"u": "vector n", "v": "vector n", "e": "scalar"}, "tanh(u·v + e)^2", "u"))
    names = {step.name.name for step in found.steps if isinstance(step.name, e.Defined)}
    assert names
    assert not names & {"u", "v", "e"}


def test_rewrites_are_told_by_name() -> None:
    found = derived(question({"A": "square n", "x": "vector n"}, "x'A x", "x"))
    told = {name for step in found.steps for name in step.rewrites}
    assert "collecting" in told
    assert told <= REWRITES.keys()


def test_a_last_rewrite_lays_the_result_out() -> None:
    found = derived(question({"A": "matrix m n", "x": "vector n"}, "A x", "x", layout="denominator"))
    assert found.steps[-1].kind == "rewrite"
    assert show(found.steps[-1].result) == "Aᵀ"


def test_the_rules_used_are_listed_once_each() -> None:
    found = derived(question({"x": "scalar"}, "sin(sin(x))", "x"))
    assert [rule.key for rule in found.rules] == [("sin", 1)]
