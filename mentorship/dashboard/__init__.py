"""What is due today for each role: the coordinator's work list, the manager's overview."""
