"""A person when one is needed: the queue, taking over and giving back, messages left after hours."""
