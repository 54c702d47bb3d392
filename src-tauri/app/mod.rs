//! The use cases: sign in, look up, show, ask, lock, close.
//!
//! **Architecture Invariant:** this module knows no window. The shell and the
//! terminal call the same functions.
//! **Architecture Invariant:** nothing becomes a [`contract::View`] but a [`Disclosed`].

pub mod config;
pub mod contract;
pub mod deliver;
pub mod desk;
pub mod disclose;
pub mod disclosed;
pub mod idle;
pub mod lock;
pub mod log_view;
pub mod look_up;
pub mod measure;
pub mod overview;
pub mod ports;
pub mod practice;
mod profile;
pub mod proven;
pub mod recorder;
pub mod retrieve;
pub mod sign_in;
pub mod start;
pub mod state;
mod tries;
pub mod trouble;
pub mod typed;
pub mod typescript;
pub mod upkeep;
pub mod view;

pub use disclosed::Disclosed;
pub use state::App;
