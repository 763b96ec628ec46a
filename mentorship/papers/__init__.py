"""Papers: scans of documents, checked by content, kept encrypted under random names."""
