"""One-on-one guidance: advisers, their hours, sessions booked with them, and what people are told of those."""
