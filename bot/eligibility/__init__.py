"""The eligibility check: from a few facts of a person to every benefit they may claim."""
