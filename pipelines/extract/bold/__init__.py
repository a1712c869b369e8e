"""The bolder reader's parts: every number of a text, to be compared and not to be published."""
