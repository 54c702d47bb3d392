//! From the patients and a query to an answer.

use bytes::Bytes;
use tokio::time::sleep;

use crate::body::Body;
use crate::limits::HOLD_MAX;
use crate::measure::SharedMeasure;
use crate::message::{self, Empty};
use crate::patient::{ListedPatient, Outcome, Patient, Source};
use crate::query::Query;
use crate::write::{self, Derived};

/// The message from which the building blocks are made; any other is one already.
const SUMMARY: &str = "QUPC_IN990002NL";

/// What the exchange knows: the index and the measure.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(crate) patients: Vec<Patient>,
    pub(crate) measure: SharedMeasure,
}

impl Knowledge {
    pub(crate) fn listed(&self) -> Vec<&ListedPatient> {
        self.patients
            .iter()
            .map(|patient| &patient.listed)
            .collect()
    }

    /// The sources that the exchange names for this patient now; none says nothing about why.
    pub(crate) fn sources(&self, bsn: &str) -> Vec<&Source> {
        let is_active = self.measure.is_active();
        self.patients
            .iter()
            .filter(|patient| patient.listed.bsn == bsn)
            .flat_map(|patient| &patient.sources)
            .filter(|source| is_active || !source.corona)
            .collect()
    }

    /// Answers a query for one source or for all of the patient's.
    pub(crate) async fn answer(
        &self,
        query: &Query,
        source_id: Option<&str>,
    ) -> std::io::Result<Body> {
        let sources = self.sources(&query.bsn);
        if let Some(source_id) = source_id {
            // A source that is not there (any more) is no error: the exchange gives no signal
            // why a patient's data are not available.
            return match sources.into_iter().find(|source| source.id == source_id) {
                Some(source) => one(query, source).await,
                None => Ok(wrapped(&message::empty(query, Empty::NothingFound))),
            };
        }
        match sources.as_slice() {
            [source] => one(query, source).await,
            several => all(query, several).await,
        }
    }
}

impl Knowledge {
    /// Answers an emergency department: a batch of building blocks, of one source or of all.
    pub(crate) async fn acute(
        &self,
        query: &Query,
        source_id: Option<&str>,
    ) -> std::io::Result<Body> {
        let asked: Vec<&Source> = self
            .sources(&query.bsn)
            .into_iter()
            .filter(|source| source_id.is_none_or(|id| source.id == id))
            .collect();
        let does = |outcome| asked.iter().any(|source| source.outcome == outcome);
        sleep(asked.iter().map(|s| s.delay).max().unwrap_or_default()).await;
        if let [source] = asked.as_slice() {
            match source.outcome {
                Outcome::Raw => return Ok(Body::whole(bytes(source).await?)),
                Outcome::Timeout => sleep(HOLD_MAX).await,
                _ => {}
            }
        }
        let (mut children, mut announced) = (Vec::new(), 0);
        for source in &asked {
            let (mut of_source, count) = blocks(query, source).await?;
            children.append(&mut of_source);
            announced += count;
        }
        let answer = Bytes::from(message::soap(&message::batch(query, &children, announced)));
        Ok(match () {
            () if does(Outcome::Cut) => Body::cut(answer),
            () if does(Outcome::Broken) => Body::whole(answer.slice(..answer.len() / 2)),
            () => Body::whole(answer),
        })
    }
}

/// The building blocks of one source, and how many it announces.
async fn blocks(query: &Query, source: &Source) -> std::io::Result<(Vec<String>, usize)> {
    let reply = |block| source.reply(block);
    if source.content.is_none() {
        return Ok(write::children(query, None, reply));
    }
    let bytes = bytes(source).await?;
    let text = std::str::from_utf8(&bytes).map_err(std::io::Error::other)?;
    let text = message::without_prolog(text).map_err(std::io::Error::other)?;
    if message::root_name(text) != SUMMARY {
        return Ok((vec![text.to_owned()], 1));
    }
    let derived = Derived::read(text.as_bytes()).map_err(std::io::Error::other)?;
    Ok(write::children(query, Some(&derived), reply))
}

/// What a source has, read; `None` where its outcome brings nothing.
pub(crate) async fn derived(source: &Source) -> std::io::Result<Option<Derived>> {
    if source.content.is_none() {
        return Ok(None);
    }
    let bytes = bytes(source).await?;
    Derived::read(&bytes)
        .map(Some)
        .map_err(std::io::Error::other)
}

async fn one(query: &Query, source: &Source) -> std::io::Result<Body> {
    sleep(source.delay).await;
    match source.outcome {
        Outcome::Timeout => {
            sleep(HOLD_MAX).await;
            Ok(wrapped(&message::empty(query, Empty::Error)))
        }
        Outcome::Raw => Ok(Body::whole(bytes(source).await?)),
        Outcome::Cut => Ok(Body::cut(
            message::soap(&child(query, source).await?).into(),
        )),
        // Half an answer as a whole body: the content length is right, the XML is not.
        Outcome::Broken => {
            let answer = Bytes::from(message::soap(&child(query, source).await?));
            Ok(Body::whole(answer.slice(..answer.len() / 2)))
        }
        _ => Ok(wrapped(&child(query, source).await?)),
    }
}

/// All sources in one batch. What a source does to its own connection, it does to the batch's,
/// except that the exchange itself reports a source that never answers.
async fn all(query: &Query, sources: &[&Source]) -> std::io::Result<Body> {
    sleep(
        sources
            .iter()
            .map(|source| source.delay)
            .max()
            .unwrap_or_default(),
    )
    .await;
    let mut children = Vec::with_capacity(sources.len());
    for source in sources {
        children.push(child(query, source).await?);
    }
    let answer = Bytes::from(message::soap(&message::batch(
        query,
        &children,
        children.len(),
    )));
    let does = |outcome| sources.iter().any(|source| source.outcome == outcome);
    Ok(match () {
        () if does(Outcome::Cut) => Body::cut(answer),
        () if does(Outcome::Broken) => Body::whole(answer.slice(..answer.len() / 2)),
        () => Body::whole(answer),
    })
}

/// The source's own message, as it stands in SOAP or in a batch.
async fn child(query: &Query, source: &Source) -> std::io::Result<String> {
    match source.outcome {
        Outcome::NothingFound => return Ok(message::empty(query, Empty::NothingFound)),
        Outcome::RefusedElsewhere => return Ok(message::empty(query, Empty::RefusedElsewhere)),
        Outcome::Error | Outcome::Timeout => return Ok(message::empty(query, Empty::Error)),
        Outcome::Deliver | Outcome::Cut | Outcome::Broken | Outcome::UnknownAck | Outcome::Raw => {}
    }
    let bytes = bytes(source).await?;
    let text = std::str::from_utf8(&bytes).map_err(std::io::Error::other)?;
    let text = message::without_prolog(text).map_err(std::io::Error::other)?;
    if source.outcome == Outcome::UnknownAck {
        return message::with_unknown_ack(text)
            .ok_or_else(|| std::io::Error::other("no acknowledgement to replace"));
    }
    Ok(text.to_owned())
}

pub(crate) async fn bytes(source: &Source) -> std::io::Result<Bytes> {
    match &source.content {
        Some(content) => content.bytes().await,
        None => Err(std::io::Error::other("the source has no file")),
    }
}

fn wrapped(child: &str) -> Body {
    Body::whole(message::soap(child).into())
}
