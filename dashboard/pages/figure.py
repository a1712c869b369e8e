"""A figure's life: its papers, every vintage, the files they came from, and its series."""

from dashboard import cached, urlstate
from dashboard.components import one_figure

view = urlstate.view()
one_figure.show(view, cached.release(), urlstate.asked("figure"))
