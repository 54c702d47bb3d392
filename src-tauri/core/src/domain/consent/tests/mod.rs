//! The two decisions over every combination of their inputs.

mod ask;
mod decision;
pub(crate) mod every;
mod schema;
