"""What people are told: the kinds of events, who is told of each, and in which words."""
