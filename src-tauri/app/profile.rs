//! How an installation says what is not public: the markers, treatment limits and error codes of
//! its exchange.

use inzage_core::readers::{MarkerCode, MarkerElement, Profile};
use serde::Deserialize;

/// What a configured code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Says {
    /// Shared under the corona opt-in.
    Corona,
    /// The patient said no.
    OptOut,
    /// The patient said yes in advance.
    Explicit,
    /// Withheld by a national rule.
    NationalRule,
}

/// One `[[marker]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkerEntry {
    says: Says,
    element: MarkerElement,
    system: String,
    code: String,
}

/// One `[[treatment_limit]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TreatmentLimitEntry {
    system: String,
    code: String,
}

/// Everything a configuration says of the exchange's encodings.
pub(super) struct Encodings {
    pub(super) markers: Vec<MarkerEntry>,
    pub(super) treatment_limits: Vec<TreatmentLimitEntry>,
    pub(super) restriction_errors: Vec<String>,
}

impl Encodings {
    /// The profile; an empty system or code, which would match nothing or anything, is an error.
    pub(super) fn profile(self) -> Result<Profile, String> {
        let mut profile = Profile::default();
        for entry in self.markers {
            filled("marker", &[&entry.system, &entry.code])?;
            let code = MarkerCode {
                element: entry.element,
                system: entry.system,
                code: entry.code,
            };
            match entry.says {
                Says::Corona => profile.corona.push(code),
                Says::OptOut => profile.opt_out.push(code),
                Says::Explicit => profile.explicit.push(code),
                Says::NationalRule => profile.national_rule.push(code),
            }
        }
        for entry in self.treatment_limits {
            filled("treatment_limit", &[&entry.system, &entry.code])?;
            profile.treatment_limits.push((entry.system, entry.code));
        }
        for code in &self.restriction_errors {
            filled("restriction_errors", &[code])?;
        }
        profile.restriction_errors = self.restriction_errors;
        Ok(profile)
    }
}

fn filled(name: &str, values: &[&str]) -> Result<(), String> {
    if values.iter().any(|value| value.trim().is_empty()) {
        return Err(format!("{name}: system and code may not be empty"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn marker(says: Says, code: &str) -> MarkerEntry {
        MarkerEntry {
            says,
            element: MarkerElement::AttentionLine,
            system: "1.2.3".into(),
            code: code.into(),
        }
    }

    #[test]
    fn each_marker_says_what_its_entry_says() {
        let encodings = Encodings {
            markers: vec![
                marker(Says::Corona, "C"),
                marker(Says::OptOut, "N"),
                marker(Says::Explicit, "J"),
                marker(Says::NationalRule, "L"),
            ],
            treatment_limits: vec![TreatmentLimitEntry {
                system: "1.2.4".into(),
                code: "B".into(),
            }],
            restriction_errors: vec!["AFGESCHERMD".into()],
        };
        let profile = encodings.profile().unwrap();
        let codes = |list: &[MarkerCode]| list.iter().map(|m| m.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&profile.corona), ["C"]);
        assert_eq!(codes(&profile.opt_out), ["N"]);
        assert_eq!(codes(&profile.explicit), ["J"]);
        assert_eq!(codes(&profile.national_rule), ["L"]);
        assert_eq!(profile.treatment_limits, [("1.2.4".into(), "B".into())]);
        assert_eq!(profile.restriction_errors, ["AFGESCHERMD"]);
    }

    #[test]
    fn an_empty_code_is_an_error() {
        let encodings = Encodings {
            markers: vec![marker(Says::Corona, " ")],
            treatment_limits: Vec::new(),
            restriction_errors: Vec::new(),
        };
        assert!(encodings.profile().is_err());
    }
}
