"""What attachments are made by, when their message is sent."""
