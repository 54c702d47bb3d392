//! Start-up: keychain, log, exchange, measure. All of it off the UI thread, and
//! nobody can sign in before it is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use inzage_core::domain::consent::Measure;
use inzage_core::domain::date::PartialDate;
use inzage_core::domain::event::Place;
use inzage_delivery::{Bell, Delivery};
use inzage_viewlog::{
    LogKeys, LookupKey, OpenedAt, Opening, OrganisationKeyPair, OrganisationPublicKey,
    RandomFailed, SegmentReason, ViewLog,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::config::{AortaAddress, Exchange, FhirAddress, Protocol, Secured};
use super::contract::{Notice, Trouble};
use super::deliver;
use super::measure::{READ_EVERY, SILENCE_MAX};
use super::ports::{random, rfc3339};
use super::practice::OnlyPatients;
use super::proven::Proven;
use super::recorder::Recorder;
use super::state::{App, Ready, log_trouble};
use super::trouble::TroubleCode;
use super::upkeep::{FIRST_AFTER, Looked, Upkeep};
use crate::exchange::aorta::Asker;
use crate::exchange::client::Client;
use crate::exchange::fhir::{Credentials, Source, Sources, Summary};
use crate::exchange::tls::{TlsMaterial, client_config};
#[cfg(feature = "training")]
use crate::exchange::training::{self, TrainingExchange};
use crate::exchange::{Aorta, Connection, ExchangeError, Fhir, Located};
use crate::keychain::{Keychain, KeychainError, Secret};

/// AORTA application id in training.
#[cfg(feature = "training")]
const TRAINING_APPLICATION: &str = "90000258";
/// `AORTA-Version` in training.
#[cfg(feature = "training")]
const TRAINING_AORTA_VERSION: &str = "1";
/// Where the training exchange speaks FHIR.
#[cfg(feature = "training")]
const TRAINING_FHIR_PATH: &str = "/fhir";

/// Where this installation keeps what it keeps.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The data folder.
    pub data: PathBuf,
}

impl Folders {
    /// The log's folder.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data.join("log")
    }

    /// The training exchange's folder.
    #[must_use]
    pub fn training(&self) -> PathBuf {
        self.data.join("training")
    }

    /// Two installations of one account keep their secrets apart by their data folder.
    #[must_use]
    pub fn scope(&self) -> String {
        let whole = std::path::absolute(&self.data).unwrap_or_else(|_| self.data.clone());
        let hash = Sha256::digest(whole.to_string_lossy().as_bytes());
        super::disclosed::hexadecimal(hash.get(..4).unwrap_or_default())
    }
}

/// Where a running training exchange can be reached, for the trainer's switches.
/// Nothing in it is secret: the key stands in the keychain.
#[cfg(feature = "training")]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TrainingAddress {
    /// Port on the loopback.
    pub port: u16,
    /// The name in its certificate.
    pub server_name: String,
    /// Its authority's certificate.
    pub ca_pem: String,
    /// Our certificate.
    pub certificate_pem: String,
}

#[cfg(feature = "training")]
impl TrainingAddress {
    /// `https://…`, without a trailing slash.
    #[must_use]
    pub fn base(&self) -> String {
        format!("https://{}:{}", self.server_name, self.port)
    }

    /// What the running app wrote, if it did.
    #[must_use]
    pub fn read(folders: &Folders) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(Self::file(folders)).ok()?).ok()
    }

    fn write(&self, folders: &Folders) -> std::io::Result<()> {
        std::fs::write(Self::file(folders), serde_json::to_vec(self)?)
    }

    fn file(folders: &Folders) -> PathBuf {
        folders.training().join("running.json")
    }
}

/// What lives as long as the app does.
#[derive(Default)]
pub struct Running {
    #[cfg(feature = "training")]
    /// The training exchange; ends with this.
    pub exchange: Option<TrainingExchange>,
}

/// The log with whatever runs beside it.
struct StartedLog {
    recorder: Recorder,
    remark: Option<Trouble>,
    upkeep: Upkeep,
    delivery: Delivery,
}

