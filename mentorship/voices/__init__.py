"""The child's and the carer's own word about a match, by a signed link, without signing in."""
