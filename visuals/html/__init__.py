"""Pieces of HTML that pages and editions share: elements, tables, cards."""
