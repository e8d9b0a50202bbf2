"""Shops, their contact points and the people who answer there."""
