//! What Inzage knows of the field, without I/O.
//!
//! **Architecture Invariant:** this crate reads no clock, no file, no network
//! and no randomness. Time and nonces are passed in; bytes come in as slices.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod domain;
pub mod readers;
