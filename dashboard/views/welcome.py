"""What one can do here, for whoever opens the dashboard for the first time."""

from dashboard.components import markup
from dashboard.session import cached
from dashboard.session.urlstate import View


def html(view: View) -> str:
    """Three sentences and three examples of the area."""
    words, area = view.words, cached.area()
    paragraphs = "".join(
        markup.paragraph(words(f"welcome.{name}")) for name in ("what", "number", "search")
    )
    place = next(iter(area.core or area.origins))
    named = words.place(place)
    links = (
        (view.link("place", place=place), words("welcome.place", place=named)),
        (view.link("compare", place=place), words("welcome.compare", place=named)),
        (view.link("check"), words("welcome.check")),
    )
    items = "".join(
        f'<li class="nz-alone">{markup.anchor(address, label)}</li>' for address, label in links
    )
    examples = f"{markup.heading(words('welcome.examples'), 3)}<ul>{items}</ul>"
    return markup.block(markup.heading(words("welcome.title")), paragraphs, examples)
