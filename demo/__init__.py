"""A whole town on one machine: shops, a mail server and the service itself, to try everything out."""
