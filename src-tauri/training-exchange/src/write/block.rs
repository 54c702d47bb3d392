//! The eight building blocks of acute care, each from what a source has.

use inzage_core::domain::summary::{
    Contact, Diagnosis, Episode, Measurement, Medication, PartialContact, Statement,
};

use super::derived::Derived;
use super::hl7::{
    ACT_CODE, LOINC, SNOMED, author, code, coded, concern, ids, in_contact, of_episode, performer,
    record_target, reference_range, responsible, status, template, time, value,
};
use super::xml::Xml;

/// A building block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    Episodes,
    Contacts,
    Reports,
    Measurements,
    Laboratory,
    Agreements,
    Alerts,
    Allergies,
}

/// What identifies a block on the wire: interaction, template, code, its system and its name.
type Identity = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

impl Block {
    /// All of them, in the order of a batch.
    pub(crate) const ALL: [Self; 8] = [
        Self::Episodes,
        Self::Contacts,
        Self::Reports,
        Self::Measurements,
        Self::Laboratory,
        Self::Agreements,
        Self::Alerts,
        Self::Allergies,
    ];

    /// The block of an interaction.
    pub(crate) fn named(interaction: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|block| block.interaction() == interaction)
    }

    pub(crate) const fn interaction(self) -> &'static str {
        self.identity().0
    }

    const fn identity(self) -> Identity {
        const T: [&str; 8] = [
            "2.16.840.1.113883.2.4.3.11.60.66.10.16",
            "2.16.840.1.113883.2.4.3.11.60.66.10.10",
            "2.16.840.1.113883.2.4.3.11.60.66.10.14",
            "2.16.840.1.113883.2.4.3.11.60.66.10.8",
            "2.16.840.1.113883.2.4.3.11.60.66.10.77",
            "2.16.840.1.113883.2.4.3.11.60.20.77.10.9265",
            "2.16.840.1.113883.2.4.3.11.60.66.10.18",
            "2.16.840.1.113883.2.4.3.11.60.66.10.20",
        ];
        let [
            episodes,
            contacts,
            reports,
            measurements,
            laboratory,
            agreements,
            alerts,
            allergies,
        ] = T;
        match self {
            Self::Episodes => (
                "REPC_IN990111NL",
                episodes,
                "75310-3",
                LOINC,
                "Health concerns",
            ),
            Self::Contacts => (
                "PRPA_IN900350NL",
                contacts,
                "46240-8",
                LOINC,
                "History of encounters",
            ),
            Self::Reports => (
                "REPC_IN990101NL",
                reports,
                "34900-1",
                LOINC,
                "Progress note",
            ),
            Self::Measurements => (
                "POOB_IN990003NL",
                measurements,
                "27899-4",
                LOINC,
                "Diagnostic studies, non-lab",
            ),
            Self::Laboratory => (
                "POLB_IN364001NL03",
                laboratory,
                "26436-6",
                LOINC,
                "Laboratory studies",
            ),
            Self::Agreements => (
                "QUMA_IN991203NL02",
                agreements,
                "419891008",
                SNOMED,
                "Medicatiegegevens",
            ),
            Self::Alerts => ("REPC_IN990121NL", alerts, "74018-3", LOINC, "Alert"),
            Self::Allergies => (
                "REPC_IN990131NL",
                allergies,
                "48765-2",
                LOINC,
                "Allergies and/or adverse reactions",
            ),
        }
    }
}

/// The organizer of a block with everything a source has for it.
pub(super) fn organizer(block: Block, of: &Derived) -> String {
    let (_, root, own_code, system, display) = block.identity();
    let mut x = Xml::default();
    let attributes = [("classCode", Some("CLUSTER")), ("moodCode", Some("EVN"))];
    x.element("organizer", &attributes, |x| {
        template(x, root);
        code(x, own_code, system, display);
        status(x, "completed");
        if let Some(patient) = &of.record.patient {
            record_target(x, patient);
        }
        entries(x, block, of);
    });
    x.finish()
}

