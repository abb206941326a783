"""What the engine leaves to others: errors, checks, memory, and the search for NaN."""
