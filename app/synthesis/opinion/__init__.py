"""The opinion map: who stands near whom, and what all or some agree on, from agree, disagree and pass.

The methods are those that Polis published (Small, Bjorkegren, Erkkilä, Shaw, Megill: “Polis: scaling deliberation by
mapping high dimensional opinion spaces”, 2021). NumPy, SciPy and scikit-learn do the numerics: they are the extra
`opinion`, so nothing that must run without them imports this package. docs/opinion.md has the formulae.
"""
