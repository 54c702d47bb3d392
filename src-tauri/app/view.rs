//! A disclosed summary with what surrounds it on the screen, and what happens to it there.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Decision, DecisionInput, Measure, Reason, decide};
use inzage_core::domain::date::{PartialDate, Precision};
use inzage_core::domain::event::{CloseCause, What};
use inzage_core::domain::person::{Address, Patient};
use inzage_core::domain::summary::source::Delivery;

use super::contract::{
    Age, AnswerRequest, AnswerResult, AskedState, Banner, DeceasedInfo, Gender, Notice, Trouble,
    View,
};
use super::disclosed::Disclosed;
use super::look_up::Look;
use super::ports::wall_clock;
use super::state::{App, Done, Inner, Ready};
use super::trouble::TroubleCode;
use super::typed::grouped;

/// What stands around a summary.
pub(crate) struct Surroundings<'a> {
    pub(crate) view_id: &'a str,
    pub(crate) look: &'a Look,
    pub(crate) now: DateTime<Utc>,
    pub(crate) measure: Measure,
}

/// The view of a disclosed summary.
pub(crate) fn view_of(disclosed: &Disclosed, around: &Surroundings<'_>) -> View {
    let summary = disclosed.summary();
    let today = around.now.with_timezone(&chrono::Local).date_naive();
    let (bsn, request) = (&around.look.question.bsn, &around.look.request);
    let nothing_found = |delivery: &Delivery| matches!(delivery, Delivery::NothingFound);
    View {
        view_id: around.view_id.to_owned(),
        banner: summary
            .patient
            .as_ref()
            .map(|patient| banner(patient, bsn, today)),
        bsn_grouped: grouped(bsn),
        nothing_received: summary.sources.iter().all(|s| nothing_found(&s.delivery)),
        logged_at: wall_clock(around.now),
        agreed_at: request.agreement.map(|_| wall_clock(around.look.asked_at)),
        agreement: request.agreement,
        suspicion: request.suspicion,
        measure: around.measure.clone(),
        asked: None,
        summary: summary.clone(),
    }
}

fn banner(patient: &Patient, bsn: &Bsn, today: NaiveDate) -> Banner {
    Banner {
        family: patient.name.family.clone(),
        given: patient.name.given.clone(),
        born: patient.birth_date.clone(),
        age: patient
            .birth_date
            .as_ref()
            .and_then(|born| age(born, today)),
        gender: match patient.gender.as_ref().and_then(|g| g.code.as_deref()) {
            Some("M" | "male") => Gender::Male,
            Some("F" | "female") => Gender::Female,
            Some("UN" | "other") => Gender::Other,
            _ => Gender::NotStated,
        },
        bsn_grouped: grouped(bsn),
        address: patient.addresses.first().and_then(address_line),
        deceased: patient
            .deceased
            .as_ref()
            .filter(|d| d.stated != Some(false))
            .map(|d| DeceasedInfo { at: d.at.clone() }),
    }
}

fn address_line(address: &Address) -> Option<String> {
    let street = [address.street.as_deref(), address.house_number.as_deref()];
    let street = street.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [
        street.as_str(),
        address.city.as_deref().unwrap_or_default(),
        address.text.as_deref().unwrap_or_default(),
    ];
    let line = parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    (!line.is_empty()).then_some(line)
}

/// Age in whole years and months; "about" where the birth date is less precise than a day.
fn age(born: &PartialDate, today: NaiveDate) -> Option<Age> {
    let year = i32::from(born.year?);
    let (month, day) = (
        u32::from(born.month.unwrap_or(1)),
        u32::from(born.day.unwrap_or(1)),
    );
    let mut months =
        (today.year() - year) * 12 + today.month0().cast_signed() - (month.cast_signed() - 1);
    if today.day() < day {
        months -= 1;
    }
    // A birth date in the future is shown as given, without an age.
    let months = u16::try_from(months).ok()?;
    Some(Age {
        years: months / 12,
        months,
        about: born.precision < Precision::Day,
    })
}

impl App {
    /// The screen says that the summary was painted.
    pub async fn painted(&self, view_id: &str) {
        let Ok(ready) = self.ready().await else {
            return;
        };
        let mut inner = self.inner.lock().await;
        let Some(session) = inner.session.clone() else {
            return;
        };
        let Some(open) = inner
            .open
            .as_mut()
            .filter(|open| open.view_id == view_id && !open.displayed)
        else {
            return;
        };
        open.displayed = true;
        open.until_painted = None;
        let what = What::Displayed {
            digest: open.digest.clone(),
        };
        let event = self.event(
            &session,
            Some(&open.bsn.clone()),
            Some(&open.request_id.clone()),
            what,
        );
        if self.append(&ready, &mut inner, event).await.is_err() {
            inner.open = None;
        }
    }

