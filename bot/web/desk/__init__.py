"""The radio desk: what was asked, listeners' questions, running sheets, and the programme on air."""
