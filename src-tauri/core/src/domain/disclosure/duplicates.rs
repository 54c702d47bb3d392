//! Entries that look like one and the same: pointed out, never merged away.
//!
//! One identifier on two entries of a list is the same thing told twice, whoever tells it. Without
//! one, entries of *different* sources are alike when everything that says what and when is the
//! same; one source that tells a thing twice may mean two things.

use std::collections::HashMap;

use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::Period;
use crate::domain::state::StatementKind;
use crate::domain::summary::document::DuplicateBy;
use crate::domain::summary::{Duplicate, Measurement, Part, Summary};

/// What is compared of one entry.
struct Alike<'s> {
    key: &'s str,
    source: &'s str,
    ids: &'s [Identifier],
    /// What kind of statement it is: an entry and a "none known" are never alike.
    kind: Option<StatementKind>,
    /// Everything that says what and when; `None` where that is too little to compare.
    content: Option<String>,
}

/// Every group of entries that look alike, list by list.
pub(super) fn duplicates_of(summary: &Summary) -> Vec<Duplicate> {
    let mut found = Vec::new();
    for part in [
        &summary.allergies,
        &summary.contraindications,
        &summary.treatment_limits,
    ] {
        find(statements(part), &mut found);
    }
    find(
        summary.attention_lines.iter().map(|line| Alike {
            key: &line.key,
            source: &line.source,
            ids: &line.ids,
            kind: None,
            content: content(&[line.text.as_deref()], &line.period),
        }),
        &mut found,
    );
    find(
        summary.episodes.iter().map(|episode| Alike {
            key: &episode.key,
            source: &episode.source,
            ids: &episode.ids,
            kind: None,
            content: content(
                &[
                    episode.problem.as_ref().and_then(name_of),
                    episode.title.as_deref(),
                ],
                &episode.period,
            ),
        }),
        &mut found,
    );
    find(
        summary.medication.iter().map(|medication| {
            let used = medication.uses.first();
            let period = used
                .map(|used| &used.period)
                .filter(|period| !period.is_empty())
                .unwrap_or(&medication.period);
            let kind = format!("{:?}", medication.kind);
            Alike {
                key: &medication.key,
                source: &medication.source,
                ids: &medication.ids,
                kind: None,
                content: name_of(&medication.product).and_then(|product| {
                    content(
                        &[
                            Some(product),
                            used.and_then(|used| used.text.as_deref()),
                            Some(&kind),
                        ],
                        period,
                    )
                }),
            }
        }),
        &mut found,
    );
    for list in [&summary.measurements, &summary.laboratory] {
        find(measurements(list), &mut found);
    }
    for list in [&summary.alerts, &summary.others] {
        find(
            list.iter().map(|entry| Alike {
                key: &entry.key,
                source: &entry.source,
                ids: &entry.ids,
                kind: None,
                content: entry
                    .what
                    .as_ref()
                    .and_then(name_of)
                    .or(entry.text.as_deref())
                    .and_then(|what| {
                        let value = format!("{:?}{}", entry.value, entry.negated);
                        content(&[Some(what), Some(&value)], &entry.period)
                    }),
            }),
            &mut found,
        );
    }
    found
}

fn statements(part: &Part) -> impl Iterator<Item = Alike<'_>> {
    part.entries.iter().map(|statement| {
        let named = statement
            .about()
            .and_then(name_of)
            .or(statement.text.as_deref());
        let kind = format!("{:?}", statement.kind);
        Alike {
            key: &statement.key,
            source: &statement.source,
            ids: &statement.ids,
            kind: Some(statement.kind),
            // What someone is allergic to is the same thing whenever it was written down.
            content: named.map(|name| folded(&[Some(name), Some(&kind)])),
        }
    })
}

fn measurements(list: &[Measurement]) -> impl Iterator<Item = Alike<'_>> {
    list.iter().map(|measurement| {
        let value = format!("{:?}", measurement.value);
        Alike {
            key: &measurement.key,
            source: &measurement.source,
            ids: &measurement.ids,
            kind: None,
            content: name_of(&measurement.what)
                .and_then(|what| content(&[Some(what), Some(&value)], &measurement.at)),
        }
    })
}

