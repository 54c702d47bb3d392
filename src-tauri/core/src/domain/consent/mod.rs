//! On what consent something was shared, and what follows from it.

pub mod basis;
pub mod decide;
pub mod may_ask;
pub mod measure;

pub use basis::{Agreement, Basis, BasisProvenance, Marker, MarkerElement};
pub use decide::{Decision, DecisionInput, EmergencyExplicit, Ica, Reason, decide};
pub use may_ask::{AskRefusal, HouseRules, MayAskInput, may_ask};
pub use measure::Measure;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use {generated::file as generated_file, tests::every};
