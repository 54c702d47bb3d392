//! That the corona marker is proven: a marked test patient was read at this installation.
//!
//! A configuration cannot claim it. It stands in the data folder, with who did it and when, and
//! holds for exactly the markers and addresses it was read with: a changed configuration is
//! unproven again.

use std::io::Write;
use std::path::{Path, PathBuf};

use inzage_core::domain::bsn::{Bsn, TEST_BSNS};
use inzage_core::domain::consent::{Marker, MarkerElement};
use inzage_core::domain::event::{Actor, Event, Place, What};
use inzage_core::domain::user::{Means, Role, User};
use inzage_core::readers::{PartHeader, open, text_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::config::{Config, Exchange, Protocol};
use super::disclosed::hexadecimal;
use super::look_up::exchange_trouble;
use super::ports::{local_hl7, local_iso, rfc3339};
use super::state::{App, Ready, log_trouble};
use super::trouble::TroubleCode;
use crate::exchange::{Asking, ExchangeError, Located, Requests};

/// The file in the data folder.
const FILE: &str = "marker-proven.toml";

/// When, by whom and in which element the marker was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// Local date, ISO 8601.
    pub date: String,
    /// Who ran it, as they gave their name.
    pub by: String,
    /// The element that carried the marker.
    pub element: MarkerElement,
    /// SHA-256 of what it was read with: markers, protocol, addresses.
    pub fingerprint: String,
}

/// Why the marker was not proven.
#[derive(Debug)]
pub enum NotProven {
    /// The number is on no list of test patients: a real patient is never read for this.
    NotATestPatient,
    /// The configuration names no corona marker.
    NoMarkerConfigured,
    /// Nobody's name was given.
    NoName,
    /// The app could not start, or the log could not be written.
    Trouble(Box<super::contract::Trouble>),
    /// No answer holds a part about this patient that carries the marker.
    NoMarker,
    /// It was read, and could not be recorded.
    NotRecorded(std::io::Error),
}

impl core::fmt::Display for NotProven {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotATestPatient => f.write_str(
                "this number is not on the published list of test patients, nor one of the training patients: nobody else is read for this check",
            ),
            Self::NoMarkerConfigured => f.write_str(
                "the configuration names no corona marker: add a [[marker]] with says = \"corona\"",
            ),
            Self::NoName => f.write_str("give the name of who runs this check with --by"),
            Self::Trouble(trouble) => {
                write!(f, "{} {} ({})", trouble.en.what, trouble.en.now, trouble.code)
            }
            Self::NoMarker => f.write_str(
                "no answer about this patient carries the configured marker; while the measure is stopped nothing is delivered for a marked patient",
            ),
            Self::NotRecorded(error) => write!(f, "the marker was read and could not be recorded: {error}"),
        }
    }
}

impl std::error::Error for NotProven {}

impl Proven {
    /// What stands in the data folder, if it can be read.
    #[must_use]
    pub fn read(data: &Path) -> Option<Self> {
        toml::from_str(&std::fs::read_to_string(path(data)).ok()?).ok()
    }

    /// Whether it was read with this very configuration.
    #[must_use]
    pub fn holds_for(&self, config: &Config) -> bool {
        self.fingerprint == fingerprint(config)
    }

    /// Writes it for the owner alone: beside its place and then into it.
    fn write(&self, data: &Path) -> std::io::Result<()> {
        let text = toml::to_string(self).map_err(std::io::Error::other)?;
        std::fs::create_dir_all(data)?;
        let (target, beside) = (path(data), data.join(format!("{FILE}.new")));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(beside, target)
    }
}

fn path(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// SHA-256 over everything that decides which marker is read from where.
fn fingerprint(config: &Config) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        // With its length, so that no two lists read the same.
        hash.update(text.len().to_le_bytes());
        hash.update(text.as_bytes());
    };
    match &config.exchange {
        Exchange::Training { protocol, .. } => add(match protocol {
            Protocol::Hl7v3 => "training hl7v3",
            Protocol::Fhir => "training fhir",
        }),
        Exchange::Aorta(address) => {
            add("hl7v3");
            add(&address.url);
        }
        Exchange::Fhir(address) => {
            add("fhir");
            for source in &address.sources {
                add(&source.url);
            }
        }
    }
    let mut markers: Vec<String> = config
        .profile
        .corona
        .iter()
        .map(|marker| format!("{:?} {} {}", marker.element, marker.system, marker.code))
        .collect();
    markers.sort();
    markers.iter().for_each(|marker| add(marker));
    hexadecimal(&hash.finalize())
}

