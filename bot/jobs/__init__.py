"""Postings of the alliance's job database: import, search, favourites, subscriptions."""
