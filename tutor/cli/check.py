"""`mctutor check`: one answer is judged from the shell."""

from __future__ import annotations

from tutor.cli.options import declarations, pairs, parser_of

STATUS = {"correct": 0, "incorrect": 1, "unreadable": 2, "undecided": 3, "error": 4}
KINDS = ("derivative", "gradient", "hessian", "entry", "equals", "shape")


def run(given: list[str]) -> int:
    """Judges one answer; the status is its verdict."""
    parser = parser_of(
        "check",
        "Judge one answer. Status: 0 right, 1 wrong, 2 unreadable, 3 undecided, 4 the question is broken.",
        'mctutor check "x\'" --derivative "w·x + b" --wrt w \\\n'
        '      --let "w: vector n" --let "x: vector n" --let "b: scalar"',
    )
    parser.add_argument("answer", help="the answer, in the notation")
    kinds = parser.add_mutually_exclusive_group(required=True)
    for kind in KINDS:
        kinds.add_argument(
            f"--{kind}", metavar="EXPRESSION", help=f"ask for the {kind}" if kind != "equals" else "ask for an equal of"
        )
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by")
    declarations(parser)
    parser.add_argument("--json", action="store_true", help="print the whole reply as JSON")
    options = parser.parse_args(given)
    request = {
        "variables": pairs(parser, options.let, "--let"),
        "define": pairs(parser, options.define, "--define"),
        "ask": {k: v for k, v in vars(options).items() if k in (*KINDS, "wrt") and v is not None},
        "layout": options.layout,
        "answer": options.answer,
        "reference": True,
    }
    from tutor.marking.worker import Worker

    worker = Worker()
    try:
        reply = worker.grade(request)
    finally:
        worker.close()
    from tutor.plain import told

    if options.json:
        import json

        print(json.dumps(reply.to_json(), ensure_ascii=False))
    else:
        print(told(reply, options.answer))
    return STATUS[reply.verdict]
