"""Reports: files and printable reports by month and quarter, saved views."""
