"""The channels that alerts go by, and how they fare."""

from html import escape

from dashboard.components import markup, tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.store import Channel
from visuals.language import figure_text


def table(view: View) -> str:
    """The channels of the alerts and how they fare, without an address; "" where there is none."""
    words = view.words
    found = cached.channels()
    if not found:
        return ""
    labels = [
        words(f"column.{name}")
        for name in (
            "channel",
            "kind",
            "state",
            "last_delivered",
            "next_try",
            "waiting",
            "given_up",
        )
    ]
    rows = [_channel(view, channel) for channel in found]
    shown = tables.html(labels, rows, ["", "", "", "day", "day", "nz-num", "nz-num"], full=True)
    head = markup.heading(words("channel.title"))
    return markup.block(head, markup.quiet_line(words("channel.intro")), shown)


def _channel(view: View, channel: Channel) -> list[str]:
    words = view.words
    state = words("channel.state.unused" if channel.last_success is None else "channel.state.good")
    if channel.problem is not None:
        problem = words(f"channel.problem.{channel.problem}")
        state = words(
            "channel.state.failing", day=words.day(channel.failing_since), problem=problem
        )
    kind = f"channel.kind.{channel.kind}"
    return [
        f'<code class="nz-name">{escape(channel.name)}</code>',
        escape(words(kind))
        if figure_text.has(words, kind)
        else f"<bdi>{escape(channel.kind)}</bdi>",
        escape(state),
        escape(words.moment(channel.last_success)) if channel.last_success else "–",
        escape(words.moment(channel.next_try)) if channel.next_try else "–",
        escape(words.number(channel.waiting)),
        escape(words.number(channel.given_up)),
    ]
