"""Entry point of `streamlit run app.py`: the server's App when imported, the pages when run."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from alerts import routes as alerts
from dashboard import assets, headers, hints, navigation, routes
from editions import routes as editions

if get_script_run_ctx(suppress_warning=True) is None:
    served = (*editions.ROUTES, *alerts.ROUTES, *routes.ROUTES)
    app = st.App(
        __file__,
        routes=served,
        middleware=[
            Middleware(headers.Headed),
            Middleware(assets.Compressed),
            Middleware(hints.Hinted),
        ],
    )
else:
    navigation.show()