fn entries(x: &mut Xml, block: Block, of: &Derived) {
    let record = &of.record;
    let is_laboratory = |m: &&Measurement| !m.reference_ranges.is_empty();
    match block {
        Block::Episodes => record
            .episodes
            .iter()
            .for_each(|e| component(x, |x| episode(x, e))),
        Block::Contacts => record
            .contacts
            .iter()
            .for_each(|c| component(x, |x| contact(x, c, of))),
        Block::Reports => {
            for held in &record.contacts {
                for (nr, partial) in held.partials.iter().enumerate() {
                    component(x, |x| report(x, held, nr, partial, of));
                }
            }
        }
        Block::Measurements => {
            let all = record.measurements.iter().filter(|m| !is_laboratory(m));
            all.for_each(|m| component(x, |x| measurement(x, m, false)));
        }
        Block::Laboratory => {
            let all = record.measurements.iter().filter(is_laboratory);
            all.chain(&record.laboratory)
                .for_each(|m| component(x, |x| measurement(x, m, true)));
        }
        Block::Agreements => record.medication.iter().for_each(|m| agreement(x, m, of)),
        Block::Alerts => alerts(x, of),
        Block::Allergies => record
            .allergies
            .iter()
            .for_each(|s| component(x, |x| allergy(x, s, of))),
    }
}

fn component(x: &mut Xml, content: impl FnOnce(&mut Xml)) {
    let attributes = [
        ("typeCode", Some("COMP")),
        ("contextControlCode", Some("OP")),
    ];
    x.element("component", &attributes, content);
}

fn event(x: &mut Xml, name: &str, class: &str, content: impl FnOnce(&mut Xml)) {
    x.element(
        name,
        &[("classCode", Some(class)), ("moodCode", Some("EVN"))],
        content,
    );
}

fn related(x: &mut Xml, kind: &str, content: impl FnOnce(&mut Xml)) {
    x.element("entryRelationship", &[("typeCode", Some(kind))], content);
}

fn episode(x: &mut Xml, episode: &Episode) {
    event(x, "act", "ACT", |x| {
        template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.212");
        ids(x, &episode.ids);
        concern(x);
        if let Some(title) = &episode.title {
            x.text("text", title);
        }
        status(
            x,
            if episode.closed {
                "completed"
            } else {
                "active"
            },
        );
        time(x, "effectiveTime", None, &episode.period);
        if let Some(by) = &episode.author {
            author(x, by, episode.period.anchor());
        }
        if let Some(problem) = &episode.problem {
            related(x, "SUBJ", |x| {
                event(x, "observation", "OBS", |x| {
                    template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.213");
                    ids(x, &episode.problem_ids);
                    code(x, "282291009", SNOMED, "Diagnosis");
                    if let Some(text) = &episode.problem_text {
                        x.text("text", text);
                    }
                    status(x, "completed");
                    coded(x, "value", Some("CD"), problem);
                });
            });
        }
    });
}

fn contact(x: &mut Xml, contact: &Contact, of: &Derived) {
    event(x, "encounter", "ENC", |x| {
        template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.201");
        ids(x, &contact.ids);
        if let Some(kind) = &contact.kind {
            coded(x, "code", None, kind);
        }
        if let Some(text) = &contact.text {
            x.text("text", text);
        }
        time(x, "effectiveTime", None, &contact.period);
        if let Some(by) = &contact.author {
            performer(x, by);
        }
        let mut episodes: Vec<_> = contact
            .partials
            .iter()
            .flat_map(|partial| &partial.lines)
            .flat_map(|line| of.episode_ids(&line.episodes))
            .collect();
        episodes.sort();
        episodes.dedup();
        episodes.iter().for_each(|episode| of_episode(x, episode));
    });
}

fn report(x: &mut Xml, contact: &Contact, nr: usize, partial: &PartialContact, of: &Derived) {
    event(x, "act", "ACT", |x| {
        template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.207");
        report_id(x, contact, nr);
        code(x, "34900-1", LOINC, "General medicine Progress note");
        status(x, "completed");
        let at = contact.period.anchor().map(|date| date.raw.as_str());
        x.empty("effectiveTime", &[("value", at)]);
        if let Some(by) = partial.author.as_ref().or(contact.author.as_ref()) {
            responsible(x, by, "ASSIGNED");
        }
        in_contact(x, &contact.ids);
        let mut of_partial: Vec<_> = partial
            .lines
            .iter()
            .flat_map(|line| of.episode_ids(&line.episodes))
            .collect();
        of_partial.sort();
        of_partial.dedup();
        of_partial.iter().for_each(|episode| of_episode(x, episode));
        let mut diagnoses = Some(&partial.diagnoses);
        for line in &partial.lines {
            let kind = line.kind.code.as_deref().unwrap_or_default();
            let with = if kind == "E" { diagnoses.take() } else { None };
            journal_line(x, kind, line.text.as_deref(), with);
        }
        if let Some(left) = diagnoses.filter(|left| !left.is_empty()) {
            journal_line(x, "E", None, Some(left));
        }
    });
}

