//! The app below its window: real keychain, real training exchange over mutual TLS, real log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod conformance;
mod fhir;
mod inspect;
mod keychain;
mod kill;
mod look_ups;
mod overview;
mod proven;
mod running;
mod sources;
mod tls;
mod upkeep;
