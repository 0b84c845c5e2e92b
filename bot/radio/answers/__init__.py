"""What guests said on air: written down, approved by a second person, served, and told to those who asked."""
