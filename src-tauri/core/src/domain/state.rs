//! States of allergies, contra-indications and treatment limits (DOMAIN §4).
//!
//! Two total functions without I/O: [`of_source`] for one source, [`of_summary`]
//! over all. Showing anything but `none_known` as "no allergies" is the worst
//! fault this product can have, so everything that is not certain says so.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is known about one part (allergies, contra-indications, treatment limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Withheld under the corona or a not-established basis, or by a national rule the message names.
    WithheldByRule,
    /// The answer is still on its way.
    Awaited,
    /// Error or time-out: no permitted source delivered this part.
    Unreachable,
    /// A part is missing: the list may be longer.
    Incomplete,
    /// A definitive "none known" beside an entry.
    Contradictory,
    /// Something is there that cannot be read.
    Unreadable,
    /// At least one entry that is neither negated, refuted nor entered in error.
    Known,
    /// Nothing was stated. Not "none".
    NotAsserted,
    /// Someone stated, unscoped, with author and date, that there are none.
    NoneKnown,
}

impl State {
    /// Every state, in the order that decides where several fit.
    pub const ALL: [Self; 9] = [
        Self::WithheldByRule,
        Self::Awaited,
        Self::Unreachable,
        Self::Incomplete,
        Self::Contradictory,
        Self::Unreadable,
        Self::Known,
        Self::NotAsserted,
        Self::NoneKnown,
    ];
}

/// Why a part is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WithheldCause {
    /// The corona opt-in never sends them.
    Corona,
    /// The basis is not established.
    NotEstablished,
    /// The message says so, by a national rule.
    NationalRule,
}

impl WithheldCause {
    /// Every cause, for generated checks.
    pub const ALL: [Self; 3] = [Self::Corona, Self::NotEstablished, Self::NationalRule];
}

/// What one statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// Something the patient has.
    Entry,
    /// One substance or group that is denied.
    Negated,
    /// A definitive, unscoped "none known".
    NoneKnown,
    /// "None" for a scope only ("geen voedselallergie").
    Scoped,
    /// Says that nothing is known or was asked.
    NoInformation,
    /// Refuted, or entered in error.
    Refuted,
    /// There is something, and it cannot be read.
    Unreadable,
}

impl StatementKind {
    /// Every kind, for generated checks.
    pub const ALL: [Self; 7] = [
        Self::Entry,
        Self::Negated,
        Self::NoneKnown,
        Self::Scoped,
        Self::NoInformation,
        Self::Refuted,
        Self::Unreadable,
    ];
}

/// A statement reduced to what its part's state depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// What it says.
    pub kind: StatementKind,
    /// Whether author and date are known: its own, by context conduction, or the document's.
    pub attributed: bool,
}

/// How one source's part arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Still on its way.
    Awaited,
    /// Error or time-out.
    Failed,
    /// Delivered in full, as far as the source says.
    Whole,
    /// Delivered, with a part missing (failed sibling, fewer than announced, more remaining).
    Partial,
}

impl Delivery {
    /// Every way, for generated checks.
    pub const ALL: [Self; 4] = [Self::Awaited, Self::Failed, Self::Whole, Self::Partial];
}

/// The state of one part of one permitted source. Total.
///
/// Order (DOMAIN §4): withheld, awaited, unreachable, incomplete, contradictory,
/// unreadable, known, not asserted, none known.
#[must_use]
pub fn of_source(
    delivery: Delivery,
    withheld: Option<WithheldCause>,
    evidence: &[Evidence],
) -> State {
    if withheld.is_some() {
        return State::WithheldByRule;
    }
    match delivery {
        Delivery::Awaited => return State::Awaited,
        Delivery::Failed => return State::Unreachable,
        Delivery::Partial => return State::Incomplete,
        Delivery::Whole => {}
    }
    let has = |kind: StatementKind| evidence.iter().any(|e| e.kind == kind);
    // Signed and dated or not: beside an entry the doctor must hear of both.
    if has(StatementKind::NoneKnown) && has(StatementKind::Entry) {
        return State::Contradictory;
    }
    if has(StatementKind::Unreadable) {
        return State::Unreadable;
    }
    if has(StatementKind::Entry) {
        return State::Known;
    }
    let all_bear_it = evidence.iter().all(bears_none_known);
    if has(StatementKind::NoneKnown) && all_bear_it {
        State::NoneKnown
    } else {
        State::NotAsserted
    }
}

/// Whether "none known" may stand with this beside it.
///
/// `not_asserted` comes before `none_known` in the order, so whatever is evidence for it
/// by its mere presence wins. Scoped and refuted statements are evidence for it only
/// where there is nothing else.
const fn bears_none_known(evidence: &Evidence) -> bool {
    match evidence.kind {
        StatementKind::NoneKnown => evidence.attributed,
        StatementKind::Scoped | StatementKind::Refuted => true,
        StatementKind::Entry
        | StatementKind::Negated
        | StatementKind::NoInformation
        | StatementKind::Unreadable => false,
    }
}

/// One source's contribution to the summary's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contribution {
    /// State of the part at this source; `None` where the source was refused.
    pub state: Option<State>,
    /// Whether any statement of the part arrived from it, of whatever kind.
    pub has_statement: bool,
    /// Whether an entry stands there (it stays visible whatever the state).
    pub has_entry: bool,
    /// Whether a "none known" stands there.
    pub has_none_known: bool,
}

impl Contribution {
    /// A source that was refused: nothing of it counts but that it is missing.
    pub const REFUSED: Self = Self {
        state: None,
        has_statement: false,
        has_entry: false,
        has_none_known: false,
    };

    /// A permitted source in the state that [`of_source`] gave it.
    #[must_use]
    pub fn permitted(state: State, evidence: &[Evidence]) -> Self {
        let has = |kind: StatementKind| evidence.iter().any(|e| e.kind == kind);
        Self {
            state: Some(state),
            has_statement: !evidence.is_empty(),
            has_entry: has(StatementKind::Entry),
            has_none_known: has(StatementKind::NoneKnown),
        }
    }
}

/// The most cautious state over all sources. Total; no source at all is `not_asserted`.
///
/// `unreachable` only where no permitted source delivered anything of the part, otherwise
/// it is `incomplete`; a refused source beside one that answered is `incomplete`; "none
/// known" at one source beside an entry at another is `contradictory`.
#[must_use]
pub fn of_summary(sources: &[Contribution]) -> State {
    let answered = |c: &&Contribution| {
        !matches!(
            c.state,
            None | Some(State::Unreachable | State::Awaited | State::WithheldByRule)
        )
    };
    let any_answered = sources.iter().any(|c| answered(&c));
    let any_delivered = sources.iter().filter(answered).any(|c| c.has_statement);
    let any_refused = sources.iter().any(|c| c.state.is_none());
    let contradictory = sources.iter().enumerate().any(|(i, a)| {
        a.has_entry
            && sources
                .iter()
                .enumerate()
                .any(|(j, b)| i != j && b.has_none_known)
    });
    let each = sources
        .iter()
        .filter_map(|c| c.state)
        .map(|state| match state {
            State::Unreachable if any_delivered => State::Incomplete,
            other => other,
        });
    each.chain((any_refused && any_answered).then_some(State::Incomplete))
        .chain(contradictory.then_some(State::Contradictory))
        .min()
        .unwrap_or(State::NotAsserted)
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod tests;
