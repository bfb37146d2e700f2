"""Finance's six standing questions, each answered by one sentence and the table behind it."""
