//! Whole-system tests of framepost live under `tests/`.
