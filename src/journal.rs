//! The only code that opens an incident's file.
