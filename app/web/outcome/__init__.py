"""The outcome: recommendations, what is cited and what is not, opinion, answers."""
