//! A receiver, whatever it speaks.

use crate::error::DeliveryError;
use crate::fhir::FhirReceiver;
use crate::pace::Pace;
use crate::parcel::Parcel;
use crate::sink::{Sink, SinkKind};
use crate::syslog::SyslogReceiver;
use crate::tls::client_config;

pub(crate) enum Receiver {
    Fhir(FhirReceiver),
    Syslog(SyslogReceiver),
}

/// How many of the parcels, from the first on, the receiver has; and what stopped the others.
pub(crate) struct Sent {
    pub(crate) taken: usize,
    pub(crate) outcome: Result<(), DeliveryError>,
}

impl Receiver {
    pub(crate) fn of(sink: &Sink, pace: &Pace) -> Result<Self, DeliveryError> {
        let tls = client_config(sink)?;
        match &sink.kind {
            SinkKind::Fhir { base } => FhirReceiver::new(base, tls, pace).map(Self::Fhir),
            SinkKind::Syslog {
                host,
                port,
                enterprise,
                confirmation,
            } => SyslogReceiver::new(host, *port, *enterprise, *confirmation, tls, pace)
                .map(Self::Syslog),
        }
    }

    pub(crate) async fn send(&self, log: &str, parcels: &[Parcel]) -> Sent {
        match self {
            Self::Fhir(receiver) => receiver.send(parcels).await,
            Self::Syslog(receiver) => {
                // A batch is confirmed as a whole.
                let outcome = receiver.send(log, parcels).await;
                let taken = if outcome.is_ok() { parcels.len() } else { 0 };
                Sent { taken, outcome }
            }
        }
    }
}
