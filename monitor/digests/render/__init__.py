"""Printing an edition: page, mail, text, Markdown, JSON, Atom. Decides nothing about content."""
