//! Every single change to every member of every resource of our own documents: nothing is lost.

use std::path::Path;

use serde_json::{Value, json};

use super::read_anything;

/// What can befall a member.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Misspelt,
    Gone,
    Word,
    Unknown,
    Twice,
}

const EDITS: [Edit; 5] = [
    Edit::Misspelt,
    Edit::Gone,
    Edit::Word,
    Edit::Unknown,
    Edit::Twice,
];

/// Edits the `n`th member, counted from 0 in the order of the text; `None` where there are fewer.
fn edit(value: &mut Value, n: &mut usize, how: Edit) -> Option<()> {
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                if *n == 0 {
                    let old = members.remove(&name)?;
                    let (name, new) = match how {
                        Edit::Gone => return Some(()),
                        Edit::Misspelt => (format!("{name}X"), old),
                        Edit::Word => (name, json!("word")),
                        Edit::Unknown => (name, json!([{"unheard": "word"}])),
                        Edit::Twice => (name, json!([old, old])),
                    };
                    members.insert(name, new);
                    return Some(());
                }
                *n -= 1;
                if edit(members.get_mut(&name)?, n, how).is_some() {
                    return Some(());
                }
            }
            None
        }
        Value::Array(items) => items.iter_mut().find_map(|item| edit(item, n, how)),
        _ => None,
    }
}

fn resources() -> Vec<Value> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/fhir_json");
    let mut resources = Vec::new();
    for file in std::fs::read_dir(seeds).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let Ok(whole) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let entries = whole["entry"].as_array().cloned().unwrap_or_default();
        resources.extend(entries.into_iter().map(|entry| entry["resource"].clone()));
        resources.push(whole);
    }
    resources
}

#[test]
fn no_single_change_to_a_resource_loses_anything() {
    let mut edits = 0;
    for resource in resources() {
        for how in EDITS {
            for n in 0.. {
                let mut changed = resource.clone();
                if edit(&mut changed, &mut n.clone(), how).is_none() {
                    break;
                }
                edits += 1;
                let bundle = json!({"resourceType": "Bundle", "type": "collection",
                    "entry": [{"resource": changed}]});
                read_anything(bundle.to_string().as_bytes());
            }
        }
    }
    assert!(edits > 500, "only {edits}");
}
