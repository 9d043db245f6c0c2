//! The timeline that writes itself: entries in the order they happened, in words.
