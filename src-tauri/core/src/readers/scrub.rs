//! Takes what looks like a BSN out of the texts of errors (DOMAIN §3.2), and finds the URA in them.

/// A BSN may have lost its leading zeros; shorter runs are years, codes and quantities.
const DIGITS_MIN: usize = 6;
/// Longer runs are time stamps and message ids.
const DIGITS_MAX: usize = 10;
/// What stands where a number was taken out.
const REMOVED: &str = "[…]";
/// Longest code of an error that is kept; longer ones are texts in the wrong place.
const CODE_CHARS_MAX: usize = 64;

/// The text without anything that looks like a BSN, also with separators between its digits.
/// A number that the text itself calls a URA stays.
pub(crate) fn scrub(text: &str) -> String {
    let mut scrubbed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, run) = rest.split_at(at);
        scrubbed.push_str(before);
        let (number, digits) = number_at(run);
        let named_ura = is_named_ura(&scrubbed);
        let (number, after) = run.split_at(number);
        if (DIGITS_MIN..=DIGITS_MAX).contains(&digits) && !named_ura {
            scrubbed.push_str(REMOVED);
        } else {
            scrubbed.push_str(number);
        }
        rest = after;
    }
    scrubbed.push_str(rest);
    scrubbed
}

/// A code, scrubbed and of bounded length.
pub(crate) fn scrub_code(code: &str) -> String {
    scrub(code.trim()).chars().take(CODE_CHARS_MAX).collect()
}

/// Length in bytes and digits of the number at the start: digits with single separators between.
fn number_at(text: &str) -> (usize, usize) {
    let mut end = 0;
    let mut digits = 0;
    let mut separated = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            digits += 1;
            end = at + c.len_utf8();
            separated = false;
        } else if matches!(c, ' ' | '.' | '-' | '\u{a0}') && !separated {
            separated = true;
        } else {
            break;
        }
    }
    (end, digits)
}

fn is_named_ura(before: &str) -> bool {
    before
        .trim_end_matches([' ', ':', '(', '.', '\u{a0}'])
        .to_ascii_uppercase()
        .ends_with("URA")
}

/// The URA that a text names: "(URA: 00003232)", "URA 12345678".
pub(crate) fn ura_in(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    upper.match_indices("URA").find_map(|(at, found)| {
        let after = text.get(at + found.len()..)?;
        let number = after.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let end = number
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(number.len());
        let number = number.get(..end)?;
        (1..=8).contains(&number.len()).then(|| number.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bsn_is_taken_out_in_every_form() {
        for bsn in [
            "999900006",
            "12345672",
            "1234567",
            "9999 00 006",
            "9999.00.006",
            "999-900-006",
        ] {
            let scrubbed = scrub(&format!("Patiënt {bsn} is niet bekend"));
            assert_eq!(scrubbed, "Patiënt […] is niet bekend");
        }
    }

    #[test]
    fn codes_years_and_time_stamps_stay() {
        for text in [
            "AUTERR_SWV_FALSE",
            "KEY204",
            "in 2019",
            "20181127115825",
            "2.16.840.1.113883.2.4.6.6.1.1000",
        ] {
            assert_eq!(scrub(text), text);
        }
    }

    #[test]
    fn a_ura_is_found_and_stays() {
        let text = "gegevens bij zorgaanbieder (URA: 00003232), patiënt 999900006";
        assert_eq!(ura_in(text).as_deref(), Some("00003232"));
        assert_eq!(
            scrub(text),
            "gegevens bij zorgaanbieder (URA: 00003232), patiënt […]"
        );
        assert_eq!(ura_in("temperatuur 37"), None);
        assert_eq!(ura_in("URA 12345678").as_deref(), Some("12345678"));
    }

    #[test]
    fn a_code_of_any_length_is_bounded() {
        assert_eq!(scrub_code(&"x".repeat(500)).len(), CODE_CHARS_MAX);
    }

    proptest! {
        #[test]
        fn no_nine_digits_in_a_row_survive(before in "[a-z ]{0,10}", digits in "[0-9]{9}", after in "[a-z ]{0,10}") {
            let scrubbed = scrub(&format!("{before}x{digits}x{after}"));
            prop_assert!(!scrubbed.contains(&digits));
        }
    }
}
