"""What was asked: the questions of the record and those given for the programme, grouped by meaning."""
