//! Dates as the field writes them: local, zone-less, of variable precision.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A date or time as received, with what could be read of it.
///
/// HL7v3 `TS` (`2019`, `201705`, `20170518`, `20170518143000`) or FHIR/ISO form
/// (`2019-05`). Local time without a zone; a zone that was sent stays in `raw`
/// and is never computed with. `2019` stays "2019", never 1 January.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct PartialDate {
    /// Verbatim.
    pub raw: String,
    /// How precise it is; `unreadable` shows `raw`.
    pub precision: Precision,
    /// Year, where readable.
    pub year: Option<u16>,
    /// Month 1–12, where given.
    pub month: Option<u8>,
    /// Day 1–31, where given.
    pub day: Option<u8>,
    /// Hour 0–23, where given.
    pub hour: Option<u8>,
    /// Minute 0–59, where given.
    pub minute: Option<u8>,
    /// Second 0–59, where given.
    pub second: Option<u8>,
}

/// Year, month, day, hour, minute, second; 0 for what is missing.
pub type SortKey = (u16, u8, u8, u8, u8, u8);

/// How much of a date was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Not a date that exists (`20170230`) or not a date at all: shown as given, with a finding.
    Unreadable,
    /// `2019`
    Year,
    /// `201905`
    Month,
    /// `20190518`
    Day,
    /// `2019051814` and `201905181430`
    Minute,
    /// `20190518143000`
    Second,
}

/// A period as received: either end may be missing, which is not the same as open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Period {
    /// A single moment (`effectiveTime/@value`).
    pub at: Option<PartialDate>,
    /// Start as given.
    pub low: Option<PartialDate>,
    /// End as given; `None` is "not stated", never "until now".
    pub high: Option<PartialDate>,
    /// Why there is none, as the message's nullFlavor says.
    pub null_flavor: Option<String>,
}

impl PartialDate {
    /// Reads a date; total: what cannot be read keeps its text.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let unreadable = Self {
            raw: raw.to_owned(),
            precision: Precision::Unreadable,
            year: None,
            month: None,
            day: None,
            hour: None,
            minute: None,
            second: None,
        };
        let Some(parts) = Parts::read(raw.trim()) else {
            return unreadable;
        };
        Self {
            precision: parts.precision,
            year: Some(parts.year),
            month: parts.month,
            day: parts.day,
            hour: parts.hour,
            minute: parts.minute,
            second: parts.second,
            ..unreadable
        }
    }

    /// Order on what is given; a missing part sorts before every present one.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        (
            self.year.unwrap_or(0),
            self.month.unwrap_or(0),
            self.day.unwrap_or(0),
            self.hour.unwrap_or(0),
            self.minute.unwrap_or(0),
            self.second.unwrap_or(0),
        )
    }

    /// Whether both name the same day; `None` where either is less precise than a day.
    #[must_use]
    pub fn same_day(&self, other: &Self) -> Option<bool> {
        let day = |d: &Self| Some((d.year?, d.month?, d.day?));
        Some(day(self)? == day(other)?)
    }

    /// Whether this contradicts `other` in the parts that both give (`1951` does not contradict `19510312`).
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            matches!((a, b), (Some(a), Some(b)) if a != b)
        }
        differ(self.year, other.year)
            || differ(self.month, other.month)
            || differ(self.day, other.day)
    }
}

impl Period {
    /// Whether nothing at all was given.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.at.is_none() && self.low.is_none() && self.high.is_none() && self.null_flavor.is_none()
    }

    /// The date to order by: start, else moment, else end.
    #[must_use]
    pub fn anchor(&self) -> Option<&PartialDate> {
        self.low
            .as_ref()
            .or(self.at.as_ref())
            .or(self.high.as_ref())
    }
}

struct Parts {
    precision: Precision,
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
    hour: Option<u8>,
    minute: Option<u8>,
    second: Option<u8>,
}

impl Parts {
    /// Digits in order, whichever of the two notations; fraction and zone are not needed for order.
    fn read(text: &str) -> Option<Self> {
        let digits = significant_digits(text)?;
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
        let small = |from: usize| number(from, from + 2).and_then(|n| u8::try_from(n).ok());
        let precision = match digits.len() {
            4 => Precision::Year,
            6 => Precision::Month,
            8 => Precision::Day,
            10 | 12 => Precision::Minute,
            14 => Precision::Second,
            _ => return None,
        };
        let parts = Self {
            precision,
            year: number(0, 4)?,
            month: small(4),
            day: small(6),
            hour: small(8),
            minute: small(10),
            second: small(12),
        };
        parts.exists().then_some(parts)
    }

    fn exists(&self) -> bool {
        let month = self.month.unwrap_or(1);
        let day = self.day.unwrap_or(1);
        self.year != 0
            && chrono::NaiveDate::from_ymd_opt(
                i32::from(self.year),
                u32::from(month),
                u32::from(day),
            )
            .is_some()
            && self.hour.is_none_or(|h| h <= 24)
            && self.minute.is_none_or(|m| m < 60)
            && self.second.is_none_or(|s| s <= 60)
    }
}

/// `20170518143000.000+0200`, `2017-05-18T14:30:00.000+02:00` → `20170518143000`; `None` for anything else.
fn significant_digits(text: &str) -> Option<String> {
    let iso = text.len() > 4 && text.as_bytes().get(4) == Some(&b'-');
    let (main, tail) = match text.find(['.', '+', 'Z']) {
        Some(at) => text.split_at(at),
        None if iso => match text.rfind('-') {
            // A negative offset can only follow a time.
            Some(at) if text.contains('T') && at > 10 => text.split_at(at),
            _ => (text, ""),
        },
        None => match text.find('-') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        },
    };
    let tail_fine = tail
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | ':' | 'Z'));
    let main_fine = main
        .chars()
        .all(|c| c.is_ascii_digit() || (iso && matches!(c, '-' | ':' | 'T')));
    (tail_fine && main_fine).then(|| main.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_year_stays_a_year() {
        let date = PartialDate::parse("2019");
        assert_eq!(
            (date.precision, date.month, date.day),
            (Precision::Year, None, None)
        );
    }

    #[test]
    fn both_notations_give_the_same_day() {
        let hl7 = PartialDate::parse("20170518143000.000+0200");
        let fhir = PartialDate::parse("2017-05-18T14:30:00+02:00");
        assert_eq!(hl7.sort_key(), fhir.sort_key());
        assert_eq!(hl7.precision, Precision::Second);
        assert_eq!(
            PartialDate::parse("2017-05-18T14:30:00-05:00").sort_key(),
            fhir.sort_key()
        );
    }

    #[test]
    fn a_day_that_does_not_exist_keeps_its_text() {
        for raw in ["20170230", "20171301", "onbekend", "", "201", "0000"] {
            let date = PartialDate::parse(raw);
            assert_eq!(
                (date.precision, date.raw.as_str()),
                (Precision::Unreadable, raw)
            );
        }
    }

    #[test]
    fn a_coarser_birth_date_does_not_contradict_a_finer_one() {
        let typed = PartialDate::parse("19510312");
        assert!(!PartialDate::parse("1951").contradicts(&typed));
        assert!(PartialDate::parse("1952").contradicts(&typed));
        assert!(PartialDate::parse("19510313").contradicts(&typed));
    }

    proptest! {
        #[test]
        fn every_text_is_kept_verbatim(raw in ".{0,30}") {
            prop_assert_eq!(PartialDate::parse(&raw).raw, raw);
        }
    }
}
