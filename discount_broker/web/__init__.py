"""Pages by audience; no SQL, no network."""
