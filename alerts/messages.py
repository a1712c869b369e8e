"""The words of a message, in the reader's language: plain text, and simple HTML of the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import Final
from urllib.parse import urlencode

from alerts.ledger import Facts, Note
from alerts.subscriptions import Subscription
from alerts.threads import AlertThread, Letter
from data.schema.check_results import CheckResult
from surges.events import listed
from surges.figures import STILL
from surges.rule import OVER
from visuals.html import check_results
from visuals.language import figure_text as sentences
from visuals.language import surge_rule
from visuals.language.words import Words

BRAND: Final = "Nuzuh"
ADMIN: Final = "admin"
"""The page of the administrators."""
_ENDS: Final = ("over", "silent", "gone", "fine")
WHOLE_MONTH: Final = (28, 31)
"""Days of a period whose number is as good as its pace in 30 days."""


@dataclass(frozen=True)
class _Line:
    """A paragraph; with an address, a link under those words."""

    text: str
    href: str | None = None
    head: bool = False


@dataclass(frozen=True)
class Writer:
    """Writes messages; `site` is the dashboard's address, "" where readers have none."""

    site: str = ""

    def __call__(self, alert: Subscription, due: Sequence[AlertThread], day: date) -> Letter:
        """One message about one thread, or a digest of several."""
        words = Words(alert.language)
        lines: list[_Line] = []
        for each in due:
            lines += self._thread(words, each, day)
        rules = {facts_rule(each.thread.facts) for each in due if not _is_health(each)}
        if rules:
            lines += [_Line(rule(words, name)) for name in sorted(rules)]
            lines.append(_Line(words("alert.not_why")))
        threads = words.joined(t.thread.id for t in due)
        lines.append(_Line(words("alert.thread", name=alert.name, id=threads)))
        return _letter(words, self._subject(words, alert, due, day), lines)

    def test(self, alert: Subscription) -> Letter:
        """A message that says nothing but that the channel works."""
        words = Words(alert.language)
        line = _Line(words("alert.test", name=alert.name))
        return _letter(words, words("alert.test_subject"), [line])

    def _subject(
        self, words: Words, alert: Subscription, threads: Sequence[AlertThread], day: date
    ) -> str:
        # The same for every message of a thread: some mail programs gather by it.
        if alert.digest != "none":
            return words("alert.digest.day", day=words.day(day))
        thread = threads[0].thread
        return words(
            "alert.subject", what=thread_title(words, thread.facts), day=words.day(thread.opened)
        )

    def _thread(self, words: Words, thread: AlertThread, day: date) -> list[_Line]:
        lines: list[_Line] = []
        for note in reversed(thread.notes):  # the newest first: it is what a phone shows
            news = words(f"alert.news.{note.news}")
            head = f"{news}: {thread_title(words, (note.facts or (thread.thread.facts,))[0])}"
            lines.append(_Line(head, head=True))
            lines += self._note(words, thread, note, day)
        return lines

    def _note(self, words: Words, thread: AlertThread, note: Note, day: date) -> list[_Line]:
        if note.news in _ENDS:
            end = _end(words, note, day, facts_rule(thread.thread.facts))
            return [_Line(line) for line in (*_last_readings(words, note), end)]
        if note.news == "easing":
            return [
                _Line(line)
                for facts in note.facts
                for line in (eased(words, facts), *_standing(words, facts, easing=True))
            ]
        if note.news == "grown":
            return [
                line
                for number, facts in enumerate(note.facts)
                for line in (
                    *(_Line(line) for line in (*_standing(words, facts), source(words, facts))),
                    *self._links(words, facts, day, place=number == 0),
                )
            ]
        if _is_health(thread):
            return [line for facts in note.facts for line in self._health(words, facts)]
        lines: list[_Line] = []
        for number, facts in enumerate(note.facts):
            if number == 1:
                lines.append(_Line(words("alert.also")))
            lines += [_Line(line) for line in alarm(words, facts)]
            lines += self._links(words, facts, day, place=number == 0)
        return lines

    def _health(self, words: Words, facts: Facts) -> Iterable[_Line]:
        for line in health(words, facts):
            yield _Line(line)
        task = "held" if facts["state"] == "held" else "sources"
        if self.site and "source" in facts:
            there = self.link(ADMIN, lang=words.language, task=task, source=facts["source"])
            yield _Line(words("alert.health.task"), there)

    def _links(self, words: Words, facts: Facts, day: date, *, place: bool) -> Iterable[_Line]:
        known = {"lang": words.language, "known": day.isoformat()}
        if self.site:
            if place:
                label = words("alert.view", day=words.day(day))
                yield _Line(label, self.link("place", place=facts["place"], **known))
                if "surge" in facts:
                    # Not as known on a day: of what else happened only the newest word is kept.
                    there = self.link("surges", lang=words.language, surge=facts["surge"])
                    yield _Line(words("surges.one_more"), there)
            yield _Line(
                words("alert.provenance"), self.link("figure", figure=facts["figure"], **known)
            )
        elif facts.get("url"):
            yield _Line(words("alert.source_page"), facts["url"])

    def link(self, page: str, **choices: str) -> str:
        """The address of a page of the dashboard."""
        return f"{self.site}/{page}?{urlencode(choices)}"


