"""Cohen's kappa, by scikit-learn: the extra `opinion`. Nothing that must run without it imports this at its top."""

from sklearn.metrics import cohen_kappa_score

from app.synthesis.coding_agreement import Cells

_FIRST, _SECOND = (1, 1, 0, 0), (1, 0, 1, 0)  # who put the code there, in the order of the cells


def kappa(cells: Cells) -> float:
    """Agreement beyond chance, from -1 to 1 (Cohen 1960). Only for cells that vary: otherwise it is not defined.

    Each cell stands once and weighs as many texts as it holds, which is the same sum for ten texts and ten thousand.
    """
    counts = (cells.both, cells.first, cells.second, cells.neither)
    return float(cohen_kappa_score(_FIRST, _SECOND, sample_weight=counts))
