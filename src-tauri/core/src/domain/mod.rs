//! The domain: who may see what of whom, and what a summary says.

pub mod bsn;
pub mod coded;
pub mod consent;
pub mod date;
pub mod disclosure;
pub mod event;
pub mod finding;
pub mod person;
pub mod state;
pub mod summary;
pub mod user;
