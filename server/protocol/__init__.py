"""The wire, declared once: frames, floor commands, screen steps, refusal codes. TypeScript is generated from here."""
