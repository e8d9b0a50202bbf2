"""Saved pages of real shops walk through the whole job, with nothing faked on our side."""
