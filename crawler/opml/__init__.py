"""Lists of outlets as other readers exchange them: OPML 2.0 (http://opml.org/spec2.opml). Pure."""
