//! Attention lines, episodes, medication, measurements and what was not recognised.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::Detail;
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::Period;
use crate::domain::person::Author;

/// A line the GP wants every colleague to see (attentieregel).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttentionLine {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Kind as coded.
    pub code: Option<Coded>,
    /// Verbatim.
    pub text: Option<String>,
    /// Date or period as given.
    pub period: Period,
    /// Status as received.
    pub status: Option<String>,
    /// Who wrote it.
    pub author: Option<Author>,
}

/// An episode: a health problem over time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Episode {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// The GP's title, verbatim.
    pub title: Option<String>,
    /// Diagnosis as coded (ICPC).
    pub problem: Option<Coded>,
    /// Text beside the code, where it differs from the title.
    pub problem_text: Option<String>,
    /// Ids of the diagnosis.
    pub problem_ids: Vec<Identifier>,
    /// Status as received.
    pub status: Option<String>,
    /// Closed: the status says so, or an end was given. A closed episode stays as black as an open one.
    pub closed: bool,
    /// Start and end as given.
    pub period: Period,
    /// Periods of care as given.
    pub care_periods: Vec<Period>,
    /// Whether an attention flag (LOINC 74018-3) points at it.
    pub flagged: bool,
    /// Those flags.
    pub flags: Vec<AttentionFlag>,
    /// Its journal lines, by reference.
    pub lines: Vec<LineReference>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Entered in error, refuted or taken back.
    pub withdrawn: bool,
    /// Further named values (category, certainty, further problems of a concern …).
    pub details: Vec<Detail>,
    /// What it refers to besides journal lines (a concern, a contact).
    pub references: Vec<LineReference>,
}

/// An attention flag on an episode: not a measurement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttentionFlag {
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Kind as coded.
    pub code: Coded,
    /// Status as received.
    pub status: Option<String>,
    /// What the reference says it points at, as coded.
    pub target_code: Option<Coded>,
    /// Period as given.
    pub period: Period,
    /// Text, where given.
    pub text: Option<String>,
}

/// A reference to a journal line (or another thing) by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineReference {
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Key of the target; `None` where it is not in the message: shown as such, never dropped.
    pub target: Option<String>,
}

/// A prescription as given. Never "current".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Medication {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// The product as coded and named.
    pub product: Coded,
    /// Further names or descriptions of the product.
    pub product_texts: Vec<String>,
    /// Status of the prescription as received.
    pub status: Option<String>,
    /// Administration requests: dose text, status, period.
    pub uses: Vec<MedicationUse>,
    /// Dispense requests: quantity, status.
    pub dispenses: Vec<DispenseRequest>,
    /// Who prescribed, and when.
    pub author: Option<Author>,
    /// Key of the contact it stands in.
    pub contact: Option<String>,
    /// Free text with it.
    pub text: Option<String>,
    /// What kind of statement about medication it is.
    pub kind: MedicationKind,
    /// When it was agreed, dispensed or stated to hold, where the message says so of the whole.
    pub period: Period,
    /// Entered in error, or taken back.
    pub withdrawn: bool,
    /// Further named values (reason, ingredients, quantity dispensed …).
    pub details: Vec<Detail>,
    /// What it refers to (an episode, a prescription).
    pub references: Vec<LineReference>,
}

/// What kind of statement about medication something is. Never "current use".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MedicationKind {
    /// A prescription.
    #[default]
    Prescription,
    /// A medication agreement (medicatieafspraak).
    Agreement,
    /// A dispense by a pharmacy.
    Dispense,
    /// Administered.
    Administration,
    /// What someone said is or was used.
    Statement,
}

/// How a product is to be used, as given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MedicationUse {
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Dose instruction, verbatim.
    pub text: Option<String>,
    /// Status as received.
    pub status: Option<String>,
    /// Start and end as given.
    pub period: Period,
    /// Repetition as given (`every 0.5 d`).
    pub repeats: Vec<Quantity>,
    /// Dose quantity, where structured.
    pub doses: Vec<Quantity>,
    /// Route, where coded.
    pub route: Option<Coded>,
    /// Further named values (sequence, frequency, as needed, maximum, duration, additional instructions).
    pub details: Vec<Detail>,
}

