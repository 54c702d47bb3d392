//! The public documents, where they are. They are not part of this project: where their folder is
//! absent these tests say so and check nothing.

use std::path::{Path, PathBuf};

use super::read_all;
use crate::readers::Scope;

pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/fhir")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!(
            "SKIPPED: 1 test of public documents; there is no folder {}",
            folder.display()
        );
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn no_leaf_of_a_public_document_is_lost() {
    for folder in ["ips", "eps", "gp-stu3", "consent", "audit"] {
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            for scope in [Scope::Full, Scope::WithoutIca] {
                let whole = read_all(&text, scope);
                let counts = whole.coverage;
                eprintln!("{} {scope:?} {counts:?}", path.display());
                assert_eq!(counts.lost, 0, "{} {scope:?}", path.display());
                assert!(counts.leaves > 0);
            }
        }
    }
}
