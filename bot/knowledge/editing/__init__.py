"""Topics as staff write them: drafts, a second person's approval, versions."""
