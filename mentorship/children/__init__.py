"""Children of 10 to 17 who live in organisations for orphans, and who consented to what."""
