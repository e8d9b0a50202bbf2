"""What we tell buyers and operators."""
