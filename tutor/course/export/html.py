"""A page as one HTML file that needs no network: words, MathML, and the little CSS that it takes.

In: a Page. Out: HTML. Decided here: how a lesson looks on paper and in a browser. Nothing is loaded and nothing runs.
"""

from __future__ import annotations

import re
from html import escape, unescape

from tutor.course.export.page import HOLE, Page, Question, Section, Sides, reader, with_holes
from tutor.language.mathml import mathml, mathml_of_text

CSS = """\
:root { color-scheme: light dark; --ink: #1d2430; --quiet: #5d6878; --rule: #d9dee6; --box: #f5f7fa; --key: #1a5fb4;
  --good: #1c7a3d; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --quiet: #98a3b3; --rule: #353d4a; --box: #1e242e;
  --key: #7ab0f5; --good: #6fcf8f; --paper: #14181f; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 Georgia, "Noto Serif", "DejaVu Serif", serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 3rem 0 .6rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); }
h2 span { color: var(--quiet); font-weight: normal; margin-right: .5rem; }
p { margin: .7rem 0; }
.summary, .source, .names th { color: var(--quiet); }
.summary { font-size: 1.125rem; margin-top: 0; }
.source { font-size: .9rem; margin-top: 4rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
.names { border-collapse: collapse; margin: 1.8rem 0; }
.names td, .names th { padding: .2rem 1.6rem .2rem 0; text-align: left; font-weight: normal; vertical-align: baseline; }
math { font-size: 1.08em;
  font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "DejaVu Math TeX Gyre", "Noto Sans Math", math; }
.whole { white-space: nowrap; }
math[display="block"] { margin: 1.1rem 0; }
mtd { padding: .15em .5em; }
.question { background: var(--box); border-left: 3px solid var(--key); padding: .6rem 1.2rem; margin: 1.2rem 0;
  border-radius: 0 .4rem .4rem 0; }
.question math[display="block"] { margin: .5rem 0; }
.question ol { list-style: upper-alpha; }
details { margin: .5rem 0; color: var(--quiet); }
summary { cursor: pointer; color: var(--key); }
details p { margin: .35rem 0 .35rem 1.1rem; color: var(--ink); }
.answer { border-left: 3px solid var(--good); padding: .2rem 1.2rem; margin: 1.2rem 0; }
.answer > b { color: var(--good); }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--box); padding: .1em .3em; }
pre code { display: block; padding: 1rem; overflow-x: auto; line-height: 1.25; }
.drawn { display: block; width: 100%; max-width: 34rem; margin: 1.4rem 0; fill: currentColor;
  font: 13px ui-monospace, "DejaVu Sans Mono", monospace; }
@media print { main { padding: 0; } h2 { break-after: avoid; } .question, .answer { break-inside: avoid; } }
"""

DOCUMENT = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def written(page: Page) -> str:
    """The page as a whole HTML document."""
    body = [f"<h1>{escape(page.title)}</h1>", f'<p class="summary">{escape(page.summary)}</p>']
    body += [_names(page), _words(page, page.intro)]
    body += [_section(page, section) for section in page.sections]
    if page.source:
        body.append(f'<p class="source">After {escape(page.source)}. Every answer was proved by mctutor.</p>')
    return DOCUMENT.format(title=escape(page.title), css=CSS, body="\n".join(filter(None, body)))


def _section(page: Page, section: Section) -> str:
    rows = [f"<h2><span>{section.number}</span>{escape(section.title)}</h2>", _words(page, section.text)]
    if section.question is not None:
        rows += [_question(page, section.question), *_solution(page, section.question)]
    return "\n".join(rows)


def _question(page: Page, question: Question) -> str:
    rows = [_words(page, question.prompt)] if question.prompt else []
    if not question.prompt and question.asked:
        rows.append(_math((*question.asked, " = ?"), is_block=True))
    if question.options:
        rows.append("<ol>" + "".join(f"<li>{_words(page, option)}</li>" for option in question.options) + "</ol>")
    if question.factors:
        rows.append(f"<p>Put in order: {', '.join(_math(factor) for factor in question.factors)}</p>")
    hints = "".join(_words(page, hint) for hint in question.hints)
    if hints:
        rows.append(f"<details><summary>Hints</summary>{hints}</details>")
    return f'<div class="question">{"".join(rows)}</div>'


