"""A figure's life: its provenance, every vintage, the files they came from, and its series."""

from dashboard.session import cached, urlstate
from dashboard.views import figure

view = urlstate.view()
figure.show(view, cached.release(), urlstate.remembered_choice("figure"))
