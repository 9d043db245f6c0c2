//! Reads a configuration file.
