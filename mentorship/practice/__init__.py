"""Practice: how the work is done, from contacts on time to days per step."""
