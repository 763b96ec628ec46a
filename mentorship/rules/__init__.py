"""One page of all rules: settings, kinds of clearance, and the policy of the matching."""
