//! A source's record as a FHIR R4 document in the shape of the International Patient Summary 2.0.
//!
//! Attention lines and contacts, which that guide does not know, are sections of their own.

use inzage_core::domain::coded::Coded;
use inzage_core::domain::summary::Measurement;
use inzage_core::readers::TRAINING_MARKER_SYSTEM;
use uuid::Uuid;

use super::batch::Reply;
use super::block::Block;
use super::derived::Derived;
use super::fhir::{coding, concept, outcome};
use super::narrative::generated;
use super::resources::{self, Context, reference};
use super::tree::Object;

const LOINC: &str = "http://loinc.org";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const EMPTY: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";

/// An entry of the document: its address, its resource, and its line in the narrative.
struct Entry {
    url: String,
    resource: Object,
    line: Option<String>,
}

/// A section while it is made.
struct Section {
    title: &'static str,
    system: &'static str,
    code: &'static str,
    /// The building block whose answer decides what becomes of it.
    block: Option<Block>,
    /// Whether the guide demands it, empty or not.
    always: bool,
    entries: Vec<Entry>,
}

/// The whole document. What a building block does not bring is an empty section that says so, with
/// an `OperationOutcome` beside it where something went wrong.
pub(crate) fn document(of: &Derived, reply: impl Fn(Block) -> Reply) -> Object {
    let urls: [String; 4] = std::array::from_fn(|_| url());
    let [composition, patient, practitioner, organisation] = &urls;
    let context = Context {
        patient,
        practitioner,
        organisation,
        author: of.record.author.as_ref(),
    };
    let mut sections = sections(of, context);
    let mut outcomes = Vec::new();
    for section in &mut sections {
        let reply = section.block.map_or(Reply::Deliver, &reply);
        if !reply.brings() {
            section.entries.clear();
        }
        outcomes.extend(went_wrong(section.title, reply));
    }
    let written = sections
        .iter()
        .filter(|section| section.always || !section.entries.is_empty())
        .map(|section| section.written(section.block.map_or(Reply::Deliver, &reply)));
    let head = self::composition(of, context, written.collect());
    let author = of.record.author.as_ref();
    let people = [
        (
            patient,
            of.record
                .patient
                .as_ref()
                .map(|p| resources::patient(p, context)),
        ),
        (practitioner, Some(resources::practitioner(author))),
        (
            organisation,
            Some(resources::organisation(&of.ura, &of.name, author)),
        ),
    ];
    let people = people
        .into_iter()
        .filter_map(|(url, resource)| Some(entry(url, resource?)));
    let entries = sections
        .iter()
        .flat_map(|section| &section.entries)
        .map(|one| entry(&one.url, one.resource.clone()));
    let outcomes = outcomes.into_iter().map(|one| entry(&url(), one));
    bundle(of).list(
        "entry",
        std::iter::once(entry(composition, head))
            .chain(people)
            .chain(entries)
            .chain(outcomes),
    )
}

/// A list of matches: what a search answers.
pub(crate) fn listed(matches: Vec<(String, Object)>) -> Object {
    Object::resource("Bundle")
        .with("type", "searchset")
        .with(
            "total",
            super::tree::Tree::Number(matches.len().to_string()),
        )
        .list(
            "entry",
            matches.into_iter().map(|(url, resource)| {
                entry(&url, resource).with("search", Object::new().with("mode", "match"))
            }),
        )
}

fn bundle(of: &Derived) -> Object {
    let marker = of
        .marker
        .map(|code| coding(&format!("urn:uuid:{TRAINING_MARKER_SYSTEM}"), code, None));
    let meta = Object::new()
        .list(
            "profile",
            ["http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips"],
        )
        .list("security", marker);
    Object::resource("Bundle")
        .with("meta", meta)
        .with(
            "identifier",
            Object::new()
                .with("system", "urn:ietf:rfc:3986")
                .with("value", url()),
        )
        .with("type", "document")
        .with("timestamp", now())
}

fn composition(of: &Derived, context: Context<'_>, sections: Vec<Object>) -> Object {
    let type_of = Object::new().list(
        "coding",
        [coding(LOINC, "60591-5", Some("Patient summary Document"))],
    );
    Object::resource("Composition")
        .with("status", "final")
        .with("type", type_of)
        .with("subject", reference(context.patient))
        .with("date", now())
        .list("author", [reference(context.practitioner)])
        .with("title", format!("Samenvatting, {}", of.name))
        .with("custodian", reference(context.organisation))
        .list("section", sections)
}

impl Section {
    fn written(&self, reply: Reply) -> Object {
        let code = Object::new().list("coding", [coding(self.system, self.code, None)]);
        let lines: Vec<String> = self.entries.iter().filter_map(|e| e.line.clone()).collect();
        let text = generated(self.title, &lines, "Geen gegevens in dit document.");
        let section = Object::new()
            .with("title", self.title)
            .with("code", code)
            .with("text", text)
            .list(
                "entry",
                self.entries.iter().map(|entry| reference(&entry.url)),
            );
        if !self.entries.is_empty() {
            return section;
        }
        let why = match reply {
            Reply::Restricted => "withheld",
            _ => "unavailable",
        };
        section.with("emptyReason", concept(EMPTY, why))
    }
}