impl App {
    /// Starts up and says so to whoever waits for [`App::ready`]. Returns what must be kept alive.
    pub async fn start(self: &Arc<Self>, folders: &Folders) -> Running {
        let mut running = Running::default();
        let result = self.try_start(folders, &mut running).await;
        if let Ok(ready) = &result {
            self.watch_measure(ready.clone()).await;
        }
        self.pass_on_upkeep();
        self.ready.send_replace(Some(result));
        running
    }

    async fn try_start(&self, folders: &Folders, running: &mut Running) -> Result<Ready, Trouble> {
        let keychain = Keychain::new(&folders.scope());
        let log = self.start_log(folders, &keychain).await?;
        let (exchange, only_patients) = match &self.config.exchange {
            Exchange::Training { patients, protocol } => {
                let (client, only) = self
                    .start_training(folders, &keychain, patients.as_deref(), running)
                    .await?;
                (self.training_connection(client, *protocol), Some(only))
            }
            Exchange::Aorta(address) => (self.connect(address, &keychain).await?, None),
            Exchange::Fhir(address) => (connect_fhir(address, &keychain).await?, None),
        };
        // The training marker is ours: it is proven by construction.
        let marker_proven = only_patients.is_some()
            || Proven::read(&folders.data).is_some_and(|proven| proven.holds_for(&self.config));
        Ok(Ready {
            recorder: log.recorder,
            delivery: Arc::new(log.delivery),
            delivering_since: self.clock.now(),
            upkeep: Arc::new(log.upkeep),
            keychain,
            remark: log.remark,
            exchange,
            marker_proven,
            only_patients: only_patients.map(Arc::new),
        })
    }

    async fn start_log(
        &self,
        folders: &Folders,
        keychain: &Keychain,
    ) -> Result<StartedLog, Trouble> {
        let folder = folders.log();
        let organisation = match &self.config.organisation_key {
            Some(text) => OrganisationPublicKey::parse(text)
                .map_err(|error| TroubleCode::Configuration.with_code(error.code()))?,
            None => training_key(&folders.data).map_err(|error| log_trouble(&error))?,
        };
        let place = self
            .config
            .places
            .first()
            .ok_or_else(|| TroubleCode::Configuration.trouble())?;
        let opened = OpenedAt {
            at: rfc3339(self.clock.now()),
            place: Place {
                organisation: place.organisation.clone(),
                setting: place.setting,
            },
        };
        let keychain = keychain.clone();
        let (retention, clock) = (self.config.retention, Arc::clone(&self.clock));
        let receivers = self.config.delivery.clone();
        let runtime = tokio::runtime::Handle::current();
        let state = self.upkeep.clone();
        tokio::task::spawn_blocking(move || {
            let lookup = LookupKey::from_bytes(*kept_key(&keychain, Secret::LogLookupKey)?);
            let keys = LogKeys {
                organisation,
                lookup,
            };
            let sinks = deliver::sinks(&receivers, &keychain)?;
            let outbox = deliver::outbox_key(&receivers, &keychain)?;
            let (mut log, opening) =
                ViewLog::open(&folder, keys.clone(), &opened, Box::new(randomness))
                    .map_err(|error| log_trouble(&error))?;
            if let Some(key) = outbox.clone() {
                log = log.with_outbox(key);
            }
            let bell = Bell::new();
            let delivery = {
                let _inside = runtime.enter();
                deliver::start(&folder, outbox, sinks, &bell)?
            };
            let receivers = delivery.statuses().to_vec();
            let no_thread = |_| TroubleCode::LogUnwritable.trouble();
            let recorder = Recorder::start(log, folder.clone(), bell.clone()).map_err(no_thread)?;
            let looked = Looked {
                folder,
                keys,
                opened,
                retention,
                keychain,
                receivers,
                bell,
                clock,
            };
            let upkeep = Upkeep::start(looked, FIRST_AFTER, state).map_err(no_thread)?;
            Ok(StartedLog {
                recorder,
                remark: remark_on(opening),
                upkeep,
                delivery,
            })
        })
        .await
        .map_err(|_| TroubleCode::LogBroken.trouble())?
    }

