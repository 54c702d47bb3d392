//! An exchange to train and test with.
//!
//! A real HTTPS server on loopback that answers the professional-summary query in HL7v3 over SOAP
//! for fictitious patients: mutual TLS with a CA of its own, several sources per patient, every
//! kind of answer a real exchange gives and several it should not, and a corona measure that can
//! be switched while it runs. README.md lists the built-in patients.
//!
//! It is a program of its own so that its patients never stand in the memory of the app.

#![forbid(unsafe_code)]

mod answer;
pub mod args;
mod authority;
mod body;
mod bsn;
mod builtin;
mod error;
mod exchange;
mod fhir;
mod folder;
mod index;
mod large;
pub mod limits;
mod measure;
mod message;
pub mod parent;
mod patient;
mod query;
mod routes;
mod server;
mod state_dir;
mod write;

pub use authority::{SERVER_NAME, ServerCertificate};
pub use error::Error;
pub use exchange::{Config, Exchange, Running};
pub use measure::{Measure, MeasureState, Switch};
pub use patient::ListedPatient;
pub use routes::{
    ACUTE_CARE_PATH, LOCATE_PATH, MEASURE_PATH, PATIENTS_PATH, PROFESSIONAL_SUMMARY_PATH,
    SOURCE_HEADER,
};
