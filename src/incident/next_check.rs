//! What to look at next: the check that tells the rows apart best, for the time it costs.
