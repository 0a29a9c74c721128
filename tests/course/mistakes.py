"""The natural mistake of each lesson's subject: the step, and what is typed there.

A lesson that is not here is held to its first nudge.
"""

from __future__ import annotations

from collections.abc import Mapping

MISTAKES: Mapping[str, tuple[str, str]] = {
    # lesson                    step                  typed
    "notation":               ("column-times-row",   "(1, 1)"),
    "scalar-rules":           ("chain",              "f'(g(x))"),
    "partials-and-gradients": ("f-by-x",             "6x"),
    "jacobians":              ("jacobian",           "[6x y, 2; 3x^2, 8y^7]"),
    "layouts":                ("denominator",        "A"),
    "linear-map":             ("first-column",       "[4h; 2h]"),
    "elementwise":            ("times",              "diag(w)"),
    "elementwise-compare":    ("by-w",               "[w > x]"),
    "scalar-expansion":       ("product-by-x",       "z"),
    "sum-reduction":          ("added",              "sum(x)"),
    "means-and-variances":    ("centred-entry",      "δ_ij"),
    "chain-single":           ("both-links",         "cos(x^2)"),
    "chain-total":            ("both-ways",          "2x"),
    "chain-vector":           ("collapse",           "2x .* cos(s)"),
    "subderivatives":         ("the-clip",           "1"),
    "dot-products":           ("both-move",          "q'A"),
    "linear-maps":            ("quadratic",          "2x'M"),
    "neuron":                 ("a-by-w",             "x'"),
    "neuron-loss":            ("error-term",         "-2/N sum_i [z_i > 0] e_i x_i'"),
    "augmented":              ("back",               "I_n"),
    "layer":                  ("gradient",           "x e'"),
    "two-layers":             ("hidden-error",       "V'e"),
    "shapes-by-matrices":     ("vector-by-matrix",   "(m, n, k)"),
    "differentials":          ("product",            "2Z'D"),
    "linear-regression":      ("gradient",           "2/N r'X"),
    "logistic-regression":    ("by-z",               "-t/p + (1 - t)/(1 - p)"),
    "softmax":                ("jacobian",           "diag(p)"),
    "cross-entropy":          ("one-logarithm",      "-p_j"),
    "mlp":                    ("by-W",               "D'X"),
    "layer-norm":             ("normalised",         "(I - 𝟏 𝟏'/n)/s"),
    "attention":              ("weights",            "diag(a)"),
    "modes":                  ("chain",              "A' diag(1 - t.^2) B'y"),
}  # fmt: skip
