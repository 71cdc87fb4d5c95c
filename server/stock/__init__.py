"""Stock: a ledger of moves, balances per bin and lot, and what of it is promised."""