def _solution(page: Page, question: Question) -> list[str]:
    rows = []
    for answer in question.answer:
        equals: Sides = () if question.prompt or not question.asked else (*question.asked, " = ")
        rows.append(_math((*equals, *answer), is_block=True))
    if question.right:
        letters = ", ".join(chr(ord("A") + number - 1) for number in question.right)
        rows.append(f"<p>{letters}</p>")
    if question.after:
        rows.append(_words(page, question.after))
    return [f'<div class="answer"><b>Answer</b>{"".join(rows)}</div>'] if rows else []


def _names(page: Page) -> str:
    rows = [
        f"<tr><td>{', '.join(_math(name) for name in names)}</td><th>{escape(type)}</th></tr>"
        for names, type in page.declared
    ]
    rows += [f'<tr><td colspan="2">{_math((*name, " = ", *body))}</td></tr>' for name, body in page.defined]
    return f'<table class="names">{"".join(rows)}</table>' if rows else ""


def _words(page: Page, markdown: str) -> str:
    holed, maths = with_holes(markdown)

    def put(found: re.Match[str]) -> str:
        text, is_block = maths[int(found["number"])]
        shown = _math(page.sides(text), is_block)
        # A line never breaks between a formula and the sign behind it.
        return f'<span class="whole">{shown}{found["sign"]}</span>' if found["sign"] else shown

    html = CODE_BLOCK.sub(lambda found: _drawn(unescape(found[1])) or found.group(), reader().render(holed))
    html = re.sub(rf"<p>{HOLE.pattern}</p>", lambda found: found.group()[3:-4], html)
    return re.sub("\ue000(?P<number>\\d+)\ue001(?P<sign>[.,;:!?)’]*)", put, html)


CODE_BLOCK = re.compile("<pre><code>(.*?)</code></pre>\n?", re.DOTALL)
DOTS = re.compile("[\u2800-\u28ff]")
ACROSS, DOWN = 8, 16
"""The size of a character in a drawing. Its dots lie in two columns and four rows."""
PLACES = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each dot of a Braille character, from the lowest bit."""


def _drawn(text: str) -> str:
    """A picture of Braille dots as a drawing, for browsers set them unevenly; nothing where there is none."""
    if not DOTS.search(text):
        return ""
    lines = text.rstrip("\n").split("\n")
    shapes = []
    for row, line in enumerate(lines):
        for column, letter in enumerate(line):
            bits = ord(letter) - 0x2800 if DOTS.match(letter) else 0
            for x, y in (place for bit, place in enumerate(PLACES) if bits >> bit & 1):
                shapes.append(f'<circle cx="{column * ACROSS + x * 4 + 2}" cy="{row * DOWN + y * 4 + 2}" r="1.2"/>')
        for word in re.finditer(r"[^\s\u2800-\u28ff]+(?: [^\s\u2800-\u28ff]+)*", line):
            place = f'x="{word.start() * ACROSS}" y="{row * DOWN + 12}" textLength="{len(word[0]) * ACROSS}"'
            shapes.append(f"<text {place}>{escape(word[0])}</text>")
    size = f"0 0 {max(map(len, lines)) * ACROSS} {len(lines) * DOWN}"
    return f'<svg class="drawn" viewBox="{size}" role="img">{"".join(shapes)}</svg>'


def _math(sides: Sides, is_block: bool = False) -> str:
    body = "".join(_said(side) if isinstance(side, str) else mathml(side) for side in sides)
    return f'<math display="block"><mrow>{body}</mrow></math>' if is_block else f"<math><mrow>{body}</mrow></math>"


def _said(text: str) -> str:
    """Signs between formulas; or words, with their spaces."""
    if re.search(r"[^\W\d_]{2}", text):
        return f"<mtext>{escape(text).replace(' ', '&nbsp;')}</mtext>"
    return mathml_of_text(text)
