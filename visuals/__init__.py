"""Figures in, words and pictures out: catalogues, formats, SVG. No Streamlit and no network."""
