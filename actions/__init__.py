"""The engine's actions: read the tracker, call one service method, say and set. No SQL, no rules, no wording."""
