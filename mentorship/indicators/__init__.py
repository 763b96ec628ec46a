"""Programme indicators: plan against fact, defined by an administrator."""
