"""Training: courses, their sessions, who came, tests, and the certificates issued after them."""
