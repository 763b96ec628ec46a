"""From application to active mentor: dated, owned steps, and what each still lacks."""
