"""Section and home pages of our own, in the manner of the systems that outlets use, with every link judged."""
