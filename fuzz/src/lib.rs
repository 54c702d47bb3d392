//! What must hold of whatever bytes arrive. Shared by the four targets.
//!
//! A panic, a leaf that was lost, a digest that is not the same twice, or withheld data that made a
//! difference ends the run with the input that caused it; so do time and memory beyond the limits
//! that `scripts/fuzz` gives to libFuzzer.

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, Basis, EmergencyExplicit};
use inzage_core::domain::disclosure::{
    Answer, Arrival, Asked, Circumstances, Outcome, Prepared, prepare_accounted,
};
use inzage_core::domain::state::State;
use inzage_core::domain::user::Setting;
use inzage_core::readers::Profile;

/// The patient who is asked for: the one of the seeds.
const BSN: &str = "999900006";

/// Everything that is checked of one input.
pub fn check(bytes: &[u8]) {
    for stated in [None, Some(Basis::Explicit), Some(Basis::Corona)] {
        let first = prepared(bytes, stated);
        let second = prepared(bytes, stated);
        assert_eq!(first.digest(), second.digest(), "reading is not deterministic");
        assert_eq!(first.coverage().lost, 0, "something received was lost");
        let outcome = first.outcome();
        let summary = first.into_released();
        if stated == Some(Basis::Corona) && outcome == Outcome::Permit {
            assert_ne!(
                summary.allergies.state,
                Some(State::NoneKnown),
                "under the corona basis nothing may say that there are none"
            );
            assert!(summary.allergies.entries.is_empty(), "ICA under the corona basis");
            assert!(summary.contraindications.entries.is_empty(), "ICA under the corona basis");
        }
    }
}

fn prepared(bytes: &[u8], stated: Option<Basis>) -> Prepared {
    let asked = Asked {
        bsn: Bsn::parse(BSN).ok().filter(|_| stated.is_none()),
        birth_date: None,
    };
    let circumstances = Circumstances {
        setting: Setting::AfterHours,
        delivered_under_measure: true,
        measure_active: true,
        marker_proven: true,
        suspicion: Some(true),
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
        stated,
    };
    let answer = Answer {
        key: "s1".to_owned(),
        name: String::new(),
        retrieved_at: None,
        arrival: Arrival::Received(bytes.to_vec()),
    };
    prepare_accounted(
        &asked,
        vec![answer],
        &circumstances,
        &Profile::training(),
        [0; 32],
    )
}
