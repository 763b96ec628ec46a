"""The timetable of the jobs process and the record that each slot ran exactly once."""
