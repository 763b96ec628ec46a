"""A year in a minute: schedulers in processes of their own, on a clock that the test moves."""
