"""Mentors: adults with a certificate and clearances, how many children and how far they go."""
