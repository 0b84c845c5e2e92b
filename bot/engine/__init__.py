"""What runs inside the dialogue engine (Rasa 3.6, Python 3.10). Imports nothing of ours but bot.text."""
