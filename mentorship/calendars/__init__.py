"""A mentor's calendar at a secret address: their days with children, contacts and papers."""
