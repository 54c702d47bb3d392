//! Allergies and intolerances, contra-indications, treatment limits.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::Detail;
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::Period;
use crate::domain::person::Author;
use crate::domain::state::{State, StatementKind, WithheldCause};

/// One part with its state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Part {
    /// State over all sources; `None` only where nothing may be said (refused).
    pub state: Option<State>,
    /// State per source: (source key, state).
    pub per_source: Vec<SourceState>,
    /// Every statement, with its kind and source.
    pub entries: Vec<Statement>,
}

/// The state of a part at one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceState {
    /// Key of the source.
    pub source: String,
    /// Its state.
    pub state: State,
    /// Why it was withheld, where it was.
    pub withheld: Option<WithheldCause>,
}

/// One statement, verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Statement {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// What it says.
    pub kind: StatementKind,
    /// The author's text, verbatim.
    pub text: Option<String>,
    /// The kind of observation as coded in the message.
    pub code: Option<Coded>,
    /// Substance, group, contra-indication or limit as coded.
    pub value: Option<Coded>,
    /// Status as received.
    pub status: Option<String>,
    /// Period as given.
    pub period: Period,
    /// Who stated it (own, conducted or the document's; see `Author::conducted`).
    pub author: Option<Author>,
    /// `negationInd` as received.
    pub negated: Option<bool>,
    /// Further named values: `agent`, `reaction` (with its `severity`), `criticality`, `certainty`, `reporter` …
    pub details: Vec<Detail>,
    /// What it refers to (a concern).
    pub references: Vec<super::clinical::LineReference>,
}

/// Name of the detail that says what someone reacts to, where the value says only how.
const AGENT: &str = "agent";

impl Statement {
    /// What it is about: the agent where the message names one beside the kind of reaction
    /// (building blocks), else the value.
    #[must_use]
    pub fn about(&self) -> Option<&Coded> {
        let agent = self
            .details
            .iter()
            .find(|detail| detail.name == AGENT)
            .and_then(|detail| detail.coded.as_deref())
            .filter(|agent| agent.label().is_some());
        agent.or(self.value.as_ref())
    }
}

/// The mandatory action: ask. Made from the same value that withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskPrompt {
    /// Why, the strictest first: corona, not established, national rule.
    pub causes: Vec<WithheldCause>,
    /// Keys of the sources that withheld.
    pub sources: Vec<String>,
}
