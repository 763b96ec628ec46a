"""Who belongs to whom: brothers and sisters, relatives who visit, and conflicts of interest."""
