"""Pictures of formulas: what they show, how they are drawn at any size, and what cannot be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.excerpt import columns
from tutor.language.scope import Scope
from tutor.picture.canvas import Canvas, Row
from tutor.picture.draw import TALLEST, draw
from tutor.picture.make import KINDS, Flaw, make
from tutor.picture.picture import LinearMap, Picture, Shapes, Slope, Sparsity

SHOWN = Path(__file__).parent / "shown"

VARIABLES = {
    "t": "scalar",
    "w": "vector n",
    "x": "vector n",
    "A": "matrix m n",
    "b": "vector m",
    "v": "vector 2",
    "M": "matrix 2 3",
    "S": "symmetric n",
    "p": "simplex vector n",
}

EXAMPLES = {
    "a-kink": ("slope", {"of": "|t|"}),
    "a-clip": ("slope", {"of": "max(0, t)", "from": "-2", "to": "2"}),
    "a-tangent": ("slope", {"of": "t^2/2 - t", "at": "2", "from": "-2", "to": "4"}),
    "a-pole": ("slope", {"of": "1/t", "at": "1", "from": "-3", "to": "3"}),
    "a-bent-grid": ("linear-map", {"of": "[v_1^2 - v_2; v_1 v_2]"}),
    "a-straight-grid": ("linear-map", {"of": "[2, 1; 0, 1] v", "at": "[0, 0]"}),
    "a-diagonal": ("sparsity", {"of": "w .* x", "wrt": "w"}),
    "copies-of-an-input": ("sparsity", {"of": "A x", "wrt": "A"}),
    "a-layer": ("shapes", {"of": "A x + b"}),
    "a-quadratic-form": ("shapes", {"of": "x'S x"}),
}


def scope() -> Scope:
    made = Scope.declare(VARIABLES, {"u": "w ⊙ x", "z": "w·x"})
    assert isinstance(made, Scope)
    return made


def made(kind: str, **parameters: str) -> Picture:
    picture = make(kind, {name.rstrip("_"): text for name, text in parameters.items()}, scope())
    assert not isinstance(picture, Flaw), picture
    return picture


def flaw(kind: str, **parameters: str) -> Flaw:
    found = make(kind, {name.rstrip("_"): text for name, text in parameters.items()}, scope())
    assert isinstance(found, Flaw)
    return found


def text(rows: tuple[Row, ...]) -> str:
    return "".join("".join(piece for piece, _ in row) + "\n" for row in rows)


def words(picture: Picture) -> str:
    """What stands under a picture that has no room to be drawn."""
    return " ".join(text(draw(picture, 60, 3)).split())


# -- how they look -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("look", ["braille", "ascii"])
def test_a_picture_looks_as_it_did(name: str, look: str) -> None:
    kind, parameters = EXAMPLES[name]
    drawn = text(draw(made(kind, **parameters), 52, 20, ascii_only=look == "ascii"))
    assert drawn == (SHOWN / f"{name}.{look}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("size", [(160, 50), (80, 24), (52, 20), (30, 12), (12, 6), (1, 1), (0, 5)])
def test_a_picture_keeps_within_its_size_and_in_ascii_to_ascii(name: str, size: tuple[int, int]) -> None:
    kind, parameters = EXAMPLES[name]
    for ascii_only in (False, True):
        rows = draw(made(kind, **parameters), *size, ascii_only)
        assert len(rows) <= min(size[1], TALLEST)
        assert all(columns("".join(piece for piece, _ in row)) <= size[0] for row in rows)
        assert not ascii_only or text(rows).isascii()


def test_every_kind_has_an_example() -> None:
    assert {kind for kind, _ in EXAMPLES.values()} == set(KINDS)


def test_what_is_told_apart_has_a_layer_of_its_own() -> None:
    rows = draw(made("slope", of="t^2", at="1"), 40, 16)
    assert {layer for row in rows for _, layer in row} == {"quiet", "plain", "strong"}


# -- what they show ----------------------------------------------------------------------------------------------------


def test_a_kink_has_all_slopes_between_its_sides() -> None:
    picture = made("slope", of="max(-t, 3t)")
    assert isinstance(picture, Slope)
    assert (picture.low, picture.high) == pytest.approx((-1, 3))
    assert words(picture) == "At t = 0 every slope from −1 to 3 fits."


def test_a_slope_that_is_to_be_read_off_is_not_told() -> None:
    assert words(made("slope", of="t^2", at="1")) == "At t = 1 the slope is 2."
    assert words(made("slope", of="t^2", at="1", told="no")) == "The dotted line touches the curve at t = 1."
    assert "lines touch the curve at t = 0." in words(made("slope", of="|t|", told="no"))


def test_both_scales_have_round_numbers_in_their_places() -> None:
    picture = made("slope", of="10t", at="0", from_="-4", to="4")
    title, *rows, scale, _ = text(draw(picture, 49, 22)).splitlines()
    assert (title, scale.split()) == ("10t", ["−4", "−3", "−2", "−1", "0", "1", "2", "3", "t"])
    heights = [row.split()[0] for row in rows if row[:1].strip()]
    assert heights == ["40", "30", "20", "10", "0", "−10", "−20", "−30", "−40"]


@pytest.mark.parametrize(("at", "slope"), [("-1", -1), ("1/2", 1), ("3", 1)])
def test_beside_a_kink_there_is_one_slope(at: str, slope: float) -> None:
    picture = made("slope", of="|t|", at=at)
    assert isinstance(picture, Slope)
    assert picture.low == picture.high == pytest.approx(slope)


def test_what_moves_may_be_a_defined_name() -> None:
    picture = made("slope", of="max(0, z)", wrt="z")
    assert isinstance(picture, Slope)
    assert (picture.variable, picture.low, picture.high) == ("z", 0, 1)


def test_a_curve_passes_through_its_point() -> None:
    picture = made("slope", of="exp(t)", at="1", from_="0", to="2")
    assert isinstance(picture, Slope)
    assert picture.at in picture.curve
    assert (picture.curve[0][0], picture.curve[-1][0]) == (0, 2)


def test_the_columns_of_the_jacobian_say_where_small_steps_go() -> None:
    picture = made("linear-map", of="[v_1^2 - v_2; v_1 v_2]", at="[3, 5]")
    assert isinstance(picture, LinearMap)
    assert picture.origin == pytest.approx((4, 15))
    assert picture.columns[0] == pytest.approx((6, 5))
    assert picture.columns[1] == pytest.approx((-1, 3))


def test_of_a_linear_map_the_bent_grid_is_the_straight_one() -> None:
    picture = made("linear-map", of="[2, 1; 0, 1] v")
    assert isinstance(picture, LinearMap)
    for bent, straight in zip(picture.bent, picture.straight, strict=True):
        for one, other in zip(bent, straight, strict=True):
            assert one == pytest.approx(other)


def test_sizes_that_have_a_name_are_two_in_a_plane() -> None:
    assert isinstance(made("linear-map", of="x .* x", wrt="x"), LinearMap)


@pytest.mark.parametrize(
    ("of", "wrt", "pattern"),
    [
        ("u", "w", ["#...", ".#..", "..#.", "...#"]),
        ("softmax(x)", "x", ["####"] * 4),
        ("x - mean(x)", "x", ["####"] * 4),
        ("max(x, 0)", "x", ["#...", ".#..", "..#.", "...#"]),
        ("w·x", "x", ["####"]),
        ("sum(u)", "u", ["####"]),
        ("w", "x", ["...."] * 4),
        ("b'A x", "A", ["#" * 12]),
        ("x t", "t", ["#"] * 4),
        ("M t", "t", ["#"] * 6),
        ("M_{1,2}", "M", ["..#..."]),
        ("M", "M", ["#.....", ".#....", "..#...", "...#..", "....#.", ".....#"]),
        ("M'", "M", ["#.....", "..#...", "....#.", ".#....", "...#..", ".....#"]),
    ],
)
def test_a_pattern_marks_what_feels_what(of: str, wrt: str, pattern: list[str]) -> None:
    picture = made("sparsity", of=of, wrt=wrt)
    assert isinstance(picture, Sparsity)
    assert ["".join("#" if felt else "." for felt in row) for row in picture.feels] == pattern


def test_the_entries_of_a_matrix_are_counted_as_vec_has_them() -> None:
    picture = made("sparsity", of="A x", wrt="A")
    assert isinstance(picture, Sparsity)
    assert picture.columns[:5] == ("1,1", "2,1", "3,1", "4,1", "1,2")
    assert picture.feels[1] == tuple(name.startswith("2,") for name in picture.columns)


def test_boxes_have_the_sizes_of_the_formula() -> None:
    picture = made("shapes", of="A x + b")
    assert isinstance(picture, Shapes)
    told = [part if isinstance(part, str) else f"{part.name} {part.rows}×{part.columns}" for part in picture.parts]
    assert told == ["A m×n", "x n×1", "+", "b m×1"]
    assert (picture.result.rows, picture.result.columns) == ("m", "1")


def test_a_sum_in_a_product_is_in_parentheses() -> None:
    picture = made("shapes", of="A (w + x)")
    assert isinstance(picture, Shapes)
    assert [part for part in picture.parts if isinstance(part, str)] == ["(", "+", ")"]


ODD = ["exp(exp(exp(t)))", "1/(t - 1/2)", "tan(t)", "[t > 0]", "10^307 t^3", "t/10^300", "0 t", "exp(-1/t^2)"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("of", ODD)
def test_a_curve_of_any_height_is_drawn(of: str) -> None:
    picture = made("slope", of=of, at="1")
    for size in (80, 24), (20, 9), (5, 3):
        assert draw(picture, *size)


# -- what cannot be drawn ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "parameters", "where", "message"),
    [
        ("slope", {}, "", "A picture of the kind slope needs `of`."),
        ("slope", {"of": "t +"}, "of", "The text ends too soon"),
        ("slope", {"of": "t", "att": "1"}, "att", "has no `att`"),
        ("slope", {"of": "w·x"}, "of", "this has the variables w, x"),
        ("slope", {"of": "3"}, "of", "this has no variable"),
        ("slope", {"of": "w·w"}, "of", "a number that follows a number"),
        ("slope", {"of": "t z", "wrt": "z"}, "of", "t has no value here"),
        ("slope", {"of": "t", "at": "t"}, "at", "This place has to be numbers."),
        ("slope", {"of": "t", "told": "maybe"}, "told", "yes or no"),
        ("slope", {"of": "t", "at": "[1, 2]"}, "at", "This has to be one number."),
        ("slope", {"of": "t", "at": "5", "to": "4"}, "at", "between `from` and `to`"),
        ("slope", {"of": "log(t)", "at": "-1"}, "at", "has no slope here"),
        ("slope", {"of": "t^2", "wrt": "2t"}, "wrt", "What moves is a declared variable"),
        ("linear-map", {"of": "v·v"}, "of", "columns of two numbers"),
        ("linear-map", {"of": "v", "at": "1"}, "at", "This has to be 2 numbers, such as [1, 1]."),
        ("linear-map", {"of": "v", "reach": "0"}, "reach", "by a number above 0"),
        ("linear-map", {"of": "sqrt(v)", "at": "[-1, 1]"}, "at", "has no derivative here"),
        ("sparsity", {"of": "kron(A, A)", "wrt": "A"}, "of", "more than 24"),
        ("shapes", {"of": "A"}, "of", "This has no parts"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_its_parameter(
    kind: str, parameters: dict[str, str], where: str, message: str
) -> None:
    found = flaw(kind, **parameters)
    assert found.parameter == where
    assert message in found.problem.message


# -- the canvas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [(0, 0, 9, 0), (9, 0, 0, 0), (-50, 0, 90, 0), (-1e9, 0.2, 1e12, -0.2)])
def test_a_line_is_cut_to_the_field(ends: tuple[float, float, float, float]) -> None:
    canvas = Canvas(5, 1)
    canvas.line(*ends)
    assert text(tuple(canvas.rows())) == "⠉⠉⠉⠉⠉\n"


@pytest.mark.parametrize("ends", [(0, -1, 9, -1), (20, 0, 30, 3), (0, float("nan"), 1, 1), (0, 0, float("inf"), 1)])
def test_a_line_outside_of_the_field_leaves_no_dot(ends: tuple[float, float, float, float]) -> None:
    canvas = Canvas(5, 1)
    canvas.line(*ends)
    assert text(tuple(canvas.rows())) == "\n"


def test_words_stand_on_the_dots_and_inside_of_the_field() -> None:
    canvas = Canvas(5, 1)
    canvas.line(0, 0, 9, 0, "quiet")
    canvas.write(4, 0, "ab", "strong")
    assert canvas.rows() == [(("⠉⠉⠉", "quiet"), ("ab", "strong"))]
