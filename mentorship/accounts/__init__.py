"""People who sign in: users, their role, the regions they may see, their sessions."""
