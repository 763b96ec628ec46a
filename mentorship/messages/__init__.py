"""The outbox: messages to people, written with the act that causes them, sent once."""
