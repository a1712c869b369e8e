"""Entry point of `streamlit run app.py`: the server's App when imported, the pages when run."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from alerts import routes as alerts
from api import routes as api
from dashboard.server import (
    auth_middleware,
    compression,
    not_found,
    preload,
    routes,
    security_headers,
    signin,
)
from dashboard.shell import find, navigation
from dashboard.views import place_panel
from editions import brief_routes, link_preview
from editions import routes as editions

if get_script_run_ctx(suppress_warning=True) is None:
    not_found.refuse_prefix()
    served = (
        *editions.ROUTES,
        *brief_routes.ROUTES,
        *link_preview.ROUTES,
        *alerts.ROUTES,
        *api.ROUTES,
        *routes.ROUTES,
        *find.ROUTES,
        *place_panel.ROUTES,
    )
    sign_in = signin.config()
    app = st.App(
        __file__,
        routes=served,
        secrets=auth_middleware.secrets(sign_in),
        middleware=[
            Middleware(security_headers.SecurityHeaders),
            *auth_middleware.sign_in_middleware(sign_in),
            Middleware(not_found.NotFound, pages=navigation.names(), routes=served),
            Middleware(compression.Compressed),
            Middleware(
                preload.PreloadHints,
                # Where readers sign in, no link says anything to who did not.
                tags=None if sign_in else link_preview.tags,
                pages=navigation.names(),
                at_once=None if sign_in else editions.discovery,
                in_doubt=None if sign_in else link_preview.plain_tags,
            ),
        ],
    )
else:
    navigation.show()
