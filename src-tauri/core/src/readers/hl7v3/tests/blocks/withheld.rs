//! ICA in building blocks: under a scope without them nothing of them exists.

use super::clinical::{report, soep};
use super::{block, component, concern_reference, record};
use crate::readers::Scope;
use crate::readers::hl7v3::tests::generate::batch;
use crate::readers::hl7v3::tests::{opened, read_all};

const ENTRY: &str = "<component><observation classCode='OBS' moodCode='EVN'><code code='1' codeSystem='1.2'/><value xsi:type='ST'>x</value>\
     </observation></component>";

#[test]
fn a_thing_coded_in_thesaurus_40_is_gone_in_whatever_element_of_whatever_block() {
    let value =
        "<value xsi:type='CE' code='ICAWOORD' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/>";
    let by_text = "<value xsi:type='CE'><code>ICAWOORD</code><codeSystem> 2.16.840.1.113883.2.4.4.1.902.40 </codeSystem></value>";
    let by_name = "<value xsi:type='CE' code='ICAWOORD'><codeSystemName>G-Standaard Thesaurus 40</codeSystemName></value>";
    let by_broken_text = by_text.replace("113883.2.4", "113883<!-- x -->.2.4");
    for ica in [value, by_text, by_name, &by_broken_text] {
        for act in [
            format!("<observation classCode='OBS' moodCode='EVN'>{ica}</observation>"),
            format!(
                "<act classCode='ACT' moodCode='EVN'><text>ICAWOORD</text><entryRelationship typeCode='SUBJ'>{ica}</entryRelationship></act>"
            ),
            format!(
                "<substanceAdministration classCode='SBADM' moodCode='RQO'><rest>{ica}</rest></substanceAdministration>"
            ),
        ] {
            for interaction in [
                "REPC_IN990111NL",
                "POOB_IN990003NL",
                "QUMA_IN991203NL02",
                "PRPA_IN900350NL",
            ] {
                let with = block(interaction, &(component(&act) + ENTRY));
                let without = block(interaction, ENTRY);
                let read = read_all(&with, Scope::WithoutIca);
                let of_cut = read_all(&without, Scope::WithoutIca);
                assert_eq!(read.shown, of_cut.shown, "{interaction} {act}");
                assert_eq!(read.findings, of_cut.findings);
                let full = read_all(&with, Scope::Full);
                assert_eq!(full.coverage.lost, 0);
                assert_eq!(
                    full.record().contraindications.len(),
                    1,
                    "{interaction} {act}"
                );
            }
        }
    }
}

#[test]
fn words_about_allergies_are_no_ica() {
    let inside = soep(
        "61150-9",
        "CAVE penicilline, allergie voor noten; zie Thesaurus 40",
        "",
    );
    let (read, findings) = record("REPC_IN990101NL", &report("v1", "c1", &inside));
    assert!(findings.is_empty() && read.allergies.is_empty() && read.contraindications.is_empty());
    let text = block("REPC_IN990101NL", &report("v1", "c1", &inside));
    assert_eq!(
        read_all(&text, Scope::WithoutIca).records,
        read_all(&text, Scope::Full).records
    );
    assert!(!opened(&text).parts()[0].has_ica);
}

#[test]
fn a_block_of_ica_among_others_leaves_no_trace() {
    let others = |between: &str| {
        block("POOB_IN990003NL", ENTRY)
            + between
            + &block(
                "REPC_IN990111NL",
                &component(&format!(
                    "<act classCode='ACT' moodCode='EVN'><text>Astma</text>{}</act>",
                    concern_reference("x")
                )),
            )
    };
    let without = batch(2, &others(""));
    for interaction in [
        "REPC_IN990131NL",
        "REPC_IN990121NL",
        "REPC_IN000024NL",
        "REPC_IN000016NL",
    ] {
        let ica = block(
            interaction,
            &component(
                "<observation classCode='OBS' moodCode='EVN'><text>ICAWOORD</text></observation>",
            ),
        );
        let with = batch(3, &others(&ica));
        assert_eq!(
            read_all(&with, Scope::WithoutIca).shown,
            read_all(&without, Scope::WithoutIca).shown,
            "{interaction}"
        );
        assert!(
            read_all(&with, Scope::Full)
                .shown
                .to_string()
                .contains("ICAWOORD")
        );
    }
}

