"""How it looks: style, widget labels, fonts, smaller scripts."""