def _is_health(thread: AlertThread) -> bool:
    return thread.thread.topic.startswith("~")


def thread_title(words: Words, facts: Facts) -> str:
    """What a thread is about, as a title."""
    if "state" in facts:
        state = facts["state"]
        if state == "disk":
            return words("alert.health.disk")
        return words(f"alert.health.{state}", source=sentences.source(words, facts))
    named = surge_rule.surge_subject(
        words, facts_rule(facts), facts["detector"], facts.get("group")
    )
    names = {"place": words.place(facts["place"]), "detector": named}
    origin = facts.get("asylum_location_code") or facts.get("origin_code")
    if origin in (None, "ALL", facts["place"]):
        return words("surges.where", **names)
    return words("surges.where_from", **names, origin=words.place(origin))


def alarm(words: Words, facts: Facts) -> list[str]:
    """An alarm in sentences: period and number, how unusual, who says so and since when."""
    start, end = _days(facts, "start", "end")
    lines = [
        words(
            "alert.number",
            period=words.period(start, end),
            number=number_text(words, facts),
            unit=words(f"unit.{facts['unit']}"),
        )
    ]
    if facts_rule(facts) == "rounds":
        counts = surge_rule.both_counts(words, facts["change"])
        lines.append(words("alert.round.derived", counts=counts))
    elif facts["parts"] > 1:
        running = facts["measure"] == "cumulative"
        count = words.number(facts["parts"])
        lines.append(words("alert.derived") if running else words("alert.summed", count=count))
    if not WHOLE_MONTH[0] <= (end - start).days + 1 <= WHOLE_MONTH[1]:
        lines.append(words("alert.pace", number=words.number(_rounded(facts["pace"]))))
    lines.append(_beyond(words, facts) or how_unusual(words, facts))
    if facts_rule(facts) == "rounds":
        if facts["kind"] == "worse":
            lines.append(how_unusual(words, facts))
    elif rank := surge_rule.rank(words, facts.get("rank"), facts.get("among")):
        lines.append(rank)
    if "ends_below" in facts or "closes" in facts:
        lines += _outlook(words, facts)
    lines += _standing(words, facts)
    lines.append(words("alert.level", level=words(f"surges.level.{facts['level']}")))
    lines.append(source(words, facts))
    known = "alert.known_assumed" if facts["assumed"] else "alert.known_on"
    lines.append(words(known, day=words.day(date.fromisoformat(facts["known_on"]))))
    return lines


def _outlook(words: Words, facts: Facts) -> list[str]:
    """What the rule missed there before, and what would end the surge."""
    if facts_rule(facts) == "rounds":
        closes = date.fromisoformat(facts["closes"])
        ends = surge_rule.ends_between_rounds(words, facts["ends_days"], closes)
        return [words("rounds.before_there"), ends]
    missed = [event for event in listed() if event.code in facts["missed_before"]]
    settles = date.fromisoformat(facts["settles"])
    return [
        surge_rule.record_sentence(words, facts["told_before"], missed[::-1]),
        surge_rule.ending_sentence(words, facts["ends_below"], facts["ends_days"], settles),
    ]


def source(words: Words, facts: Facts) -> str:
    """Who says so."""
    return words(
        "alert.source",
        publisher=sentences.publisher(words, facts),
        dataset=sentences.dataset(words, facts),
    )


def _beyond(words: Words, facts: Facts) -> str:
    """What a higher wave is higher than; "" where it is none."""
    earlier = facts.get("beyond")
    if facts["kind"] != "worse" or not earlier:
        return ""
    return words(
        "alert.beyond" if facts_rule(facts) == "flows" else "alert.round.beyond",
        period=words.period(*_days(earlier, "start", "end")),
        number=words.number(earlier["value"]),
        unit=words(f"unit.{facts['unit']}"),
        pace=words.number(_rounded(earlier["pace"])),
    )


