"""What offices bring by hand: templates, workbooks and where they come from."""
