"""对话青春: the career-guidance chatbot of 大同's Youth League and its radio programme."""
