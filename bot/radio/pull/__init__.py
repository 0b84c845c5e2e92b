"""What was asked, taken without the desk's pages: feeds behind a read token, and Telegram for hosts."""