    /// Records what became of the ask prompt; never what the patient said.
    pub async fn answer_ask(&self, request: AnswerRequest) -> AnswerResult {
        let failed = |trouble: Trouble| AnswerResult::Failed { trouble };
        let ready = match self.ready().await {
            Ok(ready) => ready,
            Err(trouble) => return failed(trouble),
        };
        let mut inner = self.inner.lock().await;
        let command = format!("answer {} {}", request.request_id, request.view_id);
        if let Some(Done::Answered(asked)) = inner.done.get(&command) {
            return AnswerResult::Recorded {
                asked: asked.clone(),
            };
        }
        let Some(session) = inner.session.clone() else {
            return failed(TroubleCode::NotSignedIn.trouble());
        };
        let open = inner
            .open
            .as_ref()
            .filter(|open| open.view_id == request.view_id);
        let Some((bsn, of_request)) = open.map(|open| (open.bsn.clone(), open.request_id.clone()))
        else {
            return failed(TroubleCode::NotOpen.trouble());
        };
        let what = What::AskedAboutAllergies {
            answer: request.answer,
        };
        let event = self.event(&session, Some(&bsn), Some(&of_request), what);
        if let Err(trouble) = self.append(&ready, &mut inner, event).await {
            return failed(trouble);
        }
        let asked = AskedState {
            answer: request.answer,
            at: wall_clock(self.clock.now()),
            by: session.user.name.clone(),
        };
        inner.done.insert(command, Done::Answered(asked.clone()));
        AnswerResult::Recorded { asked }
    }

    /// The user closes the summary.
    pub async fn close_view(&self, view_id: &str) {
        let Ok(ready) = self.ready().await else {
            return;
        };
        let mut inner = self.inner.lock().await;
        if inner
            .open
            .as_ref()
            .is_some_and(|open| open.view_id == view_id)
        {
            // A failure to log the end was told to the page; the view is gone either way.
            let _told = self.close_open(&ready, &mut inner, CloseCause::User).await;
        }
    }

    /// Closes what is open, with its duration.
    pub(crate) async fn close_open(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        cause: CloseCause,
    ) -> Result<(), Trouble> {
        let Some(open) = inner.open.take() else {
            return Ok(());
        };
        let duration_ms = (self.clock.now() - open.opened_at)
            .num_milliseconds()
            .max(0)
            .cast_unsigned();
        let Some(session) = inner.session.clone() else {
            return Ok(());
        };
        let what = What::Closed { duration_ms, cause };
        let event = self.event(&session, Some(&open.bsn), Some(&open.request_id), what);
        self.append(ready, inner, event).await.map(|_| ())
    }

    /// The first reason for which what was permitted may not be shown now.
    pub(crate) fn no_longer_permitted(&self, decided: &[DecisionInput]) -> Option<Reason> {
        let measure_active = self.measure_now().is_active();
        decided.iter().find_map(|before| {
            let now = DecisionInput {
                measure_active,
                ..*before
            };
            match decide(&now) {
                Decision::Refuse { reason } => Some(reason),
                Decision::Permit { .. } => None,
            }
        })
    }

    /// Takes the decisions of the open summary again; closes it when one is no longer a permit.
    pub(crate) async fn decide_again(&self, ready: &Ready, inner: &mut Inner, cause: CloseCause) {
        let Some(open) = inner.open.as_ref() else {
            return;
        };
        if self.no_longer_permitted(&open.decided).is_none() {
            return;
        }
        let view_id = open.view_id.clone();
        inner.closed = Some(cause);
        self.tell(Notice::ViewClosed { view_id, cause });
        // A failure to log the end was told to the page; the view is gone either way.
        let _told = self.close_open(ready, inner, cause).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_birthday_counts_from_the_day_itself() {
        let born = PartialDate::parse("19510312");
        assert_eq!(age(&born, on(2026, 3, 11)).unwrap().years, 74);
        assert_eq!(age(&born, on(2026, 3, 12)).unwrap().years, 75);
    }

    #[test]
    fn a_baby_has_months_and_a_year_alone_is_about() {
        assert_eq!(
            age(&PartialDate::parse("20251101"), on(2026, 11, 22))
                .unwrap()
                .months,
            12
        );
        assert!(
            age(&PartialDate::parse("1951"), on(2026, 11, 22))
                .unwrap()
                .about
        );
    }

    #[test]
    fn a_birth_date_in_the_future_has_no_age() {
        assert_eq!(age(&PartialDate::parse("20270101"), on(2026, 11, 22)), None);
    }
}
