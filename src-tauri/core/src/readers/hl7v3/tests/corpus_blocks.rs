//! Public building blocks.
use super::corpus::files;
use super::read_all;
use crate::readers::Scope;

#[test]
fn dump() {
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let Ok(opened) = super::super::open(text, &crate::readers::Profile::training()) else {
            continue;
        };
        println!("=== {}", path.file_name().unwrap().to_string_lossy());
        for h in opened.parts() {
            println!(
                "   {} {:?} content {} patients {} ura {:?} {:?}",
                h.interaction,
                h.outcome,
                h.has_content,
                h.patients,
                h.organisation_ura,
                h.organisation_name
            );
        }
        let whole = read_all(text, Scope::Full);
        println!("  {:?}", whole.coverage);
        for r in &whole.records {
            println!(
                "  e{} c{} p{:?} med{} m{} l{} al{} i{} x{}",
                r.episodes.len(),
                r.contacts.len(),
                r.contacts.iter().map(|c| c.partials.len()).sum::<usize>(),
                r.medication.len(),
                r.measurements.len(),
                r.laboratory.len(),
                r.alerts.len(),
                r.allergies.len(),
                r.contraindications.len()
            );
            for u in &r.unrecognised {
                println!(
                    "     U {} {:?}",
                    u.path,
                    u.values
                        .iter()
                        .map(|f| format!("{}={}", f.name, f.value))
                        .collect::<Vec<_>>()
                );
            }
            for s in r.allergies.iter().chain(&r.contraindications) {
                println!(
                    "     S {:?} {:?}",
                    s.kind,
                    s.details.iter().map(|d| &d.name).collect::<Vec<_>>()
                );
            }
        }
        let mut fs: Vec<_> = whole
            .findings
            .iter()
            .map(|f| format!("{:?} {}", f.code, f.path))
            .collect();
        fs.dedup();
        for f in fs.iter().take(12) {
            println!("     F {f}");
        }
    }
}
