"""The outcome: recommendations, what they cite, report, summary, answers, and what is not used."""
