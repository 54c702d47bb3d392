//! The training exchange as its clients meet it: over real mutual TLS, and as a child process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod acute;
mod answers;
mod client;
mod fhir;
mod fixtures;
mod folder;
mod forms;
mod program;
mod tls;
