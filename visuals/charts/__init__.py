"""Charts, drawn as SVG by the server: for pages, editions and pictures alike."""
