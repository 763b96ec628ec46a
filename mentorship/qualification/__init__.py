"""May this adult still mentor? Papers, their due dates, and what happens at once when one falls."""
