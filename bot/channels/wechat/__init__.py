"""WeChat Official Account: what is pushed to us and the answers to it, and the calls to its API."""