/// What stands beside a section that is not whole.
fn went_wrong(title: &str, reply: Reply) -> Option<Object> {
    let (severity, code, own, why) = match reply {
        Reply::Deliver | Reply::NothingFound | Reply::Restricted => return None,
        Reply::RefusedElsewhere => (
            "error",
            "forbidden",
            Some("AUTERR_SWV_FALSE"),
            "een zorgaanbieder buiten de regio heeft ook gegevens",
        ),
        Reply::Error => (
            "error",
            "timeout",
            Some("QABRTITI"),
            "het bronsysteem antwoordde niet op tijd",
        ),
        Reply::MoreRemaining => (
            "warning",
            "incomplete",
            None,
            "er zijn meer gegevens dan hier staan",
        ),
        Reply::UnknownAck => (
            "warning",
            "unknown",
            None,
            "het bronsysteem gaf een onbekend antwoord",
        ),
        Reply::Missing => (
            "error",
            "incomplete",
            None,
            "aangekondigd en niet aangekomen",
        ),
    };
    Some(outcome(severity, code, own, &format!("{title}: {why}")))
}

fn sections(of: &Derived, context: Context<'_>) -> Vec<Section> {
    let record = &of.record;
    let is_result = |m: &&Measurement| !m.reference_ranges.is_empty();
    let (closed, open): (Vec<_>, Vec<_>) = record.episodes.iter().partition(|e| e.closed);
    let problem = |e: &&inzage_core::domain::summary::Episode| {
        one(
            resources::episode(e, context),
            e.title.clone().or_else(|| label(e.problem.as_ref())),
        )
    };
    let measured = |m: &Measurement, kind| {
        one(
            resources::measurement(m, kind, context),
            label(Some(&m.what)),
        )
    };
    let results = record
        .measurements
        .iter()
        .filter(is_result)
        .chain(&record.laboratory);
    let vital = record.measurements.iter().filter(|m| !is_result(m));
    let allergies = record.allergies.iter().map(|s| {
        one(
            resources::allergy(s, context),
            s.text.clone().or_else(|| label(s.value.as_ref())),
        )
    });
    let flags = record.contraindications.iter().map(|s| {
        one(
            resources::contraindication(s, context),
            s.text.clone().or_else(|| label(s.value.as_ref())),
        )
    });
    let limits = record
        .treatment_limits
        .iter()
        .map(|s| one(resources::treatment_limit(s, context), s.text.clone()));
    let lines = record
        .attention_lines
        .iter()
        .map(|l| one(resources::attention_line(l, context), l.text.clone()));
    let medication = record
        .medication
        .iter()
        .map(|m| one(resources::medication(m, context), label(Some(&m.product))));
    let section = |title, code, block, always, entries: Vec<Entry>| Section {
        title,
        system: LOINC,
        code,
        block,
        always,
        entries,
    };
    vec![
        section(
            "Problemen",
            "11450-4",
            Some(Block::Episodes),
            true,
            open.iter().map(problem).collect(),
        ),
        section(
            "Allergieën en intoleranties",
            "48765-2",
            Some(Block::Allergies),
            true,
            allergies.collect(),
        ),
        section(
            "Medicatie",
            "10160-0",
            Some(Block::Agreements),
            true,
            medication.collect(),
        ),
        section(
            "Eerdere problemen",
            "11348-0",
            Some(Block::Episodes),
            false,
            closed.iter().map(problem).collect(),
        ),
        section(
            "Waarschuwingen",
            "104605-1",
            Some(Block::Alerts),
            false,
            flags.collect(),
        ),
        section("Behandelgrenzen", "42348-3", None, false, limits.collect()),
        section(
            "Uitslagen",
            "30954-2",
            Some(Block::Laboratory),
            false,
            results.map(|m| measured(m, "laboratory")).collect(),
        ),
        section(
            "Metingen",
            "8716-3",
            Some(Block::Measurements),
            false,
            vital.map(|m| measured(m, "vital-signs")).collect(),
        ),
        section(
            "Contacten",
            "46240-8",
            Some(Block::Contacts),
            false,
            contacts(of, context),
        ),
        Section {
            system: ACT_CODE,
            ..section("Attentieregels", "ATT", None, false, lines.collect())
        },
    ]
}

/// Every contact with its journal lines.
fn contacts(of: &Derived, context: Context<'_>) -> Vec<Entry> {
    let mut out = Vec::new();
    for held in &of.record.contacts {
        let contact = one(resources::contact(held, context), label(held.kind.as_ref()));
        let lines = held.partials.iter().flat_map(|partial| &partial.lines);
        let lines: Vec<Entry> = lines
            .map(|line| {
                let resource = resources::journal_line(line, held, &contact.url, context);
                one(resource, line.text.clone())
            })
            .collect();
        out.push(contact);
        out.extend(lines);
    }
    out
}

fn one(resource: Object, line: Option<String>) -> Entry {
    Entry {
        url: url(),
        resource,
        line,
    }
}

fn label(code: Option<&Coded>) -> Option<String> {
    code.and_then(Coded::label).map(str::to_owned)
}

fn entry(url: &str, resource: Object) -> Object {
    Object::new()
        .with("fullUrl", url)
        .with("resource", resource)
}

fn url() -> String {
    format!("urn:uuid:{}", Uuid::new_v4())
}

/// Now, to the second and with its offset.
fn now() -> String {
    chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}
