//! Notable patterns per site and month. Never per person, and never where so few took part
//! that one of them could be recognised.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use inzage_core::domain::consent::{Basis, Ica};
use inzage_core::domain::event::What;
use inzage_core::domain::user::Setting;
use serde_json::{Value, json as object};

use super::text::plain;
use super::{Heading, Language, day, scan, words};
use crate::error::LogError;
use crate::read::LogReader;

/// Fewer released look-ups than this in a site's month are not reported.
pub const LOOK_UPS_MIN: u32 = 20;

/// Fewer different employees than this are not reported: a share of two is a share of one and oneself.
pub const PERSONS_MIN: usize = 5;

/// Look-ups that wait for an answer at once; beyond it the oldest counts as unanswered.
const OPEN_MAX: usize = 10_000;

/// One site's month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The organisation's URA.
    pub ura: String,
    /// Its name.
    pub organisation: String,
    /// Setting of the workstations.
    pub setting: Setting,
    /// Year and month, local.
    pub month: (i32, u32),
    /// The numbers; `None` where too few took part.
    pub counts: Option<PatternCounts>,
}

/// A site's month in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatternCounts {
    /// Look-ups that were released.
    pub released: u32,
    /// Of these: with a source on the corona opt-in.
    pub corona: u32,
    /// Of these: where the doctor had to ask about allergies.
    pub prompted: u32,
    /// Of these: where nothing was answered.
    pub unanswered: u32,
}

type Site = (String, String, u8, (i32, u32));

#[derive(Default)]
struct Month {
    counts: PatternCounts,
    /// Look-up values are equal within a segment only, so persons are counted per segment.
    segment: u64,
    persons: BTreeSet<String>,
    persons_max: usize,
}

/// The patterns of the months that a period touches, as far as they were over at `made_at` (UTC, RFC 3339):
/// whole months, so that no two overviews differ by one person's day. Opens nothing that is sealed.
///
/// # Errors
/// As [`super::overview`].
pub fn patterns(
    reader: &LogReader,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    made_at: &str,
) -> Result<Vec<Pattern>, LogError> {
    let Some(made) = day::local_day(made_at) else {
        return Ok(Vec::new());
    };
    let month = |day: NaiveDate| (day.year(), day.month());
    let bounds = day::wide_bounds(from.and_then(|d| d.with_day(1)), to.map(last_of_month));
    let mut sites: BTreeMap<Site, Month> = BTreeMap::new();
    let mut open: BTreeMap<String, Site> = BTreeMap::new();
    let mut order = std::collections::VecDeque::new();
    scan::scan(reader, &bounds, None, &mut |_, entry| {
        let Some(entry) = entry else { return };
        let Some(local) = day::local_day(&entry.at) else {
            return;
        };
        let (Some(request), Some(user)) = (entry.request_id, entry.user_lookup) else {
            return;
        };
        match entry.what {
            What::Released { sources, .. } => {
                let at = month(local);
                let before = from.is_some_and(|from| at < month(from));
                let after = to.is_some_and(|to| at > month(to));
                let shown = || sources.iter().filter(|source| source.refused.is_none());
                let goes_on = at >= month(made);
                if before || after || goes_on || shown().next().is_none() {
                    return;
                }
                let organisation = entry.place.organisation;
                let setting = entry.place.setting as u8;
                let site = (organisation.ura, organisation.name, setting, at);
                let found = sites.entry(site.clone()).or_default();
                found.saw(entry.segment, user);
                found.counts.released += 1;
                found.counts.corona += u32::from(shown().any(|s| s.basis == Some(Basis::Corona)));
                if shown().any(|s| s.ica == Some(Ica::Withheld)) {
                    found.counts.prompted += 1;
                    found.counts.unanswered += 1;
                    order.push_back(request.clone());
                    open.insert(request, site);
                    if order.len() > OPEN_MAX
                        && let Some(oldest) = order.pop_front()
                    {
                        open.remove(&oldest);
                    }
                }
            }
            What::AskedAboutAllergies { .. } => {
                if let Some(found) = open.remove(&request).and_then(|site| sites.get_mut(&site)) {
                    found.counts.unanswered = found.counts.unanswered.saturating_sub(1);
                }
            }
            _ => {}
        }
    })?;
    Ok(sites
        .into_iter()
        .map(|(site, month)| pattern(site, &month))
        .collect())
}

/// What stands under an overview that patterns were made for, a sentence for each; else nothing.
pub(super) fn sentences(
    patterns: Option<&[Pattern]>,
    heading: &Heading,
    l: Language,
) -> Vec<String> {
    let Some(patterns) = patterns else {
        return Vec::new();
    };
    let only_here = heading.repository_read.was_read() && !patterns.is_empty();
    only_here
        .then(|| words::patterns_only_here(l).to_owned())
        .into_iter()
        .chain(patterns.iter().map(|pattern| plain(&pattern.sentence(l))))
        .chain([words::patterns_of_past_months(l).to_owned()])
        .collect()
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    // The 28th is in every month; four days on, the next one has begun.
    day.with_day(28)
        .and_then(|day| day.checked_add_days(chrono::Days::new(4)))
        .and_then(|next| next.with_day(1))
        .and_then(|first| first.pred_opt())
        .unwrap_or(day)
}

fn pattern((ura, organisation, setting, month): Site, found: &Month) -> Pattern {
    let few = found.counts.released < LOOK_UPS_MIN || found.persons_max < PERSONS_MIN;
    let settings = [Setting::AfterHours, Setting::Emergency, Setting::Other];
    Pattern {
        ura,
        organisation,
        setting: settings
            .into_iter()
            .find(|known| *known as u8 == setting)
            .unwrap_or(Setting::Other),
        month,
        counts: (!few).then_some(found.counts),
    }
}

impl Month {
    fn saw(&mut self, segment: u64, user: String) {
        if self.segment != segment {
            self.segment = segment;
            self.persons.clear();
        }
        if self.persons.len() < PERSONS_MIN {
            self.persons.insert(user);
        }
        self.persons_max = self.persons_max.max(self.persons.len());
    }
}

impl Pattern {
    fn sentence(&self, l: Language) -> String {
        let (year, month) = self.month;
        let site = format!(
            "{}, {}, {year}-{month:02}",
            self.organisation,
            words::setting(self.setting, l)
        );
        match (self.counts, l) {
            (None, Language::Nl) => {
                format!("{site}: te weinig inzagen of medewerkers voor een cijfer")
            }
            (None, Language::En) => format!("{site}: too few views or employees for a number"),
            (Some(c), Language::Nl) => format!(
                "{site}: {} inzagen, waarvan {} op de corona-opt-in; {} keer moest naar allergieën worden gevraagd, {} keer zonder antwoord",
                c.released, c.corona, c.prompted, c.unanswered
            ),
            (Some(c), Language::En) => format!(
                "{site}: {} views, {} of them on the corona opt-in; allergies had to be asked about {} times, {} without an answer",
                c.released, c.corona, c.prompted, c.unanswered
            ),
        }
    }

    pub(super) fn json(&self) -> Value {
        let (year, month) = self.month;
        object!({
            "ura": self.ura,
            "organisation": self.organisation,
            "setting": self.setting,
            "month": format!("{year}-{month:02}"),
            "counts": self.counts.map(|c| object!({
                "released": c.released,
                "corona": c.corona,
                "prompted": c.prompted,
                "unanswered": c.unanswered,
            })),
        })
    }
}
