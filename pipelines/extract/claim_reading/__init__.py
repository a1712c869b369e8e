"""Parts of `claims`: every number of a text is read, to be compared and not to be published."""
