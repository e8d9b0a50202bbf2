"""The forms of a page: what each is for, and what its fields mean."""
