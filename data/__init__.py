"""The data layer: what a figure is, where figures lie, and the reference files they need.

Everything above stands on this package and it stands on nothing of the project. It knows no
network and no Streamlit.
"""
