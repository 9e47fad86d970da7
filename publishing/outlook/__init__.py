"""What becomes of a Pin as things are, in words for cards, pages and mails."""
