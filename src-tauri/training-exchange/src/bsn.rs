//! Which BSNs the exchange knows as such, and keeping them out of diagnostics.

use inzage_core::domain::bsn::Bsn;

/// Whether `text` is a BSN as it travels: nine digits that pass the eleven-test, and not one of
/// the forms that people type.
pub(crate) fn is_bsn(text: &str) -> bool {
    Bsn::parse(text).is_ok_and(|bsn| bsn.reveal() == text)
}

/// `text` with every run of eight or more digits replaced: other people's error messages quote
/// what they could not read, and that may be a BSN.
pub(crate) fn scrubbed(text: &str) -> String {
    const DIGITS_MIN: usize = 8;
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() >= DIGITS_MIN { "…" } else { &run });
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nine_digits_that_pass_the_eleven_test_are_a_bsn() {
        for good in ["999900006", "012345672", "123456782", "555555914"] {
            assert!(is_bsn(good), "{good} is a valid test number");
        }
        for bad in [
            "000000000",
            "999900007",
            "12345672",
            "99990000a",
            "",
            "9999000060",
        ] {
            assert!(!is_bsn(bad), "{bad} is not a full, valid number");
        }
    }

    #[test]
    fn a_bsn_does_not_survive_scrubbing() {
        assert_eq!(
            scrubbed("integer `999900006`, line 12"),
            "integer `…`, line 12"
        );
        assert_eq!(scrubbed("ends with 12345672"), "ends with …");
        assert_eq!(scrubbed("year 2026"), "year 2026");
    }
}