impl App {
    /// Asks for a marked test patient, looks at the headers' markers and at nothing else, and
    /// records it. The question and the reading are in the view log.
    ///
    /// # Errors
    /// Why the marker is not proven.
    pub async fn prove_marker(
        &self,
        data: &Path,
        bsn: &str,
        by: &str,
    ) -> Result<Proven, NotProven> {
        let ready = self.ready().await.map_err(trouble)?;
        let bsn = test_patient(&ready, bsn)?;
        if self.config.profile.corona.is_empty() {
            return Err(NotProven::NoMarkerConfigured);
        }
        let by = by.trim();
        if by.is_empty() {
            return Err(NotProven::NoName);
        }
        let asked = Check {
            app: self,
            ready: &ready,
            bsn: &bsn,
            by,
            place: self.first_place()?,
            request_id: uuid::Uuid::new_v4().to_string(),
        };
        let (source, element) = asked.run().await?;
        asked.log(What::MarkerRead { source, element }).await?;
        let now = local_iso(self.clock.now());
        let proven = Proven {
            date: now.split('T').next().unwrap_or_default().to_owned(),
            by: by.to_owned(),
            element,
            fingerprint: fingerprint(&self.config),
        };
        proven.write(data).map_err(NotProven::NotRecorded)?;
        Ok(proven)
    }
}

impl App {
    /// The workstation, where nobody has said in which setting.
    fn first_place(&self) -> Result<Place, NotProven> {
        let place = self.config.places.first();
        let place = place.ok_or_else(|| trouble(TroubleCode::Configuration.trouble()))?;
        Ok(Place {
            organisation: place.organisation.clone(),
            setting: place.setting,
        })
    }
}

/// A number on the published list, or one that the training exchange knows.
fn test_patient(ready: &Ready, text: &str) -> Result<Bsn, NotProven> {
    let bsn = Bsn::parse(text).map_err(|_| NotProven::NotATestPatient)?;
    let of_training = ready
        .only_patients
        .as_ref()
        .is_some_and(|patients| patients.accepts(&bsn));
    if TEST_BSNS.contains(&bsn.reveal()) || of_training {
        Ok(bsn)
    } else {
        Err(NotProven::NotATestPatient)
    }
}

fn trouble(trouble: super::contract::Trouble) -> NotProven {
    NotProven::Trouble(Box::new(trouble))
}

struct Check<'a> {
    app: &'a App,
    ready: &'a Ready,
    bsn: &'a Bsn,
    by: &'a str,
    place: Place,
    request_id: String,
}

