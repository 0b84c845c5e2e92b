"""The programme while it is on air: what comes in, what goes to the host, and what the two write to each other."""
