"""Streamlit's fonts and icons, cut to what occurs."""
