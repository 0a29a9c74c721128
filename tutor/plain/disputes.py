"""Disputes as plain text.

In: groups of disputes. Out: lines for people. Decided here: what one needs to see who was right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.course.disputes import Group
from tutor.excerpt import visible
from tutor.marking.reply import Reply
from tutor.plain import told


def disputes(groups: Sequence[Group]) -> str:
    """Each group with the question, the answer, the verdict then and now; at last, how many there are."""
    parts = ["\n".join(_group(group)) for group in groups]
    count = sum(len(group.disputes) for group in groups)
    changed = sum(group.has_changed for group in groups)
    one = f"{count} dispute{'s' * (count != 1)} over {len(groups)} answer{'s' * (len(groups) != 1)}"
    parts.append(f"{one}; the verdict on {changed} of them is another one now." if groups else "No dispute.")
    return "\n\n".join(parts)


def _group(group: Group) -> Iterator[str]:
    first = group.disputes[0]
    steps = dict.fromkeys(f"{dispute.lesson}#{dispute.step}" for dispute in group.disputes)
    dates = sorted({dispute.date[:10] for dispute in group.disputes})
    versions = sorted({dispute.version for dispute in group.disputes})
    yield visible(
        f"{', '.join(steps)}   {len(group.disputes)}×   {' to '.join(dict.fromkeys((dates[0], dates[-1])))}   "
        f"by {', '.join(versions)}"
    )
    yield from (visible(f"  {key:<8} {value}") for key, value in _asked(group))
    answers = dict.fromkeys(dispute.answer for dispute in group.disputes)
    yield visible(f"  {'answer':<8} " + "   ".join(answers))
    if group.now.read_as:
        yield visible(f"  {'read as':<8} {group.now.read_as}")
    yield from _said("then", first.reply, first.answer)
    yield from _said("now", group.now, first.answer)
    if group.has_changed:
        yield "  → The verdict has changed."


def _asked(group: Group) -> Iterator[tuple[str, str]]:
    """What was asked, key by key."""
    request = group.disputes[0].request
    for table in ("ask", "variables", "define"):
        rows = request.get(table)
        if isinstance(rows, dict):
            for key, value in rows.items():
                yield (str(key), str(value)) if table == "ask" else (str(key), f"{value}")


def _said(when: str, reply: Reply, answer: str) -> Iterator[str]:
    for number, line in enumerate(told(reply, answer).split("\n")):
        yield f"  {when if number == 0 else '':<8} {visible(line)}"
