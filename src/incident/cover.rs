//! Smallest sets of hypotheses that explain what is seen.
