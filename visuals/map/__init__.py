"""The map and the flow map: geometry, layout and the SVG itself."""
