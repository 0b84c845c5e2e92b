"""Reading what was said: finding conversations, going through them, mending what went wrong, taking lists away."""
