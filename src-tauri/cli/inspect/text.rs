//! The inspection for people: what the screen would say, in plain lines.

use core::fmt::Write;

use inzage_core::domain::consent::Decision;
use inzage_core::domain::date::Period;
use inzage_core::domain::disclosure::Outcome;
use inzage_core::domain::state::{State, StatementKind};
use inzage_core::domain::summary::document::{Block, NarrativeWeight};
use inzage_core::domain::summary::{Entry, MeasuredValue, Measurement, Part, Summary};

use crate::app::Disclosed;

/// The inspection of a disclosed file, as text.
pub(super) fn render(disclosed: &Disclosed, outcome: Outcome) -> String {
    let summary = disclosed.summary();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, summary, outcome);
    out
}

fn write_all(out: &mut String, summary: &Summary, outcome: Outcome) -> core::fmt::Result {
    match outcome {
        Outcome::Permit => {}
        Outcome::Refuse(reason) => {
            writeln!(out, "Refused: {}. Nothing is shown.", name(&reason))?;
        }
        Outcome::Unreadable => writeln!(out, "Not readable. Nothing is shown.")?,
    }
    for source in &summary.sources {
        let basis = source
            .basis
            .as_ref()
            .map_or_else(|| "basis not concluded".to_owned(), name);
        let decision = match source.decision {
            Some(Decision::Permit { .. }) => "permitted".to_owned(),
            Some(Decision::Refuse { reason }) => format!("refused: {}", name(&reason)),
            None => "nothing to decide on".to_owned(),
        };
        writeln!(
            out,
            "Source {} {}: {basis}, {decision}",
            source.key, source.name
        )?;
    }
    if outcome == Outcome::Permit {
        write_content(out, summary)?;
    }
    for finding in &summary.findings {
        writeln!(
            out,
            "Finding {} ({}) {}",
            name(&finding.code),
            name(&finding.severity),
            finding.path
        )?;
    }
    Ok(())
}

fn write_content(out: &mut String, summary: &Summary) -> core::fmt::Result {
    if let Some(patient) = &summary.patient {
        writeln!(
            out,
            "Patient {}, {}",
            patient.name.family.to_uppercase(),
            patient.name.given
        )?;
    }
    if summary.ask.is_some() {
        writeln!(
            out,
            "ASK THE PATIENT about allergies, intolerances and contra-indications: they were not shared."
        )?;
    }
    write_part(out, "Allergies and intolerances", &summary.allergies)?;
    write_part(out, "Contra-indications", &summary.contraindications)?;
    write_part(out, "Treatment limits", &summary.treatment_limits)?;
    for line in &summary.attention_lines {
        writeln!(
            out,
            "Attention: {} {}",
            line.text.as_deref().unwrap_or("-"),
            when(&line.period)
        )?;
    }
    writeln!(out, "Episodes: {}", summary.episodes.len())?;
    for episode in &summary.episodes {
        let flag = if episode.flagged { "! " } else { "  " };
        let code = episode
            .problem
            .as_ref()
            .and_then(|p| p.code.as_deref())
            .unwrap_or("");
        let closed = if episode.closed { " (closed)" } else { "" };
        writeln!(
            out,
            "{flag}{} {code}{closed} {}",
            episode.title.as_deref().unwrap_or("-"),
            when(&episode.period)
        )?;
    }
    writeln!(
        out,
        "Prescriptions (not certainly current use): {}",
        summary.medication.len()
    )?;
    for medication in &summary.medication {
        let used = medication.uses.first();
        let dose = used.and_then(|u| u.text.as_deref()).unwrap_or("");
        let period = used.map_or_else(String::new, |u| when(&u.period));
        writeln!(
            out,
            "  {} {dose} {period}",
            medication.product.label().unwrap_or("-")
        )?;
    }
    writeln!(out, "Contacts: {}", summary.contacts.len())?;
    for contact in &summary.contacts {
        let kind = contact
            .kind
            .as_ref()
            .and_then(|k| k.label())
            .unwrap_or("contact");
        writeln!(out, "  {} {kind}", when(&contact.period))?;
        for partial in &contact.partials {
            for diagnosis in &partial.diagnoses {
                writeln!(out, "    {}", diagnosis.value.label().unwrap_or("-"))?;
            }
            for line in &partial.lines {
                let kind = line.kind.code.as_deref().unwrap_or("?");
                writeln!(out, "    {kind} {}", line.text.as_deref().unwrap_or("-"))?;
            }
        }
    }
    write_measurements(out, "Measurements", &summary.measurements)?;
    write_measurements(out, "Laboratory", &summary.laboratory)?;
    write_entries(out, "Alerts", &summary.alerts)?;
    write_entries(out, "Other entries", &summary.others)?;
    write_sections(out, summary)?;
    if !summary.unrecognised.is_empty() {
        writeln!(out, "Not recognised: {}", summary.unrecognised.len())?;
        for item in &summary.unrecognised {
            let values: Vec<String> = item
                .values
                .iter()
                .map(|f| format!("{}={}", f.name, f.value))
                .collect();
            writeln!(out, "  {} {}", item.path, values.join(" "))?;
        }
    }
    Ok(())
}

