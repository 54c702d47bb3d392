//! Readers of single resources, by type.
//!
//! | file | what it is |
//! |---|---|
//! | `conditions`, `episodes` | problems and episodes of care; attention flags |
//! | `contacts`, `reports` | encounters; contact reports and journal lines |
//! | `medication`, `dosage` | everything about medication, and how it is to be used |
//! | `observations`, `parts` | measurements, results, panels |
//! | `shapes`, `entries` | everything else: which element has which role |
//! | `absence` | codes that say that there is none, or that nothing is known |
//! | `who`, `rest`, `names` | authors; what is left over as named values |
//! | `state` | what the readers must know of each other |

mod absence;
mod conditions;
mod contacts;
mod dosage;
mod entries;
mod episodes;
mod medication;
mod names;
mod observations;
mod parts;
mod reports;
mod rest;
mod shapes;
mod state;
mod who;

pub(super) use self::state::State;

use super::reading::Reading;
use super::view::{Resource, View};
use crate::domain::summary::SectionKind;

/// Puts resources in the order to read them in: what others are told within comes before them.
/// Within one rank the order of the message.
pub(super) fn order(view: &View<'_>, resources: &mut [Resource<'_>]) {
    resources.sort_by_key(|resource| match resource.kind {
        "EpisodeOfCare" => 0,
        "Encounter" => 1,
        "Composition" => 2,
        "DiagnosticReport" => 3,
        "Observation" if view.one(resource.node, "hasMember").is_some() => 4,
        "Flag" => 6,
        _ => 5,
    });
}

/// Reads a resource into the record, under its key. `kind` is the section that refers to it, `Other`
/// where none does. Whether it has an entry of its own.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    resource: Resource<'d>,
    kind: SectionKind,
) -> bool {
    let view = reading.view;
    if reading.is_taken(resource) {
        return false;
    }
    // Without a section its type, its category or its panel decides.
    let kind = if reading.resources.is_sectioned(resource.node) {
        kind
    } else {
        SectionKind::Other
    };
    match resource.kind {
        "Condition" => conditions::read(reading, resource, kind_or(kind, SectionKind::Episodes)),
        "EpisodeOfCare" => episodes::read(reading, resource),
        "Flag" => episodes::flag(reading, resource, kind_or(kind, SectionKind::Alerts)),
        "Encounter" => {
            contacts::read(reading, resource);
        }
        "Composition" if reports::is_report(view, resource.node) => {
            reports::read(reading, resource);
        }
        "Observation" if reports::is_line(view, resource.node) => {
            reports::single_line(reading, resource);
        }
        "Observation" => observations::read(reading, resource, kind),
        "DiagnosticReport" => observations::report(reading, resource, kind),
        "MedicationRequest"
        | "MedicationOrder"
        | "MedicationStatement"
        | "MedicationUsage"
        | "MedicationDispense"
        | "MedicationAdministration" => medication::read(reading, resource),
        other => {
            let usual = shapes::shape_of(other).kind;
            entries::read(reading, resource, kind_or(kind, usual));
        }
    }
    true
}

fn kind_or(kind: SectionKind, usual: SectionKind) -> SectionKind {
    match kind {
        SectionKind::Other => usual,
        kind => kind,
    }
}