    #[cfg(feature = "training")]
    async fn start_training(
        &self,
        folders: &Folders,
        keychain: &Keychain,
        patients: Option<&Path>,
        running: &mut Running,
    ) -> Result<(Client, OnlyPatients), Trouble> {
        let not_started = |error: training::TrainingError| match error {
            training::TrainingError::Said(code) => {
                TroubleCode::TrainingExchangeNotStarted.with_code(&code)
            }
            _ => TroubleCode::TrainingExchangeNotStarted.trouble(),
        };
        let mut child = TrainingExchange::start(&folders.training(), patients)
            .await
            .map_err(not_started)?;
        let key = client_key(keychain).await?;
        let certificate = child
            .enrol(&key, "Inzage training")
            .await
            .map_err(not_started)?;
        let tls = client_config(&TlsMaterial {
            trusted_ca_pem: &child.ca_pem,
            client_certificate_pem: &certificate,
            client_key_pem: &key,
            revocation_lists_pem: None,
            allow_tls12: false,
        });
        let address = TrainingAddress {
            port: child.port,
            server_name: child.server_name.clone(),
            ca_pem: child.ca_pem.clone(),
            certificate_pem: certificate.clone(),
        };
        // Only the trainer's switches on the terminal miss it when it cannot be written.
        let _without_switches = address.write(folders);
        let client = tls
            .and_then(|tls| Client::new(&address.base(), tls))
            .map_err(super::look_up::exchange_trouble)?;
        let known = training::patients(&client)
            .await
            .map_err(super::look_up::exchange_trouble)?;
        let only = OnlyPatients::of(known.iter().map(|patient| patient.bsn.as_str()))
            .map_err(|_| TroubleCode::NoRandomness.trouble())?;
        running.exchange = Some(child);
        Ok((client, only))
    }

    #[cfg(feature = "training")]
    fn training_connection(&self, client: Client, protocol: Protocol) -> Connection {
        match protocol {
            Protocol::Hl7v3 => {
                let asker = Asker {
                    application_id: TRAINING_APPLICATION.to_owned(),
                    ura: self.ura(),
                };
                Connection::Hl7v3(Aorta::new(client, asker, true))
            }
            Protocol::Fhir => {
                let at = client.at(&format!("{}{TRAINING_FHIR_PATH}", client.base()));
                let credentials = Credentials {
                    aorta_version: TRAINING_AORTA_VERSION.to_owned(),
                    token: None,
                };
                Connection::Fhir(Fhir::new(
                    client,
                    Sources::Training(at),
                    credentials,
                    Summary::default(),
                ))
            }
        }
    }

    #[cfg(not(feature = "training"))]
    #[allow(clippy::unused_self, reason = "the same call in both builds")]
    fn training_connection(&self, client: Client, _protocol: Protocol) -> Connection {
        Connection::Fhir(Fhir::new(
            client,
            Sources::Configured(Vec::new()),
            Credentials {
                aorta_version: String::new(),
                token: None,
            },
            Summary::default(),
        ))
    }

    /// The organisation that asks.
    fn ura(&self) -> String {
        self.config
            .places
            .first()
            .map(|place| place.organisation.ura.clone())
            .unwrap_or_default()
    }

    #[cfg(not(feature = "training"))]
    #[allow(clippy::unused_async, reason = "the same call in both builds")]
    async fn start_training(
        &self,
        _folders: &Folders,
        _keychain: &Keychain,
        _patients: Option<&Path>,
        _running: &mut Running,
    ) -> Result<(Client, OnlyPatients), Trouble> {
        Err(TroubleCode::Configuration.with_code("no_training_in_this_build"))
    }

