"""`mctutor derive`: a formula is derived, with its working."""

from __future__ import annotations

import sys

from tutor.cli.options import declarations, pairs, parser_of


def run(given: list[str]) -> int:
    """Prints the working and the result; the status is 1 where there is none."""
    parser = parser_of(
        "derive",
        "Derive a formula, with the working. The result is judged before it is shown.\n"
        "Status: 0 derived, 1 no derivation.",
        'mctutor derive "(1/N) sum_i (y_i - max(0, w·x_i + b))^2" --wrt w --let "w: vector n" \\\n'
        '      --let "b: scalar" --let "x: list N of vector n" --let "y: list N of scalar"',
    )
    parser.add_argument("formula", help="what to differentiate, in the notation")
    parser.add_argument("--wrt", metavar="NAME", required=True, help="the variable to differentiate by")
    declarations(parser)
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("gradient", "hessian"):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=f"the {kind} instead")
    parser.add_argument("--format", choices=("text", "latex"), default="text")
    options = parser.parse_args(given)
    from tutor.marking.reference import derive
    from tutor.plain import working
    from tutor.problem import Problem

    found = derive(
        options.formula,
        wrt=options.wrt,
        variables=pairs(parser, options.let, "--let"),
        define=pairs(parser, options.define, "--define"),
        layout=options.layout,
        kind=options.kind or "derivative",
    )
    if isinstance(found, Problem):
        print(found.message, file=sys.stderr)
        return 1
    print(working(found, options.format))
    return 0
