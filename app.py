"""Entry point of `streamlit run app.py`: the server's App when imported, the pages when run."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import navigation, routes

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, routes=routes.ROUTES)
else:
    navigation.show()