    /// What upkeep finds is told to the page as it happens.
    fn pass_on_upkeep(self: &Arc<Self>) {
        let mut found = self.upkeep.subscribe();
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            while found.changed().await.is_ok() {
                let Some(app) = app.upgrade() else { return };
                let remark = found.borrow_and_update().clone();
                app.tell(Notice::Remark { remark });
            }
        });
    }

    /// Reads the measure once before anybody can sign in, then every second.
    async fn watch_measure(self: &Arc<Self>, ready: Ready) {
        self.measure.send_replace(
            read_measure(&ready)
                .await
                .unwrap_or_else(|_| Measure::unknown()),
        );
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut answered_at = tokio::time::Instant::now();
            let mut ticks = tokio::time::interval(READ_EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(app) = app.upgrade() else { return };
                match read_measure(&ready).await {
                    Ok(measure) => {
                        answered_at = tokio::time::Instant::now();
                        app.measure_is(&ready, measure).await;
                    }
                    Err(_) if answered_at.elapsed() >= SILENCE_MAX => {
                        app.measure_is(&ready, Measure::unknown()).await;
                    }
                    Err(_) => {}
                }
            }
        });
    }
}

/// The day the measure was stopped, by public record.
const STOPPED_SINCE: &str = "20230404";

/// The measure as the exchange gives it. How AORTA publishes it is not public: there it is
/// stopped since the day of the public record, until a configuration can say otherwise.
#[cfg_attr(
    not(feature = "training"),
    allow(clippy::unused_async, reason = "the same call in both builds")
)]
async fn read_measure(ready: &Ready) -> Result<Measure, ExchangeError> {
    #[cfg(feature = "training")]
    if ready.only_patients.is_some() {
        return training::measure(ready.exchange.client()).await;
    }
    let _ = ready;
    Ok(Measure::Stopped {
        since: Some(PartialDate::parse(STOPPED_SINCE)),
        decided_by: Some("minister van VWS".to_owned()),
    })
}

impl App {
    async fn connect(
        &self,
        address: &AortaAddress,
        keychain: &Keychain,
    ) -> Result<Connection, Trouble> {
        let client = secured_client(&address.url, &address.secured, keychain).await?;
        let asker = Asker {
            application_id: address.application_id.clone(),
            ura: self.ura(),
        };
        Ok(Connection::Hl7v3(Aorta::new(client, asker, false)))
    }
}

async fn connect_fhir(address: &FhirAddress, keychain: &Keychain) -> Result<Connection, Trouble> {
    let client = secured_client("", &address.secured, keychain).await?;
    let token =
        if address.bearer_token {
            let token = stored_text(keychain, Secret::ExchangeToken).await?;
            Some(token.ok_or_else(|| {
                TroubleCode::ClientCertificate.with_code("exchange_token_missing")
            })?)
        } else {
            None
        };
    let source = |source: &super::config::FhirSource| Source {
        located: Located {
            id: source.id.clone(),
            name: source.name.clone(),
        },
        client: client.at(&source.url),
    };
    let sources = Sources::Configured(address.sources.iter().map(source).collect());
    let credentials = Credentials {
        aorta_version: address.aorta_version.clone(),
        token,
    };
    Ok(Connection::Fhir(Fhir::new(
        client,
        sources,
        credentials,
        address.summary,
    )))
}

/// A client with our certificate and its key from the keychain.
async fn secured_client(
    url: &str,
    secured: &Secured,
    keychain: &Keychain,
) -> Result<Client, Trouble> {
    let trusted = pem(&secured.trusted_ca)?;
    let certificate = pem(&secured.certificate)?;
    let lists = secured.revocation_lists.as_deref().map(pem).transpose()?;
    let key = stored_text(keychain, Secret::ExchangeClientKey)
        .await?
        .ok_or_else(|| TroubleCode::ClientCertificate.with_code("client_key_missing"))?;
    let tls = client_config(&TlsMaterial {
        trusted_ca_pem: &trusted,
        client_certificate_pem: &certificate,
        client_key_pem: &key,
        revocation_lists_pem: lists.as_deref(),
        allow_tls12: secured.allow_tls12,
    });
    tls.and_then(|tls| Client::new(url, tls))
        .map_err(super::look_up::exchange_trouble)
}

/// A file of certificates or revocation lists.
pub(super) fn pem(path: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(path)
        .map_err(|_| TroubleCode::Configuration.with_code("certificate_file_unreadable"))
}

