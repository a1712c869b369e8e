"""The steps of reading single sentences, from a number and its words to its place and time."""
