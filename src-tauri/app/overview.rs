//! Overviews for a privacy officer with the organisation's key: this workstation's log, and what the
//! organisation's repository has of every one.

use inzage_core::domain::bsn::Bsn;
use inzage_viewlog::audit_event::{NotReadable, RepositoryEntry};
use inzage_viewlog::overview::{
    Heading, Overview, Pattern, Question, RepositoryRead, Verdict, for_patient, overview_with,
    patterns, table,
};
use inzage_viewlog::{LogError, LogReader, OrganisationKeyPair};

use super::contract::{
    Language, OverviewNotice, OverviewRequest, OverviewResult, OverviewTable, Trouble,
};
use super::deliver::read_repository;
use super::log_view::recomputed;
use super::ports::rfc3339;
use super::state::{App, log_trouble};
use super::trouble::TroubleCode;
use super::typed::day;

impl App {
    /// Reads an overview. Its opening is an entry of its own, about the patient where one is asked for.
    pub async fn overview(&self, request: OverviewRequest) -> OverviewResult {
        let question = match question(&request) {
            Ok(question) => question,
            Err(field) => {
                return OverviewResult::BadInput {
                    field: field.to_owned(),
                };
            }
        };
        match self.overview_of(question, request.language).await {
            Ok(overview) => OverviewResult::Shown { overview },
            Err(trouble) => OverviewResult::Failed { trouble },
        }
    }

    async fn overview_of(
        &self,
        question: Question,
        language: Language,
    ) -> Result<OverviewTable, Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let session = self.log_officer(&ready, &mut inner).await?;
        let opened = inner
            .key
            .as_ref()
            .ok_or_else(|| TroubleCode::NoOrganisationKey.trouble())?;
        let (key, closed) = (opened.pair(), opened.closed());
        let scope = question.scope();
        let patient = question.patient.clone();
        let opening = self
            .log_opening(&ready, &mut inner, &session, scope, patient.as_ref())
            .await?;
        drop(inner);
        let heading = Heading {
            made_at: rfc3339(self.clock.now()),
            repository_read: RepositoryRead::NotAsked,
            missing: Vec::new(),
            opening: Some(opening),
            verdict: None,
            data_protection_officer: self.config.data_protection_officer.clone(),
        };
        let delivery = self.config.delivery.clone();
        let runtime = tokio::runtime::Handle::current();
        let made = tokio::task::spawn_blocking(move || {
            let reader =
                LogReader::open(ready.recorder.folder()).map_err(|error| log_trouble(&error))?;
            // The only part that can take minutes: the key is not kept for it beyond its session.
            let read = runtime.block_on(async {
                let read = read_repository(&delivery, &ready.keychain, &reader, &question, &key);
                tokio::select! {
                    read = read => Some(read),
                    () = closed => None,
                }
            });
            let Some((repository_read, elsewhere)) = read else {
                return Err(TroubleCode::NoOrganisationKey.trouble());
            };
            let (keychain, verified) = recomputed(&ready);
            let heading = Heading {
                verdict: Some(Verdict::of(verified, keychain)),
                repository_read,
                missing: elsewhere.missing,
                ..heading
            };
            let (found, patterns) = read_overview(
                &reader,
                &question,
                &key,
                &heading.made_at,
                elsewhere.entries,
            )
            .map_err(|error| log_trouble(&error))?;
            Ok(in_words(
                &question,
                &found,
                &heading,
                patterns.as_deref(),
                language,
            ))
        });
        let made = made.await;
        self.still_signed_in(&session).await?;
        made.map_err(|_| TroubleCode::LogBroken.trouble())?
    }
}

/// What was asked, or which field cannot be used.
fn question(request: &OverviewRequest) -> Result<Question, &'static str> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let question = Question {
        from: day(&request.from).map_err(|()| "from")?,
        to: day(&request.to).map_err(|()| "to")?,
        patient: given(&request.bsn)
            .map(|typed| Bsn::parse(&typed).map_err(|_| "bsn"))
            .transpose()?,
        user: given(&request.user),
    };
    let asks = question.from.is_some()
        || question.to.is_some()
        || question.patient.is_some()
        || question.user.is_some();
    if asks { Ok(question) } else { Err("nothing") }
}

fn read_overview(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    made_at: &str,
    elsewhere: Vec<Result<RepositoryEntry, NotReadable>>,
) -> Result<(Overview, Option<Vec<Pattern>>), LogError> {
    let found = overview_with(reader, question, key, elsewhere)?;
    let patterns = question
        .is_of_sites()
        .then(|| patterns(reader, question.from, question.to, made_at))
        .transpose()?;
    Ok((found, patterns))
}

fn in_words(
    question: &Question,
    found: &Overview,
    heading: &Heading,
    patterns: Option<&[Pattern]>,
    language: Language,
) -> OverviewTable {
    use inzage_viewlog::overview::Language as In;
    let language = match language {
        Language::Nl => In::Nl,
        Language::En => In::En,
    };
    let table = table(found, heading, patterns, language);
    OverviewTable {
        title: table.title,
        notices: table
            .notices
            .into_iter()
            .map(|notice| OverviewNotice {
                said: notice.said,
                warns: notice.warns,
            })
            .collect(),
        columns: table.columns,
        rows: table.rows,
        patterns: table.patterns,
        contact: table.contact,
        for_patient: question
            .patient
            .is_some()
            .then(|| for_patient(found, heading, language)),
    }
}
