"""A coordinator on leave: dated cover, the queue follows, a digest on return."""
