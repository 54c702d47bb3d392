//! Local days: the centre's wall clock, wherever the overview is made.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;

/// From and to, as the log writes moments; text order is time order.
pub(super) struct Bounds {
    pub(super) from: String,
    pub(super) until: String,
}

/// The period and a day on either side, so that a look-up over midnight is whole.
pub(super) fn wide_bounds(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Bounds {
    let (from, until) = wide_moments(from, to);
    Bounds {
        from: from.unwrap_or_default(),
        until: until.unwrap_or_else(|| "~".to_owned()),
    }
}

/// The same; `None` where there is no bound.
pub(super) fn wide_moments(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> (Option<String>, Option<String>) {
    (
        from.and_then(|day| day.checked_sub_days(Days::new(1)))
            .and_then(begins),
        to.and_then(|day| day.checked_add_days(Days::new(2)))
            .and_then(begins),
    )
}

/// The moment a local day begins, in UTC. `None` outside the years 0 to 9999: what is written of them
/// begins with a sign, and is in its place among the log's moments in no order of texts.
fn begins(day: NaiveDate) -> Option<String> {
    let midnight = day.and_time(NaiveTime::MIN);
    let at = Amsterdam
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |at| at.to_utc());
    (0..=9999)
        .contains(&at.year())
        .then(|| at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The local day of a moment of the log; `None` for what is no moment.
#[must_use]
pub fn local_day(at: &str) -> Option<NaiveDate> {
    parsed(at).map(|at| at.with_timezone(&Amsterdam).date_naive())
}

/// `02:14:05` on the local wall clock; as it stands where it is no moment.
#[must_use]
pub fn local_time(at: &str) -> String {
    parsed(at).map_or_else(
        || at.to_owned(),
        |at| at.with_timezone(&Amsterdam).format("%H:%M:%S").to_string(),
    )
}

fn parsed(at: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(at).ok().map(|at| at.to_utc())
}
