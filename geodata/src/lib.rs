//! Pure geography.
