//! Sections of a document, their narrative, and entries that no list of this product was made for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::clinical::{LineReference, MeasuredValue, Quantity};
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::Period;
use crate::domain::person::Author;

/// What a section, a message or an entry is about: where it stands on the screen.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Allergies and intolerances (LOINC 48765-2).
    Allergies,
    /// Contra-indications.
    Contraindications,
    /// Treatment limits and advance directives (LOINC 42348-3).
    TreatmentLimits,
    /// Attention lines.
    AttentionLines,
    /// Alerts that are no contra-indications (LOINC 104605-1).
    Alerts,
    /// Episodes, concerns and problems (LOINC 11450-4).
    Episodes,
    /// Past problems (LOINC 11348-0).
    PastProblems,
    /// Contacts and contact reports.
    Contacts,
    /// Medication (LOINC 10160-0).
    Medication,
    /// Measurements and vital signs (LOINC 8716-3).
    Measurements,
    /// Laboratory and other results (LOINC 30954-2).
    Laboratory,
    /// Procedures (LOINC 47519-4).
    Procedures,
    /// Immunisations (LOINC 11369-6).
    Immunisations,
    /// Medical devices (LOINC 46264-8).
    Devices,
    /// Social history (LOINC 29762-2).
    SocialHistory,
    /// Pregnancy (LOINC 10162-6).
    Pregnancy,
    /// Functional status (LOINC 47420-5).
    FunctionalStatus,
    /// Plan of care (LOINC 18776-5).
    CarePlan,
    /// The patient's own story (LOINC 81338-6).
    PatientStory,
    /// Family history (LOINC 10157-6).
    FamilyHistory,
    /// Anything else: still a section.
    #[default]
    Other,
}

impl SectionKind {
    /// Every kind, for generated checks.
    pub const ALL: [Self; 21] = [
        Self::Allergies,
        Self::Contraindications,
        Self::TreatmentLimits,
        Self::AttentionLines,
        Self::Alerts,
        Self::Episodes,
        Self::PastProblems,
        Self::Contacts,
        Self::Medication,
        Self::Measurements,
        Self::Laboratory,
        Self::Procedures,
        Self::Immunisations,
        Self::Devices,
        Self::SocialHistory,
        Self::Pregnancy,
        Self::FunctionalStatus,
        Self::CarePlan,
        Self::PatientStory,
        Self::FamilyHistory,
        Self::Other,
    ];
}

/// One section of a document, in the order received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Section {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// What it is about.
    pub kind: SectionKind,
    /// Title, verbatim.
    pub title: Option<String>,
    /// Kind as coded (LOINC).
    pub code: Option<Coded>,
    /// Key of the section it stands in.
    pub parent: Option<String>,
    /// Why it holds no entries, as received (`emptyReason`); one that would tell of a restriction by
    /// the patient is told as "no information".
    pub empty: Option<Coded>,
    /// Its narrative.
    pub narrative: Option<Narrative>,
    /// Its entries, by key, whatever list they stand in; a dangling one has no target.
    pub entries: Vec<LineReference>,
    /// Who answers for it, where it says so.
    pub author: Option<Author>,
    /// Further named values.
    pub details: Vec<Detail>,
}

/// An entry that has no list of its own in this product (a procedure, an immunisation, a device …),
/// or an alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Entry {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// What it is about.
    pub kind: SectionKind,
    /// What it is in the message (`Procedure`, `Immunization`, `observation`).
    pub element: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// What it is, as coded.
    pub what: Option<Coded>,
    /// Text, verbatim.
    pub text: Option<String>,
    /// Value, where it has one.
    pub value: Option<MeasuredValue>,
    /// Status as received.
    pub status: Option<String>,
    /// Entered in error, or taken back.
    pub withdrawn: bool,
    /// Whether it says that something is *not* so (`notDone`, `negationInd`).
    pub negated: bool,
    /// When, as given.
    pub period: Period,
    /// Who wrote or did it.
    pub author: Option<Author>,
    /// Further named values.
    pub details: Vec<Detail>,
    /// What it refers to.
    pub references: Vec<LineReference>,
}

/// A named value of an entry: coded, textual or a quantity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Detail {
    /// Stable name (`reaction`, `severity`); the screen translates what it knows.
    pub name: String,
    /// As coded.
    pub coded: Option<Box<Coded>>,
    /// As text.
    pub text: Option<String>,
    /// As a quantity.
    pub quantity: Option<Box<Quantity>>,
    /// As a date or period.
    pub period: Option<Box<Period>>,
    /// What belongs to this value (the severity of one reaction).
    pub details: Vec<Detail>,
}

impl Detail {
    /// A coded value.
    #[must_use]
    pub fn coded(name: &str, coded: Coded) -> Self {
        Self {
            name: name.to_owned(),
            coded: Some(Box::new(coded)),
            ..Self::default()
        }
    }

    /// A text.
    #[must_use]
    pub fn text(name: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            text: Some(text.into()),
            ..Self::default()
        }
    }
}

/// Received prose, as a closed tree: no markup survives into it, so none can reach the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Narrative {
    /// Status as received (`generated`, `additional`).
    pub status: Option<String>,
    /// Whether it has to be read: the coded content was missing or says less.
    pub weight: NarrativeWeight,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// How a narrative relates to the coded content beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NarrativeWeight {
    /// There is no coded content: the narrative is all there is.
    Instead,
    /// It says more than the coded content.
    More,
    /// Every word of it stands in the coded content too.
    #[default]
    Same,
}

/// The narrative of a single entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EntryNarrative {
    /// Key of the source.
    pub source: String,
    /// Key of the entry; `None` where it belongs to none that is shown.
    pub of: Option<String>,
    /// What it says.
    pub narrative: Narrative,
}

/// One block of a narrative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A run of words.
    Text {
        /// Verbatim, white space folded; `\n` where the line was broken on purpose.
        text: String,
        /// Set apart by its author (bold, italic, underlined).
        strong: bool,
    },
    /// A paragraph, a division, a quotation.
    Paragraph {
        /// What stands in it.
        content: Vec<Block>,
    },
    /// A heading.
    Heading {
        /// What stands in it.
        content: Vec<Block>,
    },
    /// A list.
    List {
        /// Numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table {
        /// Its caption.
        caption: Option<String>,
        /// Its rows, those of the head first.
        rows: Vec<TableRow>,
    },
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableRow {
    /// Its cells.
    pub cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableCell {
    /// Whether it heads a row or a column.
    pub header: bool,
    /// How many columns it takes; at least 1.
    pub columns: u16,
    /// How many rows it takes; at least 1.
    pub rows: u16,
    /// What stands in it.
    pub content: Vec<Block>,
}

/// Entries that look like one and the same: shown as such, not merged away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Duplicate {
    /// Keys of the entries, in the order of the list they stand in.
    pub keys: Vec<String>,
    /// By what they look alike.
    pub by: DuplicateBy,
}

/// By what entries look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateBy {
    /// One identifier.
    SameId,
    /// Another identifier (or none), and everything that says what and when is the same.
    SameContent,
}
