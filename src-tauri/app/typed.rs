//! What people type: a BSN and a birth date.

use inzage_core::domain::bsn::{Bsn, BsnError};
use inzage_core::domain::date::{PartialDate, Precision};

use super::contract::BsnCheck;
use super::state::{App, Ready};

/// `9999 00 006`: how a BSN is read aloud.
#[must_use]
pub fn grouped(bsn: &Bsn) -> String {
    let digits = bsn.reveal();
    [digits.get(0..4), digits.get(4..6), digits.get(6..9)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Stable code of why a text is no BSN.
#[must_use]
pub const fn bsn_reason(error: BsnError) -> &'static str {
    match error {
        BsnError::NotDigits => "not_digits",
        BsnError::Length => "length",
        BsnError::Zero => "zero",
        BsnError::ElevenTest => "eleven_test",
    }
}

/// A day as typed, as in [`birth_date`], of any year.
pub(crate) fn day(text: &str) -> Result<Option<chrono::NaiveDate>, ()> {
    match birth_date(text, chrono::NaiveDate::MAX) {
        Ok(None) => Ok(None),
        Ok(Some(date)) => chrono::NaiveDate::from_ymd_opt(
            i32::from(date.year.unwrap_or_default()),
            u32::from(date.month.unwrap_or_default()),
            u32::from(date.day.unwrap_or_default()),
        )
        .map(Some)
        .ok_or(()),
        Err(_) => Err(()),
    }
}

/// A birth date as typed: `12-03-1951`, `12031951`, `12 3 1951` or `1951-03-12`.
///
/// # Errors
/// A stable code: `not_a_date`, or `in_the_future`.
pub fn birth_date(
    text: &str,
    today: chrono::NaiveDate,
) -> Result<Option<PartialDate>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let groups: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .collect();
    let (day, month, year) = match groups.as_slice() {
        [year, month, day] if year.len() == 4 => (*day, *month, *year),
        [day, month, year] if year.len() == 4 => (*day, *month, *year),
        [whole] if whole.len() == 8 => match (whole.get(0..2), whole.get(2..4), whole.get(4..8)) {
            (Some(day), Some(month), Some(year)) => (day, month, year),
            _ => return Err("not_a_date"),
        },
        _ => return Err("not_a_date"),
    };
    let date = PartialDate::parse(&format!("{year}{month:0>2}{day:0>2}"));
    if date.precision != Precision::Day {
        return Err("not_a_date");
    }
    let typed = chrono::NaiveDate::from_ymd_opt(
        i32::from(date.year.unwrap_or_default()),
        u32::from(date.month.unwrap_or_default()),
        u32::from(date.day.unwrap_or_default()),
    );
    if typed.is_none_or(|typed| typed > today) {
        return Err("in_the_future");
    }
    Ok(Some(date))
}

/// Why this number cannot be asked for, as a stable code.
pub(crate) fn accept_bsn(ready: &Ready, text: &str) -> Result<Bsn, &'static str> {
    let bsn = Bsn::parse(text).map_err(bsn_reason)?;
    match &ready.only_patients {
        Some(only) if !only.accepts(&bsn) => Err("not_a_training_patient"),
        _ => Ok(bsn),
    }
}

impl App {
    /// What is known of a number while it is typed.
    pub async fn check_bsn(&self, text: &str) -> BsnCheck {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let Ok(ready) = self.ready().await else {
            return BsnCheck::Incomplete;
        };
        match accept_bsn(&ready, text) {
            Ok(bsn) => BsnCheck::Valid {
                grouped: grouped(&bsn),
            },
            // Eight digits may be a whole number without its zero, or one that is still being typed.
            Err(_) if digits < 9 && !text.chars().any(char::is_alphabetic) => BsnCheck::Incomplete,
            Err(reason) => BsnCheck::Invalid {
                reason: reason.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn today() -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    #[test]
    fn the_ways_people_type_a_birth_date_mean_the_same() {
        for text in [
            "12-03-1951",
            "12031951",
            "12 3 1951",
            "12/3/1951",
            "1951-03-12",
        ] {
            assert_eq!(
                birth_date(text, today()).unwrap().unwrap().raw,
                "19510312",
                "{text}"
            );
        }
    }

    #[test]
    fn a_date_that_cannot_be_is_said_and_not_guessed() {
        for text in ["31-02-1951", "12-03-51", "1951", "onbekend"] {
            assert_eq!(birth_date(text, today()), Err("not_a_date"), "{text}");
        }
        assert_eq!(birth_date("23-11-2026", today()), Err("in_the_future"));
        assert_eq!(birth_date(" ", today()), Ok(None));
    }
}
