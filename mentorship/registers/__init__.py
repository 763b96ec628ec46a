"""Both registers as files: import with a preview of every bad row, and export."""