/// A report's own id: the contact's, one level deeper and with its number.
fn report_id(x: &mut Xml, contact: &Contact, nr: usize) {
    if let Some(id) = contact.ids.first() {
        let extension = format!("{}-{}", id.extension.as_deref().unwrap_or_default(), nr + 1);
        let root = format!("{}.99", id.root.as_deref().unwrap_or_default());
        x.empty(
            "id",
            &[("extension", Some(&extension)), ("root", Some(&root))],
        );
    }
}

fn journal_line(x: &mut Xml, kind: &str, text: Option<&str>, diagnoses: Option<&Vec<Diagnosis>>) {
    let (number, loinc, display) = match kind {
        "S" => ("208", "61150-9", "Subjective Narrative"),
        "O" => ("209", "61149-1", "Objective Narrative"),
        "P" => ("211", "18776-5", "Plan of treatment"),
        _ => ("210", "51848-0", "Evaluation note"),
    };
    related(x, "COMP", |x| {
        event(x, "act", "ACT", |x| {
            template(x, &format!("2.16.840.1.113883.2.4.3.11.60.66.10.{number}"));
            code(x, loinc, LOINC, display);
            if let Some(text) = text {
                x.text("text", text);
            }
            status(x, "completed");
            for diagnosis in diagnoses.into_iter().flatten() {
                related(x, "REFR", |x| {
                    event(x, "observation", "OBS", |x| {
                        template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.213");
                        ids(x, &diagnosis.ids);
                        code(x, "282291009", SNOMED, "Diagnosis");
                        if let Some(text) = &diagnosis.text {
                            x.text("text", text);
                        }
                        status(x, "completed");
                        time(x, "effectiveTime", None, &diagnosis.period);
                        coded(x, "value", Some("CD"), &diagnosis.value);
                    });
                });
            }
        });
    });
}

fn measurement(x: &mut Xml, measurement: &Measurement, is_laboratory: bool) {
    event(x, "observation", "OBS", |x| {
        let root = if is_laboratory {
            "2.16.840.1.113883.2.4.3.11.60.7.10.31"
        } else {
            "2.16.840.1.113883.2.4.3.11.60.66.10.202"
        };
        template(x, root);
        ids(x, &measurement.ids);
        coded(x, "code", None, &measurement.what);
        if let Some(text) = &measurement.text {
            x.text("text", text);
        }
        status(x, "completed");
        time(x, "effectiveTime", None, &measurement.at);
        value(x, &measurement.value);
        for interpretation in &measurement.interpretations {
            coded(x, "interpretationCode", None, interpretation);
        }
        if let Some(by) = &measurement.author {
            responsible(x, by, if is_laboratory { "ROL" } else { "ASSIGNED" });
        }
        for range in &measurement.reference_ranges {
            reference_range(x, range);
        }
    });
}

/// Every use of a prescription is an agreement of its own.
fn agreement(x: &mut Xml, medication: &Medication, of: &Derived) {
    let none = [inzage_core::domain::summary::clinical::MedicationUse::default()];
    let uses = if medication.uses.is_empty() {
        none.as_slice()
    } else {
        medication.uses.as_slice()
    };
    for used in uses {
        component(x, |x| {
            let attributes = [("classCode", Some("SBADM")), ("moodCode", Some("RQO"))];
            x.element("substanceAdministration", &attributes, |x| {
                template(x, "2.16.840.1.113883.2.4.3.11.60.20.77.10.9235");
                ids(
                    x,
                    if used.ids.is_empty() {
                        &medication.ids
                    } else {
                        &used.ids
                    },
                );
                code(x, "16076005", SNOMED, "Medicatieafspraak");
                if let Some(text) = &used.text {
                    x.text("text", text);
                }
                time(x, "effectiveTime", Some("IVL_TS"), &used.period);
                if let Some(route) = &used.route {
                    coded(x, "routeCode", None, route);
                }
                product(x, medication);
                if let Some(by) = medication.author.as_ref().or(of.record.author.as_ref()) {
                    author(x, by, used.period.anchor());
                }
                let contact = of
                    .record
                    .contacts
                    .iter()
                    .find(|c| Some(&c.key) == medication.contact.as_ref());
                if let Some(contact) = contact {
                    in_contact(x, &contact.ids);
                }
            });
        });
    }
}

