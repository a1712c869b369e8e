"""What each page shows, one module or folder for each, named as the page."""