#[test]
fn an_organizer_that_calls_itself_allergies_is_ica_in_whatever_block() {
    let text = block(
        "POOB_IN990003NL",
        &format!("<code code='48765-2' codeSystem='2.16.840.1.113883.6.1'/>{ENTRY}"),
    );
    let hidden = read_all(&text, Scope::WithoutIca);
    assert!(hidden.record().measurements.is_empty());
    let full = read_all(&text, Scope::Full);
    assert_eq!(full.coverage.lost, 0);
    assert!(!full.record().allergies.is_empty());
}

#[test]
fn an_allergy_is_ica_by_its_template_or_its_agent_in_whatever_block() {
    let agent = "<participant typeCode='CSM'><participantRole classCode='MANU'><playingEntity classCode='MMAT'><code code='ICAWOORD'/>\
         </playingEntity></participantRole></participant>";
    let allergy = "<value xsi:type='CD' code='419199007' codeSystem='2.16.840.1.113883.6.96'/>";
    for act in [
        format!("<observation classCode='OBS' moodCode='EVN'>{allergy}{agent}</observation>"),
        "<observation classCode='OBS' moodCode='EVN'><templateId root='2.16.840.1.113883.2.4.3.11.60.66.10.216'/><text>ICAWOORD</text></observation>"
            .to_owned(),
        "<act classCode='ACT' moodCode='EVN'><templateId root='2.16.840.1.113883.2.4.3.11.60.66.10.215'/><text>ICAWOORD</text></act>".to_owned(),
    ] {
        let with = block("POOB_IN990003NL", &(component(&act) + ENTRY));
        let without = block("POOB_IN990003NL", ENTRY);
        assert_eq!(
            read_all(&with, Scope::WithoutIca).shown,
            read_all(&without, Scope::WithoutIca).shown,
            "{act}"
        );
        let full = read_all(&with, Scope::Full);
        assert_eq!(full.coverage.lost, 0);
        assert!(full.shown.to_string().contains("ICAWOORD"));
    }
    let episode = component(&format!(
        "<observation classCode='OBS' moodCode='EVN'>{allergy}</observation>"
    ));
    let text = block("REPC_IN990111NL", &episode);
    assert!(!opened(&text).parts()[0].has_ica, "an episode is no ICA");
}

#[test]
fn a_dispense_that_names_a_contra_indication_takes_no_other_dispense_with_it() {
    let event = |inside: &str| {
        format!(
            "<component><medicationDispenseEvent><id extension='1' root='1'/>{inside}</medicationDispenseEvent></component>"
        )
    };
    let ica = event(
        "<product><rest><code code='ICAWOORD' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/></rest></product>",
    );
    let list = |inside: &str| {
        super::around(
            "QURX_IN990113NL",
            &format!(
                "<subject><MedicationDispenseList>{inside}</MedicationDispenseList></subject>"
            ),
        )
    };
    let with = list(&(event("") + &ica));
    let without = list(&event(""));
    assert_eq!(
        read_all(&with, Scope::WithoutIca).shown,
        read_all(&without, Scope::WithoutIca).shown
    );
    let full = read_all(&with, Scope::Full);
    assert_eq!(full.record().medication.len(), 1);
    assert_eq!(full.record().contraindications.len(), 1);
}

#[test]
fn a_treatment_limit_that_this_installation_knows_stands_with_the_others_and_is_no_ica() {
    let limit = component(&format!(
        "<observation classCode='OBS' moodCode='EVN'><code code='BEHANDELGRENS' codeSystem='{}'/><text>Niet reanimeren</text></observation>",
        crate::readers::TRAINING_LIMIT_SYSTEM
    ));
    for scope in [Scope::Full, Scope::WithoutIca] {
        let whole = read_all(&block("REPC_IN990111NL", &limit), scope);
        assert_eq!(
            whole.record().treatment_limits[0].text.as_deref(),
            Some("Niet reanimeren")
        );
        assert!(whole.record().episodes.is_empty());
    }
}
