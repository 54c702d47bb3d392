//! What is said of a source that was decided on, and the order of what is shown.

use super::deciding::{Decided, Gathered};
use super::making::Making;
use super::sources::delivery_of_part;
use crate::domain::consent::Decision;
use crate::domain::date::{PartialDate, Period, SortKey};
use crate::domain::event::ReleasedSource;
use crate::domain::person::Organisation;
use crate::domain::summary::source::{Delivery, PartDelivery, SourceSummary};
use crate::domain::summary::{SectionKind, Summary};
use crate::readers::{SourceRecord, add_all};

/// Sections that a basis which withholds ICA lets nothing be said of.
const ICA_SECTIONS: [SectionKind; 2] = [SectionKind::Allergies, SectionKind::Contraindications];

impl Making<'_> {
    pub(super) fn describe(
        &mut self,
        decided: &Decided,
        source: &Gathered<'_>,
        retrieved_at: Option<&String>,
        mut record: SourceRecord,
    ) {
        let shown = matches!(decided.decision, Decision::Permit { .. });
        let (basis, provenance, marker_in) = decided.told_basis();
        self.released.push(ReleasedSource {
            source: decided.name.clone(),
            ura: source.seen.iter().find_map(|p| p.organisation_ura.clone()),
            basis,
            provenance,
            marker_in,
            ica: match decided.decision {
                Decision::Permit { ica } if decided.is_shared() => Some(ica),
                _ => None,
            },
            refused: match decided.decision {
                Decision::Refuse { reason } => Some(reason),
                Decision::Permit { .. } => None,
            },
        });
        let organisation = record
            .author
            .as_ref()
            .and_then(|a| a.organisation.as_deref().cloned());
        self.summary.sources.push(SourceSummary {
            key: decided.key.clone(),
            name: decided.name.clone(),
            organisation: organisation.filter(|o| shown && *o != Organisation::default()),
            author: record.author.take(),
            basis,
            provenance,
            marker_in,
            decision: Some(decided.decision),
            delivery: decided.delivery.clone(),
            // Where nothing at all was found there is nothing to tell apart, and a "no" that arrived
            // as data must look the same.
            parts: if shown && decided.delivery != Delivery::NothingFound {
                part_deliveries(source)
            } else {
                Vec::new()
            },
            retrieved_at: retrieved_at.cloned(),
            patient: record.patient.take(),
            transmission: core::mem::take(&mut record.transmission),
        });
        take_over(&mut self.summary, record);
    }
}

/// How each part was answered; under a basis that withholds ICA as if they had never been sent.
fn part_deliveries(source: &Gathered<'_>) -> Vec<PartDelivery> {
    let parts = source.seen.iter().map(|part| PartDelivery {
        interaction: part.interaction.clone(),
        sections: part
            .sections
            .iter()
            .copied()
            .filter(|kind| !(source.withholds && ICA_SECTIONS.contains(kind)))
            .collect(),
        delivery: delivery_of_part(part, !source.withholds),
    });
    parts.collect()
}

/// A record's entries behind those of the sources before it: never merged.
fn take_over(summary: &mut Summary, record: SourceRecord) {
    add_all(&mut summary.attention_lines, record.attention_lines);
    add_all(&mut summary.episodes, record.episodes);
    add_all(&mut summary.contacts, record.contacts);
    add_all(&mut summary.medication, record.medication);
    add_all(&mut summary.measurements, record.measurements);
    add_all(&mut summary.laboratory, record.laboratory);
    add_all(&mut summary.alerts, record.alerts);
    add_all(&mut summary.others, record.others);
    add_all(&mut summary.sections, record.sections);
    add_all(&mut summary.narratives, record.narratives);
    add_all(&mut summary.unrecognised, record.unrecognised);
}

/// Newest first, the undated last; entries of one moment keep the order received.
pub(super) fn newest_first(summary: &mut Summary) {
    fn key(period: &Period) -> core::cmp::Reverse<Option<SortKey>> {
        core::cmp::Reverse(period.anchor().map(PartialDate::sort_key))
    }
    summary
        .attention_lines
        .sort_by_key(|line| key(&line.period));
    summary.contacts.sort_by_key(|contact| {
        // A contact that is only referred to has no date but those of its reports.
        let reported = contact.partials.iter().map(|partial| &partial.period);
        let dated = core::iter::once(&contact.period).chain(reported);
        core::cmp::Reverse(
            dated
                .filter_map(Period::anchor)
                .next()
                .map(PartialDate::sort_key),
        )
    });
    for list in [&mut summary.measurements, &mut summary.laboratory] {
        list.sort_by_key(|measurement| key(&measurement.at));
    }
    summary.medication.sort_by_key(|medication| {
        let used = medication.uses.iter().find_map(|u| u.period.anchor());
        let whole = medication.period.anchor();
        let written = medication.author.as_ref().and_then(|a| a.time.as_ref());
        core::cmp::Reverse(used.or(whole).or(written).map(PartialDate::sort_key))
    });
}
