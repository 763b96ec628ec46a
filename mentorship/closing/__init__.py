"""A good ending: goodbye, rule of contact, exit views of three voices, and what comes next."""
