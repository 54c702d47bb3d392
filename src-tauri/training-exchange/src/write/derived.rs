//! A source's message, read.

use inzage_core::domain::coded::Identifier;
use inzage_core::domain::consent::Marker;
use inzage_core::readers::{Profile, Scope, SourceRecord, open, text_of};

/// What a source has, and how it names itself.
pub(crate) struct Derived {
    pub(crate) record: SourceRecord,
    pub(crate) ura: String,
    pub(crate) name: String,
    pub(crate) application: String,
    /// The training code of the consent marker, where the message carries one.
    pub(crate) marker: Option<&'static str>,
}

impl Derived {
    /// Reads a message with the project's own reader.
    ///
    /// # Errors
    /// A sentence for the trainer, without a word of the message.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        const UNREADABLE: &str =
            "the message cannot be read, so that no other form can be made of it";
        let profile = Profile::training();
        let (text, format) = text_of(bytes).map_err(|_| UNREADABLE)?;
        let opened = open(text, format, &profile).map_err(|_| UNREADABLE)?;
        let header = opened.parts().first().ok_or(UNREADABLE)?;
        let (record, _, _) = opened.read(0, Scope::Full, "s1", &profile);
        let marker = match header.marker {
            Marker::Corona | Marker::CoronaAndExplicit => Some("CORONA"),
            Marker::OptedOut => Some("GEEN_TOESTEMMING"),
            Marker::Absent if record.national_rule => Some("LANDELIJKE_REGEL"),
            Marker::Absent => None,
        };
        Ok(Self {
            ura: header.organisation_ura.clone().unwrap_or_default(),
            name: header.organisation_name.clone().unwrap_or_default(),
            application: header.sender.clone().unwrap_or_else(|| "1".into()),
            marker,
            record,
        })
    }

    /// The ids of the episodes that a journal line or diagnosis belongs to.
    pub(super) fn episode_ids(&self, keys: &[String]) -> Vec<&Identifier> {
        self.record
            .episodes
            .iter()
            .filter(|episode| keys.contains(&episode.key))
            .filter_map(|episode| episode.ids.first())
            .collect()
    }
}
