"""Job fairs, 就业体验日 and trainings: what is on, sign-up and waiting list, tickets, reminders, figures."""
