"""What a round leaves behind: fairness, recruitment, each decision's record, and its replay."""
