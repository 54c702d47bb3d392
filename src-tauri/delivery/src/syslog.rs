//! RFC 5424 messages over TLS, framed by octet counting (RFC 5425).
//!
//! Syslog has no acknowledgement. A batch has a connection of its own: after the last frame comes our
//! `close_notify`, and what the receiver does then is the sign that it read everything before it
//! ([`Confirmation`]). A batch without that sign is sent again, whole; a repeat has the same number.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::error::DeliveryError;
use crate::pace::Pace;
use crate::parcel::{Number, Parcel};
use crate::sink::Confirmation;

/// Facility 10 (security and authorisation), severity 5 (notice), as IHE ITI-20 has it.
const PRIORITY: u8 = 10 * 8 + 5;
const APP_NAME: &str = "inzage";
/// RFC 5424, section 6.2.
const HOSTNAME_CHARS_MAX: usize = 255;
const MSGID_CHARS_MAX: usize = 32;

pub(crate) struct SyslogReceiver {
    host: String,
    port: u16,
    name: ServerName<'static>,
    enterprise: u32,
    confirmation: Confirmation,
    tls: TlsConnector,
    pace: Pace,
}

impl SyslogReceiver {
    pub(crate) fn new(
        host: &str,
        port: u16,
        enterprise: u32,
        confirmation: Confirmation,
        tls: ClientConfig,
        pace: &Pace,
    ) -> Result<Self, DeliveryError> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| DeliveryError::Settings { key: "address" })?;
        Ok(Self {
            host: host.to_owned(),
            port,
            name,
            enterprise,
            confirmation,
            tls: TlsConnector::from(Arc::new(tls)),
            pace: *pace,
        })
    }

    /// All of them, or it is not known.
    pub(crate) async fn send(&self, log: &str, parcels: &[Parcel]) -> Result<(), DeliveryError> {
        let mut frames = Vec::new();
        for parcel in parcels {
            frames.extend_from_slice(&frame(&message(parcel, log, self.enterprise)?));
        }
        let mut stream = timeout(self.pace.connect_wait, self.connect())
            .await
            .map_err(|_| DeliveryError::TimedOut)??;
        timeout(self.pace.answer_wait, self.deliver(&mut stream, &frames))
            .await
            .map_err(|_| DeliveryError::TimedOut)?
    }

    async fn connect(&self) -> Result<TlsStream<TcpStream>, DeliveryError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|_| DeliveryError::Unreachable)?;
        self.tls
            .connect(self.name.clone(), stream)
            .await
            .map_err(|error| DeliveryError::of_stream(&error))
    }

    async fn deliver(
        &self,
        stream: &mut TlsStream<TcpStream>,
        frames: &[u8],
    ) -> Result<(), DeliveryError> {
        let broken = |error: std::io::Error| DeliveryError::of_stream(&error);
        stream.write_all(frames).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        stream.shutdown().await.map_err(broken)?;
        let mut ignored = [0; 512];
        loop {
            match stream.read(&mut ignored).await {
                // The receiver's own close_notify, under the keys of this connection.
                Ok(0) => return Ok(()),
                // A syslog receiver says nothing; whatever this is, it is no end.
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return match self.confirmation {
                        Confirmation::AnyClose => Ok(()),
                        Confirmation::CloseNotify => Err(DeliveryError::Unconfirmed),
                    };
                }
                Err(error) => return Err(broken(error)),
            }
        }
    }
}

/// RFC 5425, section 4.3: length, blank, message.
fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = format!("{} ", message.len()).into_bytes();
    frame.extend_from_slice(message);
    frame
}

/// RFC 5424, section 6: header, structured data, BOM and JSON.
fn message(parcel: &Parcel, log: &str, enterprise: u32) -> Result<Vec<u8>, DeliveryError> {
    let event = &parcel.event;
    let (name, number) = match parcel.number {
        Number::Entry(number) => ("entry", number),
        Number::Checkpoint(number) => ("checkpoint", number),
        Number::Heartbeat { last } => ("last", last),
    };
    let header = format!(
        "<{PRIORITY}>1 {at} {host} {APP_NAME} - {id} [inzage@{enterprise} log=\"{log}\" {name}=\"{number}\"] \u{feff}",
        at = event.recorded(),
        host = field(event.site(), HOSTNAME_CHARS_MAX),
        id = field(event.event(), MSGID_CHARS_MAX),
    );
    let mut message = header.into_bytes();
    serde_json::to_writer(&mut message, event).map_err(|_| DeliveryError::Internal)?;
    Ok(message)
}

/// A field of the header is printable ASCII without blanks, or `-` where there is nothing.
fn field(text: &str, chars_max: usize) -> String {
    let field: String = text
        .chars()
        .take(chars_max)
        .map(|c| if c.is_ascii_graphic() { c } else { '-' })
        .collect();
    if field.is_empty() {
        "-".to_owned()
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_counts_bytes_and_not_characters() {
        assert_eq!(frame("aé".as_bytes()), "3 aé".as_bytes());
    }

    #[test]
    fn a_header_field_is_printable_ascii_without_blanks_and_never_empty() {
        assert_eq!(field("balie 2, é", 32), "balie-2,--");
        assert_eq!(field("", 32), "-");
        assert_eq!(field(&"x".repeat(40), 32).len(), 32);
    }
}
