//! Delivers the view log: every entry and every checkpoint, to each receiver, in order, exactly once in
//! the end. `docs/delivery.md` says what is sent, in which states a receiver can be, and with which codes.
//!
//! Receivers are systems that exist: a FHIR R4 server (IHE ITI-20, FHIR feed) and syslog over TLS (RFC
//! 5424 and 5425). What waits for them is durable in the log's own file ([`inzage_viewlog::Outbox`]).
//!
//! **Architecture Invariant:** a receiver out of reach alarms and stops nobody: nothing here is waited for
//! by whoever appends.
//! **Architecture Invariant:** an entry is acknowledged after its receiver said that it has it, and never
//! before.
//! **Architecture Invariant:** a BSN reaches the organisation's own repository only; for every other sink
//! it is not even decrypted.
//! **Architecture Invariant:** no error and no status carries a BSN, a name, or anything a receiver said.
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

mod backoff;
mod bell;
mod delivery;
mod error;
mod fhir;
mod numbers;
mod pace;
mod page;
mod parcel;
mod reading;
mod receiver;
mod repository;
mod settings;
mod sink;
mod sink_task;
mod status;
mod syslog;
mod tls;

pub use bell::Bell;
pub use delivery::Delivery;
pub use error::DeliveryError;
pub use pace::Pace;
pub use repository::{Repository, Searched};
pub use settings::{ReceivesSetting, SinkKindSetting, SinkSettings};
pub use sink::{ClientCertificate, Confirmation, Sink, SinkKind};
pub use status::{State, Status};
