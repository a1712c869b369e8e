"""The picture of the chart studio: one count of several places, as page and file show it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data.analysis import shared_axis
from visuals.charts import shared, svg
from visuals.charts.frame import Caption, Panel, framed
from visuals.language import figure_text
from visuals.language.words import Words


@dataclass(frozen=True)
class Studio:
    """What a reader chose, ready to be drawn.

    Attributes:
        words: The reader's words.
        figures: Rows of one count, of the places in `order`.
        order: Codes of places, as the reader chose them.
        events: Columns of `tables.EVENTS`, of any of the places.
        time: First day and the day after the last of an axis that other drawings share.
    """

    words: Words
    figures: pd.DataFrame
    order: Sequence[str]
    events: pd.DataFrame
    time: tuple[pd.Timestamp, pd.Timestamp] | None = None

    @property
    def axes(self) -> list[pd.DataFrame]:
        """The figures of each drawing."""
        return shared_axis.split_into_axes(self.figures, self.order)

    @property
    def title(self) -> str:
        """What is counted, and where."""
        first = self.figures.iloc[-1]
        here = [code for code in self.order if self.figures["place_code"].eq(code).any()]
        named = self.words.listed([self.words.place(code) for code in here])
        return self.words(
            "series.at", place=named, series=figure_text.series_name(self.words, first)
        )

    @property
    def dates(self) -> str:
        """First and last reference date of what is drawn."""
        return dates(self.words, self.figures)

    @property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """One time for all drawings."""
        if self.time is not None:
            return self.time
        flow = self.figures["measure"].iat[0] == "flow"
        start = self.figures["reference_period_start" if flow else "as_of"].min()
        end = self.figures["reference_period_end" if flow else "as_of"].max()
        return start, end + pd.Timedelta(days=1)

    def heading(self, axis: pd.DataFrame) -> str:
        """The places of one of several drawings."""
        codes = list(dict.fromkeys(axis["place_code"]))
        return self.words.listed([self.words.place(str(code)) for code in codes])

    def drawn(self, axis: pd.DataFrame, size: tuple[int, int] = shared.SIZE) -> str:
        """One drawing by itself."""
        return shared.draw(self.words, axis, self.events, size=size, span=self.span)

    def described_events(self, axis: pd.DataFrame) -> str:
        """The events of a drawing by their numbers; empty where there are none."""
        marked = svg.marked(axis, self.events)
        return " · ".join(
            self.words(
                "charts.event",
                number=str(number),
                event=figure_text.event(self.words, row["event_code"]),
                day=self.words.day(row["starts_on"]),
            )
            for number, row in enumerate(marked, start=1)
        )

    def picture(self, address: str) -> str:
        """The whole picture as a file: a frame around every drawing."""
        words, axes = self.words, self.axes
        panels, marks = [], ""
        for axis in axes:
            events = self.described_events(axis)
            panels.append(
                Panel(
                    self.drawn(axis),
                    shared.keys(words, axis),
                    self.heading(axis) if len(axes) > 1 else "",
                    [words("charts.events", events=events)] if events not in ("", marks) else [],
                )
            )
            marks = events
        unit = words(f"unit.{self.figures['unit'].iat[0]}")
        caption = Caption(
            self.title, f"{unit} · {self.dates}", credit_lines(words, self.figures), address
        )
        return framed(words, caption, panels)


def dates(words: Words, figures: pd.DataFrame) -> str:
    """First and last reference date of some figures; one day where they are one."""
    first, last = words.day(figures["as_of"].min()), words.day(figures["as_of"].max())
    return first if first == last else words("charts.dates", first=first, last=last)


def credit_lines(words: Words, figures: pd.DataFrame) -> list[str]:
    """Sources and licences of the figures of a picture, a line for each dataset."""
    named = ("publisher", "dataset", "licence")
    # Of three columns: each change of a month asks, and taking rows out of all of them is dear.
    once = dict.fromkeys(zip(*(figures[name].tolist() for name in named), strict=True))
    return [
        words(
            "picture.source",
            publisher=figure_text.publisher(words, row),
            dataset=figure_text.dataset(words, row),
            licence=figure_text.licence(words, str(row["licence"])),
        )
        for row in (dict(zip(named, texts, strict=True)) for texts in once)
    ]