async fn stored_text(
    keychain: &Keychain,
    secret: Secret,
) -> Result<Option<Zeroizing<String>>, Trouble> {
    let keychain = keychain.clone();
    let stored = tokio::task::spawn_blocking(move || keychain.read(secret))
        .await
        .map_err(|_| TroubleCode::KeychainUnavailable.trouble())?
        .map_err(keychain_trouble)?;
    text_of(stored)
}

/// A secret that is text.
pub(super) fn text_of(
    stored: Option<Zeroizing<Vec<u8>>>,
) -> Result<Option<Zeroizing<String>>, Trouble> {
    let text = stored
        .map(|bytes| String::from_utf8(bytes.to_vec()).map(Zeroizing::new))
        .transpose();
    text.map_err(|_| keychain_trouble(KeychainError::Damaged))
}

/// The client key from the keychain, put there at first start.
#[cfg(feature = "training")]
async fn client_key(keychain: &Keychain) -> Result<Zeroizing<String>, Trouble> {
    if let Some(key) = stored_text(keychain, Secret::ExchangeClientKey).await? {
        return Ok(key);
    }
    let key = training::new_client_key().map_err(super::look_up::exchange_trouble)?;
    let (keychain, kept) = (keychain.clone(), key.clone());
    tokio::task::spawn_blocking(move || keychain.keep(Secret::ExchangeClientKey, kept.as_bytes()))
        .await
        .map_err(|_| TroubleCode::KeychainUnavailable.trouble())?
        .map_err(keychain_trouble)?;
    Ok(key)
}

/// A key of 32 bytes from the keychain; where there is none, a new one is kept first. (Of a new look-up
/// key the log sees by it that a segment begins.)
pub(super) fn kept_key(
    keychain: &Keychain,
    secret: Secret,
) -> Result<Zeroizing<[u8; 32]>, Trouble> {
    let stored = keychain.read(secret).map_err(keychain_trouble)?;
    if let Some(key) = stored.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok()) {
        return Ok(Zeroizing::new(key));
    }
    let mut key = Zeroizing::new([0; 32]);
    random(key.as_mut_slice()).map_err(|_| TroubleCode::NoRandomness.trouble())?;
    keychain
        .keep(secret, key.as_slice())
        .map_err(keychain_trouble)?;
    Ok(key)
}

/// In training the organisation's key pair is made at first start; its private
/// half lies in the data folder, where a trainer plays the privacy officer.
pub(crate) fn training_key(data: &Path) -> Result<OrganisationPublicKey, inzage_viewlog::LogError> {
    let file = data.join("training-organisation.key");
    if let Ok(text) = std::fs::read_to_string(&file) {
        // One that cannot be read is not replaced: earlier entries would be sealed for ever.
        return OrganisationKeyPair::parse(&text)
            .map(|pair| pair.public().clone())
            .map_err(|_| inzage_viewlog::LogError::OrganisationKey);
    }
    let mut random: inzage_viewlog::Random = Box::new(randomness);
    let pair = OrganisationKeyPair::generate(&mut random)?;
    std::fs::create_dir_all(data)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut kept = options.open(&file)?;
    std::io::Write::write_all(&mut kept, pair.to_text().as_bytes())?;
    kept.sync_all()?;
    Ok(pair.public().clone())
}

/// A segment that was started for another reason than a new log is told to the user.
fn remark_on(opening: Opening) -> Option<Trouble> {
    let code = match opening {
        Opening::SameSegment
        | Opening::NewSegment {
            why: SegmentReason::First,
        } => return None,
        Opening::NewSegment {
            why: SegmentReason::KeychainLost,
        } => TroubleCode::KeychainLost,
        Opening::NewSegment {
            why: SegmentReason::OrganisationKeyChanged,
        } => TroubleCode::OrganisationKeyChanged,
    };
    Some(code.trouble())
}

pub(crate) fn randomness(buffer: &mut [u8]) -> Result<(), RandomFailed> {
    random(buffer).map_err(|_| RandomFailed)
}

pub(super) fn keychain_trouble(error: KeychainError) -> Trouble {
    match error {
        KeychainError::Unavailable => TroubleCode::KeychainUnavailable.trouble(),
        KeychainError::Refused | KeychainError::Damaged => TroubleCode::KeychainRefused.trouble(),
    }
}
