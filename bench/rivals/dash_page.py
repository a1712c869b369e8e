"""A Dash page: the same numbers, Plotly's map and a button, served by Dash's own server."""

import os

from content import headlines, outlines, values
from dash import Dash, Input, Output, State, callback, dcc, html
from plotly_map import figure

FRAME, SHAPES = values(), outlines()
MONTHS = sorted(FRAME["month"].unique())


def drawn(at: int) -> object:
    """The map of one month."""
    return figure(FRAME[FRAME["month"] == MONTHS[at]], SHAPES)


@callback(
    Output("map", "figure"),
    Output("month", "children"),
    Output("at", "data"),
    Input("earlier", "n_clicks"),
    State("at", "data"),
    prevent_initial_call=True,
)
def earlier(_clicks: int, at: int) -> tuple[object, str, int]:
    """The month before."""
    return drawn(at - 1), f"Month {MONTHS[at - 1]}", at - 1


last = len(MONTHS) - 1
app = Dash(__name__, serve_locally=True, compress=False)
app.layout = html.Div(
    [
        html.Div(
            [html.Div([html.P(c["title"]), html.H2(f"{c['value']:,}")]) for c in headlines()],
            id="cards",
            style={"display": "flex", "gap": "2rem"},
        ),
        html.Button("Earlier", id="earlier"),
        dcc.Graph(id="map", figure=drawn(last)),
        html.P(f"Month {MONTHS[last]}", id="month"),
        dcc.Store(id="at", data=last),
    ]
)

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), debug=False)
