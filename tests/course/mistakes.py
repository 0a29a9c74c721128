"""The natural mistake of each lesson's subject: lesson, step, what is typed, and the code that diagnoses it.

Where the code is empty, a nudge of the author answers. A lesson that is not here is held to its first nudge.
"""

from __future__ import annotations

from collections.abc import Mapping

MISTAKES: Mapping[str, tuple[str, str, str]] = {
    # lesson                 step                 typed                      code
    "notation":             ("column-times-row",  "(1, 1)",                  ""),
    "scalar-rules":         ("chain",             "f'(g(x))",                ""),
    "partials-and-gradients": ("f-by-x",          "6x",                      ""),
    "jacobians":            ("jacobian",          "[6x y, 2; 3x^2, 8y^7]",   ""),
    "layouts":              ("denominator",       "A",                       ""),
    "linear-map":           ("first-column",      "[4h; 2h]",                ""),
    "elementwise":          ("times",             "diag(w)",                 ""),
    "elementwise-compare":  ("by-w",              "[w > x]",                 ""),
    "scalar-expansion":     ("product-by-x",      "z",                       ""),
    "linear-regression":   ("batch",             "2/N X'r",                ""),
    "logistic-regression": ("by-w",              "(p - t) p (1 - p) x'",   ""),
    "softmax":             ("jacobian",          "diag(p)",                ""),
    "cross-entropy":       ("by-z",              "-y'",                    ""),
    "mlp":                 ("by-b",              "D",                      ""),
    "layer-norm":          ("normalised",        "(I - 𝟏 𝟏'/n)/s",         ""),
    "attention":           ("chain",             "V' diag(a) K/sqrt(d)",   ""),
    "modes":               ("chain",             "A' diag(1 - t.^2) B'y",  ""),
}  # fmt: skip