/// What was asked of the pharmacist.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DispenseRequest {
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Status as received, or its nullFlavor.
    pub status: Option<String>,
    /// Quantity as given.
    pub quantity: Option<Quantity>,
    /// Text, where given.
    pub text: Option<String>,
    /// Period as given.
    pub period: Period,
}

/// A number with its unit, both verbatim: nothing is computed or converted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Quantity {
    /// The number as written in the message.
    pub value: Option<String>,
    /// The unit as written in the message (UCUM mostly).
    pub unit: Option<String>,
    /// The same in other units or code systems.
    pub translations: Vec<QuantityTranslation>,
    /// Why there is none.
    pub null_flavor: Option<String>,
}

/// A quantity expressed otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuantityTranslation {
    /// The number as written.
    pub value: Option<String>,
    /// The unit as coded.
    pub unit: Coded,
}

/// One measurement or other determination.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Measurement {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// What was measured.
    pub what: Coded,
    /// The value, or that there is none.
    pub value: MeasuredValue,
    /// When, as given.
    pub at: Period,
    /// Status as received.
    pub status: Option<String>,
    /// Interpretation as received (`L`): shown beside the value even where the range says otherwise.
    pub interpretations: Vec<Coded>,
    /// Reference ranges as received.
    pub reference_ranges: Vec<ReferenceRange>,
    /// The observation's own nullFlavor.
    pub null_flavor: Option<String>,
    /// Text with it.
    pub text: Option<String>,
    /// Method, where given.
    pub method: Option<Coded>,
    /// Who did it.
    pub author: Option<Author>,
    /// What it refers to (an episode, a journal line).
    pub references: Vec<LineReference>,
    /// Entered in error, or taken back.
    pub withdrawn: bool,
    /// Its parts, each with a value of its own (systolic and diastolic).
    pub components: Vec<MeasuredComponent>,
    /// The results of a panel, by key; a dangling one has no target.
    pub members: Vec<LineReference>,
    /// Further named values (specimen, category, body site, device …).
    pub details: Vec<Detail>,
}

/// One part of a measurement with a value of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeasuredComponent {
    /// What was measured.
    pub what: Coded,
    /// The value, or that there is none.
    pub value: MeasuredValue,
    /// Interpretation as received.
    pub interpretations: Vec<Coded>,
    /// Reference ranges as received.
    pub reference_ranges: Vec<ReferenceRange>,
    /// Further named values.
    pub details: Vec<Detail>,
}

/// A value in the type the message gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every measurement is a quantity; ranges are rare"
)]
pub enum MeasuredValue {
    /// PQ, INT, REAL.
    Quantity(Quantity),
    /// ST, ED.
    Text {
        /// Verbatim.
        text: String,
    },
    /// CD, CE, CV, CO.
    Coded(Coded),
    /// IVL_PQ.
    Range(Box<ReferenceRange>),
    /// BL.
    Boolean {
        /// As received.
        value: String,
    },
    /// A time (TS).
    Time(Period),
    /// "Geen waarde in het bericht."
    None {
        /// Why, where the message says.
        null_flavor: Option<String>,
    },
}

/// A reference range as received: no band is drawn from it across quantities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReferenceRange {
    /// Lower bound.
    pub low: Option<Quantity>,
    /// Upper bound.
    pub high: Option<Quantity>,
    /// Text.
    pub text: Option<String>,
    /// What a value inside it means.
    pub interpretation: Option<Coded>,
}

/// Received and not interpreted: shown as path and values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unrecognised {
    /// Key of the source.
    pub source: String,
    /// Path of element names with positions.
    pub path: String,
    /// Attribute names (`@code`) and text (`text`) with their values.
    pub values: Vec<super::source::Fact>,
}

impl Default for MeasuredValue {
    fn default() -> Self {
        Self::None { null_flavor: None }
    }
}
