//! Issues as zod writes them.