fn write_measurements(out: &mut String, title: &str, list: &[Measurement]) -> core::fmt::Result {
    writeln!(out, "{title}: {}", list.len())?;
    for measurement in list {
        let what = measurement.what.label().unwrap_or("-");
        writeln!(
            out,
            "  {what}: {} {}",
            value(&measurement.value),
            when(&measurement.at)
        )?;
        for part in &measurement.components {
            let what = part.what.label().unwrap_or("-");
            writeln!(out, "    {what}: {}", value(&part.value))?;
        }
    }
    Ok(())
}

fn write_entries(out: &mut String, title: &str, list: &[Entry]) -> core::fmt::Result {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}: {}", list.len())?;
    for entry in list {
        let what = entry.what.as_ref().and_then(|what| what.label());
        let text = entry.text.as_deref();
        let not = if entry.negated { "NOT: " } else { "" };
        let withdrawn = if entry.withdrawn { " (withdrawn)" } else { "" };
        writeln!(
            out,
            "  [{}] {not}{}{withdrawn} {} {}",
            name(&entry.kind),
            what.or(text).unwrap_or("-"),
            entry.value.as_ref().map(value).unwrap_or_default(),
            when(&entry.period)
        )?;
    }
    Ok(())
}

/// The documents' own sections: what each says of itself, and prose that is all there is.
fn write_sections(out: &mut String, summary: &Summary) -> core::fmt::Result {
    for section in &summary.sections {
        let empty = section.empty.as_ref().and_then(|empty| empty.label());
        let said = empty.map_or_else(
            || format!("{} entries", section.entries.len()),
            |reason| format!("empty, the source says: {reason}"),
        );
        writeln!(
            out,
            "Section {} [{}]: {said}",
            section.title.as_deref().unwrap_or("-"),
            name(&section.kind)
        )?;
        let prose = section
            .narrative
            .as_ref()
            .filter(|prose| prose.weight != NarrativeWeight::Same);
        if let Some(prose) = prose {
            let mut words = String::new();
            write_blocks(&mut words, &prose.blocks);
            writeln!(out, "  \"{}\"", words.trim())?;
        }
    }
    for group in &summary.duplicates {
        writeln!(out, "Look alike: {}", group.keys.join(", "))?;
    }
    Ok(())
}

/// Words alone, parts set apart by blanks.
fn write_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Text { text, .. } => out.push_str(text),
            Block::Paragraph { content } | Block::Heading { content } => write_blocks(out, content),
            Block::List { items, .. } => items.iter().for_each(|item| write_blocks(out, item)),
            Block::Table { rows, .. } => {
                let cells = rows.iter().flat_map(|row| &row.cells);
                cells.for_each(|cell| write_blocks(out, &cell.content));
            }
        }
        out.push(' ');
    }
}

fn write_part(out: &mut String, title: &str, part: &Part) -> core::fmt::Result {
    let said = match part.state {
        Some(State::NotAsserted) => {
            "nothing received. That does not mean \"none\": ask.".to_owned()
        }
        Some(State::WithheldByRule) => {
            "not shared. The patient may well have them: ask.".to_owned()
        }
        Some(State::NoneKnown) => "none known, as stated below".to_owned(),
        Some(State::Known) => String::new(),
        Some(other) => format!("{} - ask", name(&other)),
        None => "-".to_owned(),
    };
    writeln!(out, "{title}: {said}")?;
    for statement in &part.entries {
        let kind = match statement.kind {
            StatementKind::Entry => String::new(),
            ref other => format!("[{}] ", name(other)),
        };
        let value = statement.about().and_then(|v| v.label()).unwrap_or("");
        let text = statement.text.as_deref().unwrap_or("");
        writeln!(out, "  {kind}{value} {text} {}", when(&statement.period))?;
    }
    Ok(())
}

fn value(value: &MeasuredValue) -> String {
    match value {
        MeasuredValue::Quantity(q) => {
            format!(
                "{} {}",
                q.value.as_deref().unwrap_or("-"),
                q.unit.as_deref().unwrap_or("")
            )
        }
        MeasuredValue::Text { text } => text.clone(),
        MeasuredValue::Coded(coded) => coded.label().unwrap_or("-").to_owned(),
        MeasuredValue::Boolean { value } => value.clone(),
        MeasuredValue::Time(period) => when(period),
        MeasuredValue::Range(range) => {
            let end = |q: &Option<inzage_core::domain::summary::clinical::Quantity>| {
                q.as_ref().and_then(|q| q.value.clone()).unwrap_or_default()
            };
            format!("{} to {}", end(&range.low), end(&range.high))
        }
        MeasuredValue::None { .. } => "no value in the message".to_owned(),
    }
}

fn when(period: &Period) -> String {
    let raw = |date: &Option<inzage_core::domain::date::PartialDate>| {
        date.as_ref().map(|d| d.raw.clone())
    };
    match (raw(&period.at), raw(&period.low), raw(&period.high)) {
        (Some(at), ..) => format!("({at})"),
        (None, Some(low), Some(high)) => format!("({low} to {high})"),
        (None, Some(low), None) => format!("(from {low}, end not stated)"),
        (None, None, Some(high)) => format!("(until {high}, start not stated)"),
        (None, None, None) => String::new(),
    }
}

/// The stable name of a value, as it stands in the JSON.
fn name<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}
