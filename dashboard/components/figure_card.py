"""The headline numbers, as the pages call them."""

from visuals.cards import card, cards, change

__all__ = ["card", "cards", "change"]
