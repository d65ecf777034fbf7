//! Faults thrown at every picture reader.
