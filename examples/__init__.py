"""Networks from specs, trained on data that ships in packages."""
