//! The configuration of a workstation: a TOML file, or the embedded training default.

mod addresses;

use std::path::Path;

use inzage_core::domain::consent::{EmergencyExplicit, HouseRules};
use inzage_core::domain::user::{OrganisationId, Setting};
use inzage_core::readers::Profile;
use inzage_delivery::SinkSettings;
use inzage_viewlog::Retention;
use serde::Deserialize;

use super::contract::Language;
use super::profile::{Encodings, MarkerEntry, TreatmentLimitEntry};
use addresses::ExchangeEntry;
pub use addresses::{AortaAddress, Exchange, FhirAddress, FhirSource, Protocol, Secured};

/// After this long without a key or pointer the screen locks: 120 s at a workstation …
pub const IDLE_WORKSTATION_S: u32 = 120;
/// … and 60 s in kiosk mode, where the next person may be anybody.
pub const IDLE_KIOSK_S: u32 = 60;
/// The lock is announced this long before it comes.
pub const IDLE_WARNING_S: u32 = 15;

/// What an administrator lays down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Organisation and workstation per setting that can be chosen here.
    pub places: Vec<Place>,
    /// What the connection contract says of explicit consent in an emergency department.
    pub emergency_explicit: EmergencyExplicit,
    /// The organisation's own rules.
    pub house: HouseRules,
    /// How the exchange encodes what is not public.
    pub profile: Profile,
    /// Where the exchange is.
    pub exchange: Exchange,
    /// The organisation's public key, to which the log seals; training makes a pair.
    pub organisation_key: Option<String>,
    /// The organisation's data protection officer: name, telephone or address, as overviews say it.
    pub data_protection_officer: Option<String>,
    /// Who receives the log.
    pub delivery: Vec<SinkSettings>,
    /// How long the log keeps the content of entries.
    pub retention: Retention,
    /// Kiosk mode.
    pub kiosk: bool,
    /// Language at start.
    pub language: Language,
    /// PIN with which a supervisor leaves the kiosk.
    pub supervisor_pin: Option<String>,
    /// Idle time before the lock, in seconds.
    pub idle_s: u32,
}

/// Where a workstation can stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Setting.
    pub setting: Setting,
    /// Organisation and workstation.
    pub organisation: OrganisationId,
}

/// Why a configuration cannot be used: which field, and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    setting: Setting,
    emergency_explicit: Option<EmergencyExplicit>,
    marker_proven: Option<bool>,
    #[serde(default)]
    marker: Vec<MarkerEntry>,
    #[serde(default)]
    treatment_limit: Vec<TreatmentLimitEntry>,
    #[serde(default)]
    restriction_errors: Vec<String>,
    language: Option<Language>,
    organisation: Organisation,
    #[serde(default)]
    house: House,
    exchange: ExchangeEntry,
    log: Log,
    #[serde(default)]
    delivery: Vec<SinkSettings>,
    #[serde(default)]
    kiosk: Kiosk,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    ura: String,
    name: String,
    workstation: String,
    data_protection_officer: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct House {
    physician_assistant: bool,
    nurse_specialist: bool,
    ask_agreement_always: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    organisation_key: String,
    retention_years: Option<u8>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Kiosk {
    enabled: bool,
    supervisor_pin: Option<String>,
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Names the field and what it should be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError(format!("{} cannot be read: {error}", path.display())))?;
        Self::parse(&text).map_err(|error| ConfigError(format!("{}: {error}", path.display())))
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// Names the field and what it should be.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError(error.to_string()))?;
        let emergency_explicit = match (file.setting, file.emergency_explicit) {
            (_, Some(stated)) => stated,
            (Setting::Emergency, None) => {
                return Err(ConfigError(
                    "emergency_explicit is missing: say \"permit\" or \"refuse\", as your connection contract has it".into(),
                ));
            }
            (_, None) => EmergencyExplicit::Refuse,
        };
        if file.kiosk.enabled && file.kiosk.supervisor_pin.is_none() {
            return Err(ConfigError(
                "kiosk.supervisor_pin is missing: without one nobody can leave the kiosk".into(),
            ));
        }
        if file.marker_proven.is_some() {
            return Err(ConfigError(
                "marker_proven is no longer a setting: a configuration cannot say that a marked test patient was read. Remove the line and run `inzage check --marked-patient BSN --by NAME`".into(),
            ));
        }
        let years = file.log.retention_years.unwrap_or(Retention::YEARS_MIN);
        let retention = Retention::of_years(years).ok_or_else(|| {
            ConfigError(format!(
                "log.retention_years must be {} to {}",
                Retention::YEARS_MIN,
                Retention::YEARS_MAX
            ))
        })?;
        let encodings = Encodings {
            markers: file.marker,
            treatment_limits: file.treatment_limit,
            restriction_errors: file.restriction_errors,
        };
        Ok(Self {
            places: vec![Place {
                setting: file.setting,
                organisation: OrganisationId {
                    ura: file.organisation.ura,
                    name: file.organisation.name,
                    workstation: file.organisation.workstation,
                },
            }],
            emergency_explicit,
            house: HouseRules {
                physician_assistant: file.house.physician_assistant,
                nurse_specialist: file.house.nurse_specialist,
                ask_agreement_always: file.house.ask_agreement_always,
            },
            profile: encodings.profile().map_err(ConfigError)?,
            exchange: file.exchange.exchange().map_err(ConfigError)?,
            organisation_key: Some(file.log.organisation_key),
            data_protection_officer: file.organisation.data_protection_officer,
            delivery: file.delivery,
            retention,
            kiosk: file.kiosk.enabled,
            language: file.language.unwrap_or_default(),
            supervisor_pin: file.kiosk.supervisor_pin,
            idle_s: if file.kiosk.enabled {
                IDLE_KIOSK_S
            } else {
                IDLE_WORKSTATION_S
            },
        })
    }

    /// The embedded training default: fictitious organisations, the training exchange.
    #[cfg(feature = "training")]
    #[must_use]
    pub fn training() -> Self {
        let place = |setting, ura: &str, name: &str, workstation: &str| Place {
            setting,
            organisation: OrganisationId {
                ura: ura.into(),
                name: name.into(),
                workstation: workstation.into(),
            },
        };
        Self {
            places: vec![
                place(
                    Setting::AfterHours,
                    "90000901",
                    "Huisartsenpost Noord-Limburg",
                    "werkplek 4",
                ),
                place(
                    Setting::Emergency,
                    "90000902",
                    "Ziekenhuis Maasdal, spoedeisende hulp",
                    "balie 2",
                ),
            ],
            emergency_explicit: EmergencyExplicit::Permit,
            house: HouseRules::default(),
            profile: Profile::training(),
            exchange: Exchange::Training {
                patients: None,
                protocol: Protocol::default(),
            },
            organisation_key: None,
            data_protection_officer: None,
            delivery: Vec::new(),
            retention: Retention::default(),
            kiosk: false,
            language: Language::Nl,
            supervisor_pin: Some("2468".into()),
            idle_s: IDLE_WORKSTATION_S,
        }
    }

    /// Turns kiosk mode on, as `--kiosk` does.
    pub const fn enter_kiosk(&mut self) {
        self.kiosk = true;
        self.idle_s = IDLE_KIOSK_S;
    }

    /// The place for a setting, where this workstation can stand there.
    #[must_use]
    pub fn place(&self, setting: Setting) -> Option<&Place> {
        self.places.iter().find(|place| place.setting == setting)
    }
}

#[cfg(test)]
mod tests;