/// Groups what is alike. Linear in the number of entries.
fn find<'s>(entries: impl Iterator<Item = Alike<'s>>, found: &mut Vec<Duplicate>) {
    let entries: Vec<Alike<'s>> = entries.collect();
    let mut by_id: HashMap<(&Identifier, Option<StatementKind>), Vec<usize>> = HashMap::new();
    let mut by_content: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        for id in entry.ids.iter().filter(|id| is_whole(id)) {
            by_id.entry((id, entry.kind)).or_default().push(at);
        }
        if let Some(content) = entry.content.as_deref() {
            by_content.entry(content).or_default().push(at);
        }
    }
    let of_one_id = by_id
        .into_values()
        .map(|group| (group, DuplicateBy::SameId));
    let of_one_content = by_content
        .into_values()
        .filter(|group| tells_of_several_sources(group, &entries))
        .map(|group| (group, DuplicateBy::SameContent));
    let mut groups: Vec<(Vec<usize>, DuplicateBy)> = of_one_id
        .chain(of_one_content)
        .map(|(mut group, by)| {
            group.dedup();
            (group, by)
        })
        .filter(|(group, _)| group.len() > 1)
        .collect();
    // In the order of the list; of two groups of the same entries the surer one stays.
    groups.sort_by(|(a, by_a), (b, by_b)| a.cmp(b).then((*by_a as u8).cmp(&(*by_b as u8))));
    groups.dedup_by(|(later, _), (earlier, _)| later == earlier);
    found.extend(groups.into_iter().map(|(group, by)| {
        let keys = group.into_iter().filter_map(|at| entries.get(at));
        Duplicate {
            keys: keys.map(|entry| entry.key.to_owned()).collect(),
            by,
        }
    }));
}

fn tells_of_several_sources(group: &[usize], entries: &[Alike<'_>]) -> bool {
    let mut sources = group.iter().filter_map(|at| Some(entries.get(*at)?.source));
    let first = sources.next();
    sources.any(|source| Some(source) != first)
}

/// Whether an identifier names one thing: a system alone does not.
fn is_whole(id: &Identifier) -> bool {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    given(&id.root) && given(&id.extension)
}

/// The display or words of a code, else the code itself.
fn name_of(coded: &Coded) -> Option<&str> {
    coded
        .display
        .as_deref()
        .or(coded.original_text.as_deref())
        .or(coded.code.as_deref())
}

/// What and when, folded; `None` without a name or without a date.
fn content(names: &[Option<&str>], period: &Period) -> Option<String> {
    let began = period.anchor()?;
    if names.iter().flatten().all(|name| name.trim().is_empty()) {
        return None;
    }
    Some(format!("{} {:?}", folded(names), began.sort_key()))
}

/// Words in lower case, white space folded, one name per line.
fn folded(names: &[Option<&str>]) -> String {
    let mut all = String::new();
    for name in names.iter().flatten() {
        for word in name.split_whitespace() {
            all.push_str(&word.to_lowercase());
            all.push(' ');
        }
        all.push('\n');
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::date::PartialDate;
    use crate::domain::summary::Episode;

    fn episode(key: &str, source: &str, id: Option<&str>, title: &str, low: &str) -> Episode {
        Episode {
            key: key.to_owned(),
            source: source.to_owned(),
            ids: id
                .map(|extension| Identifier {
                    root: Some("1.2.3".to_owned()),
                    extension: Some(extension.to_owned()),
                })
                .into_iter()
                .collect(),
            title: Some(title.to_owned()),
            period: Period {
                low: Some(PartialDate::parse(low)),
                ..Period::default()
            },
            ..Episode::default()
        }
    }

    fn found(episodes: Vec<Episode>) -> Vec<(Vec<String>, DuplicateBy)> {
        let summary = Summary {
            episodes,
            ..Summary::default()
        };
        let groups = duplicates_of(&summary).into_iter();
        groups.map(|group| (group.keys, group.by)).collect()
    }

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn one_identifier_is_one_thing_whoever_tells_it() {
        let alike = vec![
            episode("a", "s1", Some("7"), "Astma", "2001"),
            episode("b", "s2", Some("7"), "Asthma bronchiale", "2002"),
            episode("c", "s2", Some("8"), "Jicht", "2003"),
        ];
        assert_eq!(
            found(alike),
            [(keys(&["a", "b"]), DuplicateBy::SameId)],
            "the other has an identifier of its own"
        );
    }

    #[test]
    fn the_same_words_and_date_at_two_sources_are_alike_and_at_one_source_are_not() {
        let two = |second: &str| {
            vec![
                episode("a", "s1", None, "Astma", "2001"),
                episode("b", second, None, " ASTMA ", "2001"),
            ]
        };
        assert_eq!(
            found(two("s2")),
            [(keys(&["a", "b"]), DuplicateBy::SameContent)]
        );
        assert!(found(two("s1")).is_empty());
    }

    #[test]
    fn another_date_or_none_at_all_is_not_alike() {
        let mut undated = vec![
            episode("a", "s1", None, "Astma", "2001"),
            episode("b", "s2", None, "Astma", "2002"),
        ];
        assert!(found(undated.clone()).is_empty());
        for episode in &mut undated {
            episode.period = Period::default();
        }
        assert!(found(undated).is_empty());
    }

    #[test]
    fn a_group_by_identifier_is_not_told_again_by_its_content() {
        let alike = vec![
            episode("a", "s1", Some("7"), "Astma", "2001"),
            episode("b", "s2", Some("7"), "Astma", "2001"),
        ];
        assert_eq!(found(alike), [(keys(&["a", "b"]), DuplicateBy::SameId)]);
    }
}
