"""What every page needs: forms, paging, once-only tokens, headers, error pages, words."""
