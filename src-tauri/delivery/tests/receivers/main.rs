//! Delivery to receivers that exist, each started here as an ordinary process: a FHIR R4 server (medplum's,
//! in Node) and rsyslogd. Both are killed, slowed, cut off and restarted, and in the end every entry is
//! there once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod claims;
mod fhir;
mod fhir_server;
mod killed;
mod log;
mod pki;
mod proxy;
mod repository;
mod rsyslog;
mod syslog;
mod waiting;
