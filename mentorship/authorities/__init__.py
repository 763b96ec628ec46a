"""Guardianship authorities, their specialists, and the norm of specialists to children."""
