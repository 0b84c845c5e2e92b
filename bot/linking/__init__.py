"""Links that carry a person from a message to a page, and one person on several channels."""
