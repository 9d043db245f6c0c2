//! Board files: a board a responder can read and write.
