//! How long the content of entries is kept.

use chrono::{Months, NaiveDate};

/// Whole years, from 5 (the ministerial decision) to 20 (the term of the record itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(u8);

impl Retention {
    /// The shortest term, and the default.
    pub const YEARS_MIN: u8 = 5;
    /// The longest.
    pub const YEARS_MAX: u8 = 20;

    /// `None` for a term that may not be.
    #[must_use]
    pub const fn of_years(years: u8) -> Option<Self> {
        if years < Self::YEARS_MIN || years > Self::YEARS_MAX {
            return None;
        }
        Some(Self(years))
    }

    /// In whole years.
    #[must_use]
    pub const fn years(self) -> u8 {
        self.0
    }

    /// The first day that is still kept, on the day of this moment; both UTC, as text.
    pub(crate) fn kept_from(self, at: &str) -> Option<String> {
        let today: NaiveDate = at.get(..10)?.parse().ok()?;
        let day = today.checked_sub_months(Months::new(12 * u32::from(self.0)))?;
        Some(day.to_string())
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self(Self::YEARS_MIN)
    }
}
