"""When a child moves, comes of age or takes a consent back: what ends, and what is reviewed."""
