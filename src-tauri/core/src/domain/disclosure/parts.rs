//! The three parts with a state: allergies, contra-indications, treatment limits.

use super::deciding::{Decided, Gathered};
use super::sources::delivery_of;
use crate::domain::coded::Identifier;
use crate::domain::consent::{Basis, Decision, Ica};
use crate::domain::date::{PartialDate, Precision};
use crate::domain::state::{self, Contribution, Evidence, State, WithheldCause};
use crate::domain::summary::ica::SourceState;
use crate::domain::summary::source::Delivery;
use crate::domain::summary::{AskPrompt, Part, SectionKind, Statement};
use crate::readers::PartHeader;

/// How what a source would have told of each kind arrived.
pub(super) struct Statable<'s, 'o> {
    decided: &'s Decided,
    source: &'s Gathered<'o>,
}

impl<'s, 'o> Statable<'s, 'o> {
    pub(super) const fn new(decided: &'s Decided, source: &'s Gathered<'o>) -> Self {
        Self { decided, source }
    }

    /// `None` where none of its messages would have told of this kind, and none is missing that
    /// might have.
    pub(super) fn delivery(&self, kind: SectionKind) -> Option<Delivery> {
        if self.decided.delivery == Delivery::NothingFound {
            return Some(Delivery::NothingFound);
        }
        let would_tell: Vec<&PartHeader> = self
            .source
            .seen
            .iter()
            .copied()
            .filter(|part| part.sections.contains(&kind))
            .collect();
        match self.decided.missing {
            None if would_tell.is_empty() => None,
            missing => Some(delivery_of(&would_tell, missing, !self.source.withholds)),
        }
    }
}

/// Why ICA are withheld at a source; the one value that both drops them and asks.
pub(super) fn withheld_cause(
    decision: Decision,
    basis: Basis,
    national_rule: bool,
) -> Option<WithheldCause> {
    match (decision, basis) {
        (Decision::Permit { ica: Ica::Withheld }, Basis::Corona) => Some(WithheldCause::Corona),
        (Decision::Permit { ica: Ica::Withheld }, _) => Some(WithheldCause::NotEstablished),
        (Decision::Permit { ica: Ica::Included }, _) if national_rule => {
            Some(WithheldCause::NationalRule)
        }
        _ => None,
    }
}

/// A statement as evidence for its part's state: whether someone stands for it, with a date.
pub(super) fn evidence(statement: &Statement) -> Evidence {
    let someone = statement.author.as_ref().is_some_and(|author| {
        names_somebody(&author.ids)
            || author.name.is_some()
            || author
                .organisation
                .as_ref()
                .is_some_and(|o| names_somebody(&o.ids) || o.name.is_some())
    });
    let readable = |date: &PartialDate| date.precision != Precision::Unreadable;
    let period = &statement.period;
    let mut dates = [&period.at, &period.low, &period.high]
        .into_iter()
        .flatten();
    let dated = period.null_flavor.is_none() && dates.any(readable)
        || statement
            .author
            .as_ref()
            .and_then(|author| author.time.as_ref())
            .is_some_and(readable);
    Evidence {
        kind: statement.kind,
        attributed: someone && dated,
    }
}

/// Whether one of these numbers somebody: a root alone says only who numbers.
fn names_somebody(ids: &[Identifier]) -> bool {
    ids.iter().any(|id| {
        id.extension
            .as_deref()
            .is_some_and(|extension| !extension.trim().is_empty())
    })
}

/// One part over all sources, while it is being made.
#[derive(Default)]
pub(super) struct PartMaking {
    part: Part,
    contributions: Vec<Contribution>,
}

impl PartMaking {
    /// A permitted source's statements.
    pub(super) fn add(
        &mut self,
        source: &str,
        delivery: Option<Delivery>,
        withheld: Option<WithheldCause>,
        statements: Vec<Statement>,
    ) {
        let delivery = match delivery {
            Some(delivery) => delivery,
            // Nothing that this source would have told: it says nothing about this part.
            None if withheld.is_none() && statements.is_empty() => return,
            None => Delivery::Delivered,
        };
        let evidence: Vec<Evidence> = statements.iter().map(evidence).collect();
        let state = state::of_source(arrival(&delivery), withheld, &evidence);
        self.contributions
            .push(Contribution::permitted(state, &evidence));
        self.part.per_source.push(SourceState {
            source: source.to_owned(),
            state,
            withheld,
        });
        self.part.entries.extend(statements);
    }

    /// A source that was refused.
    pub(super) fn add_refused(&mut self) {
        self.contributions.push(Contribution::REFUSED);
    }

    /// The part with its state; no state where nothing may be said.
    pub(super) fn finish(mut self, permitted: bool) -> Part {
        self.part.state = permitted.then(|| state::of_summary(&self.contributions));
        self.part
    }
}

/// The ask prompt, from the very states that say "withheld".
pub(super) fn ask_prompt(allergies: &Part) -> Option<AskPrompt> {
    let withheld = || {
        allergies
            .per_source
            .iter()
            .filter(|s| s.state == State::WithheldByRule)
    };
    let mut causes: Vec<WithheldCause> = withheld().filter_map(|s| s.withheld).collect();
    causes.sort_unstable();
    causes.dedup();
    (!causes.is_empty()).then(|| AskPrompt {
        causes,
        sources: withheld().map(|s| s.source.clone()).collect(),
    })
}

const fn arrival(delivery: &Delivery) -> state::Delivery {
    match delivery {
        Delivery::Delivered | Delivery::NothingFound => state::Delivery::Whole,
        Delivery::Partial { .. } | Delivery::RefusedBySource { .. } => state::Delivery::Partial,
        Delivery::Failed { .. } | Delivery::Cancelled => state::Delivery::Failed,
        Delivery::Awaited => state::Delivery::Awaited,
    }
}
