//! The app below its window: real keychain, real training exchange over mutual TLS, real log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod conformance;
mod delivery;
mod fhir;
mod inspect;
mod key;
mod keychain;
mod kill;
mod look_ups;
mod overview;
mod proven;
mod repository;
mod running;
mod sources;
mod tls;
mod upkeep;

// The same real receivers as delivery's own tests.
#[allow(dead_code)]
#[path = "../../src-tauri/delivery/tests/receivers/fhir_server.rs"]
mod fhir_server;
#[allow(dead_code)]
#[path = "../../src-tauri/delivery/tests/receivers/pki.rs"]
mod pki;
#[allow(dead_code)]
#[path = "../../src-tauri/delivery/tests/receivers/proxy.rs"]
mod proxy;
#[allow(dead_code)]
#[path = "../../src-tauri/delivery/tests/receivers/waiting.rs"]
mod waiting;
