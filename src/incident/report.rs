//! The notes that are left: one pure function a format.
