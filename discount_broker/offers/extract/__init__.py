"""What is read out of a shop's own words besides what it offers."""
