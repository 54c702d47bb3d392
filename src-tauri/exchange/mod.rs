//! The exchange: questions out, bytes in, over mutual TLS.
//!
//! Nothing here reads clinical content: what comes back is bytes, handed to the core.

pub mod aorta;
pub mod client;
pub mod error;
pub mod tls;
#[cfg(feature = "training")]
pub mod training;

pub use aorta::Aorta;
pub use error::ExchangeError;
