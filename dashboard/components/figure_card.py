"""The headline numbers, as the pages call them."""

from visuals.html.cards import card, cards, change_html

__all__ = ["card", "cards", "change_html"]