def _standing(words: Words, facts: Facts, *, easing: bool = False) -> list[str]:
    """The newest number that was published of the count, and what other counts say as late.

    Nothing where the alarm itself is the newest of a flow, or a count was named in full before.
    """
    reading = facts.get("reading")
    if not reading:
        return []
    lines = []
    if reading["measure"] == "stock":
        if reading["end"] > facts["last_end" if easing else "end"]:
            lines.append(_printed(words, "alert.round.newest", reading))
        lines += _refused(words, facts)
    elif reading["measure"] == "cumulative":
        lines.append(_printed(words, "alert.newest", reading))
    elif reading["end"] > facts["end"]:
        lines.append(_printed(words, "alert.newest_flow", reading))
    return lines + [_printed(words, "alert.other", other) for other in facts.get("others", ())]


def _refused(words: Words, facts: Facts) -> list[str]:
    """Why the round after the newest change does not compare; nothing where it does."""
    reason = facts.get("refused")
    if not reason:
        return []
    key = "rounds.far_apart" if reason == "far_apart" else f"not_comparable.{reason}"
    day = words.day(date.fromisoformat(facts["newest_change"]["date_after"]))
    return [words("alert.round.refused", day=day, reason=words(key))]


def _last_readings(words: Words, note: Note) -> list[str]:
    """The last number of each count in a thread's messages, and of others that are as new.

    A count that had ended long before is no part of it.
    """
    own = [facts["reading"] for facts in note.facts if facts.get("reading")]
    if not own:
        return []
    newest = max(date.fromisoformat(reading["end"]) for reading in own)
    first = (newest - timedelta(STILL)).isoformat()
    last = [reading for reading in own if reading["end"] >= first]
    others = [
        other
        for facts in note.facts
        for other in facts.get("others", ())
        if other["end"] >= first and other not in last
    ]
    others.sort(key=lambda other: (other["end"], other["known_on"]), reverse=True)
    lines = [_printed(words, "alert.last", reading) for reading in last]
    lines += [line for facts in note.facts for line in _refused(words, facts)]
    lines += [_printed(words, "alert.other", other) for other in others]
    return list(dict.fromkeys(lines))


def _printed(words: Words, key: str, reading: Facts) -> str:
    """A number as its publisher printed it, with its days, its pace and who says so."""
    start, end = _days(reading, "start", "end")
    row = {**reading, "missing_reason": None}
    known = "alert.on_assumed" if reading["assumed"] else "alert.on"
    text = words(
        key,
        period=words.period(start, end),
        number=sentences.value(words, row),
        unit=words(f"unit.{reading['unit']}"),
        publisher=sentences.publisher(words, reading),
        dataset=sentences.dataset(words, reading),
        known=words(known, day=words.day(date.fromisoformat(reading["known_on"]))),
        pace=words.number(_rounded(reading["pace"])),
    )
    return f"{text} {words('alert.start_assumed')}" if reading.get("start_assumed") else text


def _rounded(pace: int) -> int:
    """A pace to three digits: it is worked out here, and no more exact than that."""
    digits = len(str(abs(pace)))
    return round(pace, 3 - digits) if digits > 3 else pace


def number_text(words: Words, facts: Facts) -> str:
    """The number with the publisher's "about" in front; one worked out here is without."""
    qualifier = facts.get("qualifier", "exact") if facts["parts"] == 1 else "exact"
    row = {"value": facts["value"], "qualifier": qualifier, "missing_reason": None}
    return sentences.value(words, row)


def how_unusual(words: Words, facts: Facts) -> str:
    """How unusual it is, and what is usual."""
    if facts_rule(facts) == "rounds":
        change, rank, among = facts["change"], facts["rank"], facts["among"]
        return surge_rule.between_rounds(words, change, rank, among)
    if facts["times"] is None or facts["usual_low"] is None:
        since = words.day(date.fromisoformat(facts["since"] or facts["started"]))
        return words("surges.first" if facts["kind"] == "opened" else "surges.higher", day=since)
    return words(
        "surges.size",
        times=words.times(facts["times"]),
        low=words.times(facts["times_low"]),
        high=words.times(facts["times_high"]),
        usual_low=words.number(facts["usual_low"]),
        usual_high=words.number(facts["usual_high"]),
    )


