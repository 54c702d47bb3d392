//! The page's types, generated from [`super::contract`].

use std::any::TypeId;
use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use super::contract;

/// The whole of `ui/src/backend/contract.ts`.
#[must_use]
pub fn typescript() -> String {
    let mut all = Declarations {
        config: Config::default(),
        found: BTreeMap::new(),
        seen: Vec::new(),
    };
    all.visit::<contract::Bootstrap>();
    all.visit::<contract::PracticePatient>();
    all.visit::<contract::SignInRequest>();
    all.visit::<contract::SignInResult>();
    all.visit::<contract::BsnCheck>();
    all.visit::<contract::LookUpRequest>();
    all.visit::<contract::LookUpResult>();
    all.visit::<contract::ObjectionRequest>();
    all.visit::<contract::Recorded>();
    all.visit::<contract::AnswerRequest>();
    all.visit::<contract::AnswerResult>();
    all.visit::<contract::SuspicionRequest>();
    all.visit::<contract::LogView>();
    all.visit::<contract::OverviewRequest>();
    all.visit::<contract::OverviewResult>();
    all.visit::<contract::Notice>();
    let mut out = String::from(
        "// Generated from src-tauri/shell/contract.rs by `make generate`; do not edit.\n",
    );
    for declaration in all.found.values() {
        out.push_str("\nexport ");
        out.push_str(declaration);
        out.push('\n');
    }
    out
}

struct Declarations {
    config: Config,
    found: BTreeMap<String, String>,
    seen: Vec<TypeId>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let id = TypeId::of::<T>();
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Only declared types have an output path; primitives do not.
        if T::output_path().is_some() {
            self.found
                .insert(T::name(&self.config), T::decl(&self.config));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    #[test]
    fn the_pages_types_are_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/backend/contract.ts");
        let now = super::typescript();
        if std::env::var_os("INZAGE_GENERATE").is_some() {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/backend"))
                .expect("folder");
            std::fs::write(path, &now).expect("write the contract");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == now,
            "ui/src/backend/contract.ts is out of date: run `make generate`"
        );
    }
}
