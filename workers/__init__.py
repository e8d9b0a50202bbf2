"""Background work: one job, one use case."""