def eased(words: Words, facts: Facts) -> str:
    """The newest report, which is back in the usual range; of rounds the newest change."""
    if facts_rule(facts) == "rounds":
        change = facts["newest_change"]
        return words(
            "alert.round.easing",
            day=words.day(date.fromisoformat(change["date_after"])),
            change=words.signed(change["change"]),
            before=words.number(change["value_before"]),
            after=words.number(change["value_after"]),
            unit=words(f"unit.{facts['unit']}"),
        )
    start, end = _days(facts, "last_start", "last_end")
    return words(
        "alert.easing",
        period=words.period(start, end),
        number=words.number(facts["last_value"]),
        unit=words(f"unit.{facts['unit']}"),
    )


def health(words: Words, facts: Facts) -> list[str]:
    """What is wrong with the installation, why, since when, and what readers see meanwhile."""
    state = facts["state"]
    if state == "disk":
        numbers = {"free": words.number(facts["free_mb"]), "least": words.number(facts["least_mb"])}
        return [words("alert.health.said.disk", **numbers)]
    day = words.day(_day(facts["last_success"]))
    if state == "held":
        lines = [words("alert.health.said.held", name=facts["source"])]
    elif state == "failing":
        lines = [words("alert.health.said.failing", count=words.number(facts["failures"]))]
    else:
        newest = words.day(_day(facts["newest_as_of"]))
        lines = [words("alert.health.said.late", day=day, newest=newest)]
    if facts.get("since"):
        lines.append(words("alert.health.said.since", day=words.day(_day(facts["since"]))))
    lines += _cause(words, facts)
    if facts["last_success"]:
        lines.append(words("alert.health.said.readers", day=day))
    else:
        lines.append(words("alert.health.said.readers_none"))
    return lines


def _cause(words: Words, facts: Facts) -> list[str]:
    """Why it is so: what the checks found, what the publisher answered, or that nobody asked."""
    found = [CheckResult(one["code"], one["facts"]) for one in facts.get("because", ())]
    sentences_ = [
        check_results.sentence(words, one)
        for one in found
        if sentences.has(words, f"doubt.{one.code}")
    ]
    asleep = facts["state"] in ("late", "dead")
    if asleep and facts.get("paused_by"):
        paused = words.day(_day(facts["paused_at"]))
        sentences_.append(words("alert.health.said.paused", who=facts["paused_by"], day=paused))
    elif facts.get("cause"):
        sentences_.append(words("alert.health.said.cause", cause=facts["cause"]))
    elif asleep and facts.get("asked"):
        sentences_.append(words("alert.health.said.asked", day=words.day(_day(facts["asked"]))))
    return sentences_


def facts_rule(facts: Facts) -> str:
    """Which rule made an alarm; what an earlier version noted knew only flows."""
    return str(facts.get("rule") or "flows")


def rule(words: Words, name: str = "flows") -> str:
    """The sentence of a rule that says what fires, with its numbers."""
    between = name == "rounds"
    text = surge_rule.fires_between_rounds(words) if between else surge_rule.rule_sentence(words)
    return f"{words('alert.rule')}: {text}"


def _end(words: Words, note: Note, day: date, name: str) -> str:
    if name == "rounds" and note.news != "fine":
        given = {"day": words.day(day), "span": words.span(timedelta(OVER))}
        return words(f"alert.round.{note.news}", **given)
    if note.news == "silent" and note.facts:
        return words("alert.silent", day=words.day(day))
    if note.news == "over":
        return words("alert.over", span=words.span(timedelta(OVER)))
    return words(f"alert.{note.news}")


def _days(facts: Facts, first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(facts[first]), date.fromisoformat(facts[last])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _letter(words: Words, subject: str, lines: Sequence[_Line]) -> Letter:
    # A line break in a publisher's name must not begin a line that looks like one of ours.
    subject, lines = _flat(subject), [replace(line, text=_flat(line.text)) for line in lines]
    plain = "\n".join(
        f"\n{line.text}\n" if line.head else f"{line.text}: {line.href}" if line.href else line.text
        for line in lines
    )
    made = "\n".join(_html(line) for line in lines)
    page = (
        f'<!DOCTYPE html>\n<html lang="{words.language}" dir="{words.direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        f'<body dir="{words.direction}">\n{made}\n</body>\n</html>\n'
    )
    return Letter(f"{BRAND} · {subject}", plain.strip() + "\n", page)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _html(line: _Line) -> str:
    escaped = escape(line.text)
    if line.head:
        return f"<h2>{escaped}</h2>"
    if line.href and line.href.startswith(("https://", "http://")):
        return f'<p><a href="{escape(line.href, quote=True)}">{escaped}</a></p>'
    return f"<p>{escaped}</p>"
