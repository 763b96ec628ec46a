"""Measures the engine beside the solvers that a programme could pick instead."""
