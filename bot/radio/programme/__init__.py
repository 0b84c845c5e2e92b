"""The programme: guests, running sheets, and what is said on air."""
