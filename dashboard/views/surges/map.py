"""Where surges are active. Rings, not circles: numbers of different series do not compare."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.components import drawing, markup
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.gazetteer.places import table
from surges import figures
from surges.rule import Alarm, Followed
from visuals import tokens
from visuals.html import surges as surge_text
from visuals.map import draw, geometry
from visuals.map.draw import Circle

_GROUP: Final = {"displacement": "NEWDISP", "returns": "RET"}


def show(view: View, followed: Sequence[Followed]) -> None:
    """The map with a ring at each place that has an active surge; nothing where there is none."""
    words = view.words
    newest: dict[str, Alarm] = {}
    for line in figures.active(followed, view.day):
        newest.setdefault(line.line.place, line.alarms[-1])
    seated = set(table().loc[table()["lat"].notna(), "place_code"])
    drawn = [alarm for place, alarm in newest.items() if place in seated]
    if drawn:
        area = cached.area()
        names = words("surges.map_alt", places=_names(view, drawn))
        svg = draw.draw(
            geometry.of_area(area.code),
            [_ring(view, alarm) for alarm in drawn],
            words,
            title=words("surges.map"),
            description=names,
            core=area.core,
        )
        st.html(markup.block(markup.heading(words("surges.map"))))
        drawing.show_static(svg, "drawing-surges")
    elsewhere = [alarm for place, alarm in newest.items() if place not in seated]
    if elsewhere:
        names = words("surges.unplaced", places=_names(view, elsewhere))
        st.html(markup.block(markup.quiet_line(names)))


def _ring(view: View, alarm: Alarm) -> Circle:
    words = view.words
    title = f"{surge_text.where(view, alarm)}: {surge_text.size(view, alarm)}"
    colour = tokens.group(_GROUP.get(alarm.line.detector, "IDP"))
    href = view.link("place", place=alarm.line.place)
    return Circle(alarm.line.place, None, f"{words('surges.title')}, {title}", colour, href)


def _names(view: View, alarms: Sequence[Alarm]) -> str:
    return " · ".join(view.words.place(alarm.line.place) for alarm in alarms)
