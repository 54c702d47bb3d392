//! Identifiers and coded values as received.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An instance identifier (HL7v3 `II`, FHIR `Identifier`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct Identifier {
    /// The system: an OID or URI.
    pub root: Option<String>,
    /// The value within it.
    pub extension: Option<String>,
}

/// A coded value as received: text and code side by side, nothing reconciled.
///
/// NHG tables, ICPC titles and the G-Standaard are licensed: what is shown is
/// the display in the message; this project ships no tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Coded {
    /// The code.
    pub code: Option<String>,
    /// OID or URI of the code system.
    pub system: Option<String>,
    /// Name of the code system as the message gives it.
    pub system_name: Option<String>,
    /// Version of the code system as the message gives it.
    pub system_version: Option<String>,
    /// Display in the message.
    pub display: Option<String>,
    /// The words the author used for it.
    pub original_text: Option<String>,
    /// Why there is no code.
    pub null_flavor: Option<String>,
    /// The same in other code systems.
    pub translations: Vec<Coded>,
}

impl Coded {
    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What to call it: the author's words, else the display, else the code.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.original_text
            .as_deref()
            .or(self.display.as_deref())
            .or(self.code.as_deref())
    }

    /// Whether it is `code` in `system`.
    #[must_use]
    pub fn is(&self, system: &str, code: &str) -> bool {
        self.system.as_deref() == Some(system) && self.code.as_deref() == Some(code)
    }
}
