"""What graduates ask the programme: taken, read out, answered, and told."""
