"""What is stored of a person: telling, exporting, taking back consent, deleting, and what goes by itself in time."""
