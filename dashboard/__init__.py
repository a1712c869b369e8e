"""The Streamlit side: pages and the parts they are made of. It reads the store, nothing else."""

import logging

# The server imports the pages before it has a runtime, and Streamlit then warns of every cache
# that it will be held in memory: which is where each of them belongs.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
