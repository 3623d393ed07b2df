"""How fast Plenary is, measured in one run on one machine: `python3 -m bench` prints a table of ratios."""