impl Check<'_> {
    /// Asks every source in turn until one carries the marker.
    async fn run(&self) -> Result<(String, MarkerElement), NotProven> {
        self.log(What::Requested {
            agreement: None,
            suspicion: None,
            measure_active: self.app.measure_now().is_active(),
            birth_date_given: false,
        })
        .await?;
        let located = match self.ready.exchange.locate(self.bsn).await {
            Ok(located) => located,
            Err(error) => return Err(self.failed(None, error).await),
        };
        let sources = located.map_or_else(
            || vec![None],
            |sources| sources.into_iter().map(Some).collect(),
        );
        for source in sources {
            if let Some(element) = self.marker_of(source.as_ref()).await? {
                return Ok((source.map(|s| s.name).unwrap_or_default(), element));
            }
        }
        self.log(What::Failed {
            source: None,
            code: "marker_not_found".to_owned(),
        })
        .await?;
        Err(NotProven::NoMarker)
    }

    async fn marker_of(
        &self,
        source: Option<&Located>,
    ) -> Result<Option<MarkerElement>, NotProven> {
        let asking = Asking {
            bsn: self.bsn.clone(),
            request_id: self.request_id.clone(),
            setting: self.place.setting,
            now_hl7: local_hl7(self.app.clock.now()),
        };
        let requests = Requests::default();
        let fetched = self.ready.exchange.ask(&asking, source, &requests).await;
        let name = source.map(|source| source.name.clone());
        let message_ids = requests.sent();
        if !message_ids.is_empty() {
            self.log(What::Sent {
                source: name.clone(),
                message_ids,
            })
            .await?;
        }
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(error) => return Err(self.failed(name, error).await),
        };
        let marked = |bytes: &Vec<u8>| marker_in(bytes, self.bsn, &self.app.config);
        Ok(fetched.answers.iter().find_map(marked))
    }

    async fn failed(&self, source: Option<String>, error: ExchangeError) -> NotProven {
        let what = What::Failed {
            source,
            code: error.code().to_owned(),
        };
        match self.log(what).await {
            Ok(()) => trouble(exchange_trouble(error)),
            Err(not_logged) => not_logged,
        }
    }

    /// Nobody is signed in at a terminal: who ran the check is named by themselves, and the role
    /// says that nobody checked it.
    async fn log(&self, what: What) -> Result<(), NotProven> {
        let event = Event {
            at: rfc3339(self.app.clock.now()),
            actor: Some(Actor {
                user: User {
                    id: "inzage-check".to_owned(),
                    name: self.by.to_owned(),
                    role: Role::Unknown,
                    role_name: "inzage check".to_owned(),
                    means: Means::Shared,
                },
                responsible: None,
            }),
            place: self.place.clone(),
            patient: Some(self.bsn.clone()),
            request_id: Some(self.request_id.clone()),
            what,
        };
        let appended = self.ready.recorder.append(event).await;
        appended
            .map(|_| ())
            .map_err(|error| trouble(log_trouble(&error)))
    }
}

/// The element that carries the corona marker in a part about this patient and nobody else.
fn marker_in(bytes: &[u8], bsn: &Bsn, config: &Config) -> Option<MarkerElement> {
    let (text, format) = text_of(bytes).ok()?;
    let opened = open(text, format, &config.profile).ok()?;
    let is_about = |part: &PartHeader| {
        !part.bsns.is_empty()
            && part
                .bsns
                .iter()
                .all(|found| Bsn::parse(found).is_ok_and(|found| found == *bsn))
    };
    opened
        .parts()
        .iter()
        .filter(|part| matches!(part.marker, Marker::Corona | Marker::CoronaAndExplicit))
        .filter(|part| is_about(part))
        .find_map(|part| part.marker_in)
}

#[cfg(all(test, feature = "training"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use inzage_core::readers::MarkerCode;

    use super::*;

    #[test]
    fn a_changed_marker_is_another_fingerprint() {
        let config = Config::training();
        let mut other = config.clone();
        assert_eq!(fingerprint(&config), fingerprint(&other));
        other.profile.corona.push(MarkerCode {
            element: MarkerElement::FhirTag,
            system: "urn:x".into(),
            code: "C".into(),
        });
        assert_ne!(fingerprint(&config), fingerprint(&other));
    }

    #[test]
    fn a_marker_proves_nothing_where_it_stands_beside_another_patient() {
        let message = |bsn: &str| {
            format!(
                r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3"><acknowledgement typeCode="AA"/><ControlActProcess moodCode="EVN"><subject><PrimaryCareProvision><confidentialityCode code="CORONA" codeSystem="{}"/><subject><Patient><id root="2.16.840.1.113883.2.4.6.3" extension="{bsn}"/></Patient></subject></PrimaryCareProvision></subject><queryAck><queryResponseCode code="OK"/></queryAck></ControlActProcess></QUPC_IN990002NL>"#,
                inzage_core::readers::TRAINING_MARKER_SYSTEM
            )
        };
        let (asked, config) = (Bsn::parse("999910942").unwrap(), Config::training());
        assert_eq!(
            marker_in(message("999910942").as_bytes(), &asked, &config),
            Some(MarkerElement::ConfidentialityCode)
        );
        assert_eq!(
            marker_in(message("999911016").as_bytes(), &asked, &config),
            None
        );
    }
}
