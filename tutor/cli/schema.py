"""`mctutor schema`: the lesson format for editors."""

from __future__ import annotations

import json

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints the JSON Schema of the whole format, or of a part of it."""
    parser = parser_of(
        "schema",
        "Print a JSON Schema of front matter, asks and course.yaml, by which editors complete and check them.",
        "mctutor schema > mctutor.schema.json",
    )
    parser.add_argument(
        "part", nargs="?", choices=("front-matter", "ask", "course"), help="one part (default: all, under $defs)"
    )
    part = parser.parse_args(given).part
    from tutor.course.schema import schema

    whole = schema()
    if part is not None:
        whole["anyOf"] = [{"$ref": f"#/$defs/{part}"}]
    print(json.dumps(whole, ensure_ascii=False, indent=1))
    return 0
