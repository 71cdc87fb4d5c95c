"""Pure words of the trade: nothing here does I/O or knows a framework."""
