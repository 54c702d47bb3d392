//! The building blocks: every answer but the professional summary.
//!
//! | file | what it reads |
//! |---|---|
//! | `organizer` | the frame of a block: patient, who answers for it, components |
//! | `entry`, `who` | what entries share: references, named values, people |
//! | `concerns`, `contacts`, `reports`, `observations`, `agreements` | one kind of component each |
//! | `allergies`, `alerts`, `conditions` | ICA |
//! | `pharmacy` | lists of prescriptions and dispenses |

mod agreements;
mod alerts;
mod allergies;
mod concerns;
mod conditions;
mod contacts;
pub(super) mod entry;
mod observations;
mod organizer;
mod pharmacy;
mod reports;
pub(super) mod who;

use super::interactions::Block;
use super::reading::Reading;
use super::view::Node;

/// One record of a building block, with the relationship that holds it.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    block: Block,
    subject: Node<'d>,
    record: Node<'d>,
) {
    match block {
        Block::Conditions => conditions::read(reading, subject, record),
        Block::Prescriptions | Block::Dispenses => pharmacy::read(reading, record),
        _ => organizer::read(reading, block, subject, record),
    }
    if reading.view.is_read_record(record) {
        reading.ica(record);
    }
}

/// Once all records of a block were read: ICA that stand in none of them.
pub(super) fn finish(reading: &mut Reading<'_, '_>) {
    let root = reading.view.root();
    reading.ica_outside(root);
}
