"""Evaluation files run through the same path as a chat: gateway code, engine, actions. docs/evaluation.md has the forms."""
