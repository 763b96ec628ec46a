"""Explanations: why a pair, why not another, why nobody, and what each choice would cost the plan.

Every price is found by the engine by solving again, never estimated.
"""
