"""Pure rules of the domain: frozen data in, frozen data out; no clock, no database, no text for people."""
