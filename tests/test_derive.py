"""`mctutor derive`: the working in each format, the code, the quiz."""

from __future__ import annotations

import io
import json

import pytest

from tutor.cli import main
from tutor.excerpt import columns

NEURON = ["--let", "w: vector n", "--let", "x: vector n", "--let", "b: scalar"]
LOSS = ["--let", "w: vector n", "--let", "b: scalar", "--let", "x: list N of vector n", "--let", "y: list N of scalar"]
CLIPPED = ["max(0, w·x + b)", "--wrt", "w", *NEURON]
SQUARES = ["(1/N) sum_i (y_i - max(0, w·x_i + b))^2", "--wrt", "w", *LOSS]


def derived(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["derive", *given]) == 0
    return capsys.readouterr().out


def test_the_working_names_the_parts_and_says_rule_and_shape(capsys: pytest.CaptureFixture[str]) -> None:
    out = derived(capsys, *CLIPPED)
    first = out.split("\n\n")[1].split("\n")
    assert first[0] == "  1  u = w·x"
    assert first[1].split() == ["∂u/∂w", "=", "xᵀ", "1×n"]
    assert first[2] == "     A dot product's derivative by one side is the other side, as a row."
    assert "⎧ xᵀ   w·x + b > 0" in out
    assert "a row (1×n) in numerator layout" in out


def test_the_working_is_no_wider_than_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for given in (CLIPPED, SQUARES):
        lines = derived(capsys, *given).split("\n")
        assert max(map(columns, lines)) <= 80
        assert not any(line.endswith(" ") for line in lines)


def test_from_the_outside_in_the_working_gives_gradients(capsys: pytest.CaptureFixture[str]) -> None:
    types = ["--let", "A: matrix m n", "--let", "X: matrix n k", "--let", "B: matrix k m"]
    out = derived(capsys, "tr(A X B)", "--wrt", "X", "--gradient", *types)
    assert "from the outside in" in out
    assert "∇_u = Bᵀ" in out


def test_the_rewrites_that_end_the_working_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    out = derived(capsys, "-(y log(σ(w·x)) + (1 - y) log(1 - σ(w·x)))", "--wrt", "w", *NEURON, "--let", "y: scalar")
    *_, rewritten, said, result = out.rstrip().split("\n\n")
    assert rewritten.endswith(".")
    assert said.startswith("The derivative, ")
    assert result == "(σ(w·x) − y) xᵀ"


def test_json_has_every_step_with_its_rule(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(derived(capsys, *CLIPPED, "--format", "json"))
    assert told["result"]["text"] == "xᵀ if w·x + b > 0 else 0"
    assert told["result"]["shape"] == "1×n"
    assert [step["name"] for step in told["steps"]][:2] == ["u", "v"]
    assert told["steps"][0]["locals"][0]["derivative"]["text"] == "xᵀ"
    assert told["steps"][0]["rule"] == "dot"


def test_markdown_has_its_maths_in_latex(capsys: pytest.CaptureFixture[str]) -> None:
    out = derived(capsys, *CLIPPED, "--format", "markdown")
    assert r"1. $\frac{\partial u}{\partial w} = x^{\top}$ (1×n), where $u = w \cdot x$" in out
    assert out.count("$$") == 2


def test_latex_is_one_aligned_block(capsys: pytest.CaptureFixture[str]) -> None:
    out = derived(capsys, *CLIPPED, "--format", "latex")
    assert out.startswith("\\begin{align*}\nf &= ")
    assert out.endswith("\\end{align*}\n")
    assert all("&=" in line for line in out.split("\n")[1:-2] if not line.startswith("%"))


def test_the_code_is_a_function_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    space: dict[str, object] = {}
    exec(derived(capsys, *CLIPPED, "--code", "numpy"), space)
    function = space["value_and_derivative"]
    assert callable(function)
    value, slope = function(w=np.array([1.0, 2.0]), x=np.array([3.0, -1.0]), b=0.5)
    assert value == 1.5
    assert slope.tolist() == [3.0, -1.0]


def test_the_quiz_is_played_line_by_line_in_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("x\nx'\n1\n?\n[v > 0] x'\n"))
    out = derived(capsys, *CLIPPED, "--quiz")
    assert "Let u = w·x. How does it change with w?" in out
    assert out.count("∂u/∂w = ?") == 1
    assert "The chain rule multiplies, in this order: ∂f/∂v, ∂v/∂u, ∂u/∂w." in out
    assert out.rstrip().endswith("So ∂f/∂w = xᵀ if v > 0 else 0.")


def test_a_quiz_that_is_broken_off_ends(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("x'\n"))
    assert "3 of 4" in derived(capsys, *CLIPPED, "--quiz")


def test_what_cannot_be_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--quiz"], ["--code", "numpy"]):
        assert main(["derive", "w x", "--wrt", "w", "--let", "w: vector n", "--let", "x: vector n", *more]) == 1
        assert "product does not meet" in capsys.readouterr().err


def test_types_that_are_not_declared_are_inferred_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out = derived(capsys, "max(0, w·x + b)", "--wrt", "w", "--let", "b: scalar")
    assert out.startswith("Taken as: w, x vectors of n.\n")
    told = json.loads(derived(capsys, "max(0, w·x + b)", "--wrt", "w", "--format", "json"))
    assert told["inferred"] == {"w": "vector n", "x": "vector n", "b": "scalar"}