fn product(x: &mut Xml, medication: &Medication) {
    x.element("consumable", &[], |x| {
        x.element("manufacturedProduct", &[], |x| {
            let attributes = [
                ("classCode", Some("MMAT")),
                ("determinerCode", Some("KIND")),
            ];
            x.element("manufacturedMaterial", &attributes, |x| {
                coded(x, "code", None, &medication.product);
            });
        });
    });
}

/// Contra-indications, and what the summary has beside the lists: attention lines and treatment
/// limits, by their own codes.
fn alerts(x: &mut Xml, of: &Derived) {
    for statement in &of.record.contraindications {
        let value = statement.value.as_ref();
        alert(
            x,
            &statement.ids,
            value,
            statement.text.as_deref(),
            &statement.period,
        );
    }
    for limit in &of.record.treatment_limits {
        alert(
            x,
            &limit.ids,
            limit.code.as_ref(),
            limit.text.as_deref(),
            &limit.period,
        );
    }
    for line in &of.record.attention_lines {
        alert(
            x,
            &line.ids,
            line.code.as_ref(),
            line.text.as_deref(),
            &line.period,
        );
    }
}

fn alert(
    x: &mut Xml,
    of: &[inzage_core::domain::coded::Identifier],
    what: Option<&inzage_core::domain::coded::Coded>,
    text: Option<&str>,
    period: &inzage_core::domain::date::Period,
) {
    component(x, |x| {
        event(x, "observation", "OBS", |x| {
            template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.214");
            ids(x, of);
            code(x, "74018-3", LOINC, "Alert");
            if let Some(text) = text {
                x.text("text", text);
            }
            status(x, "completed");
            time(x, "effectiveTime", None, period);
            if let Some(what) = what {
                coded(x, "value", Some("CE"), what);
            }
        });
    });
}

fn allergy(x: &mut Xml, statement: &Statement, of: &Derived) {
    use inzage_core::domain::state::StatementKind as Kind;
    let is_about_all = matches!(
        statement.kind,
        Kind::NoneKnown | Kind::NoInformation | Kind::Scoped
    );
    event(x, "act", "ACT", |x| {
        template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.215");
        ids(x, &statement.ids);
        concern(x);
        status(x, "active");
        time(x, "effectiveTime", None, &statement.period);
        related(x, "SUBJ", |x| {
            let negated = statement
                .negated
                .map(|is| if is { "true" } else { "false" });
            let attributes = [
                ("classCode", Some("OBS")),
                ("moodCode", Some("EVN")),
                ("negationInd", negated),
            ];
            x.element("observation", &attributes, |x| {
                template(x, "2.16.840.1.113883.2.4.3.11.60.66.10.216");
                code(x, "ASSERTION", ACT_CODE, "Assertion");
                if let Some(text) = &statement.text {
                    x.text("text", text);
                }
                status(x, "completed");
                time(x, "effectiveTime", None, &statement.period);
                match &statement.value {
                    Some(value) if is_about_all => coded(x, "value", Some("CD"), value),
                    _ => substance(x),
                }
                if let Some(by) = statement.author.as_ref().or(of.record.author.as_ref()) {
                    author(x, by, statement.period.anchor());
                }
                if let Some(agent) = statement.value.as_ref().filter(|_| !is_about_all) {
                    consumed(x, agent);
                }
            });
        });
    });
}

/// That it is an allergy or intolerance to a substance.
fn substance(x: &mut Xml) {
    x.empty(
        "value",
        &[
            ("xsi:type", Some("CD")),
            ("code", Some("419199007")),
            ("codeSystem", Some(SNOMED)),
            ("displayName", Some("allergie voor substantie")),
        ],
    );
}

fn consumed(x: &mut Xml, agent: &inzage_core::domain::coded::Coded) {
    x.element("participant", &[("typeCode", Some("CSM"))], |x| {
        x.element("participantRole", &[("classCode", Some("MANU"))], |x| {
            let attributes = [
                ("classCode", Some("MMAT")),
                ("determinerCode", Some("INSTANCE")),
            ];
            x.element("playingEntity", &attributes, |x| {
                coded(x, "code", None, agent)
            });
        });
    });
}
