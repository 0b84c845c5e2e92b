"""Documents to take away, whatever they are about."""
