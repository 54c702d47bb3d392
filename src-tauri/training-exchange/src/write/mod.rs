//! One message of a source, written out in the other forms: the building blocks of acute care, and
//! a FHIR document. Both are made from what the project's own reader finds in it, so that every
//! patient exists in every form without a second set of fixtures.
//!
//! | file | what it is |
//! |---|---|
//! | `derived` | the message, read |
//! | `block`, `batch` | the building blocks; the batch with what each of them answers |
//! | `hl7`, `xml` | data types of HL7 version 3; a writer of XML |
//! | `document`, `resources`, `fhir`, `narrative` | the FHIR document; its resources; data types; prose |
//! | `tree` | a FHIR value in order, as JSON or XML |
//!
//! What a form has no place for is left out: it is a source's business what it sends. Impossible
//! dates have no FHIR form; a professional summary has no panels; the batch has no journal line
//! outside a contact.

mod batch;
mod block;
mod derived;
mod document;
mod fhir;
mod hl7;
mod narrative;
mod resources;
mod tree;
mod xml;

pub(crate) use batch::{Reply, children};
pub(crate) use block::Block;
pub(crate) use derived::Derived;
pub(crate) use document::{document, listed};
pub(crate) use fhir::outcome;
pub(crate) use tree::{Notation, Object};
