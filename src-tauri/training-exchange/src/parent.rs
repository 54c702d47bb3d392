//! The parent's side: JSON lines over stdin and stdout. One line in, one line out, in order.

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::Error;
use crate::exchange::Running;
use crate::limits::PARENT_LINE_BYTES_MAX;
use crate::measure::{Measure, Switch};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum FromParent {
    Enrol { csr_pem: String },
    Measure(Switch),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ToParent<'a> {
    Ready {
        port: u16,
        ca_pem: &'a str,
        server_name: &'a str,
    },
    Enrolled {
        certificate_pem: String,
    },
    Measure(Measure),
    Error {
        code: &'a str,
        message: String,
    },
}

/// Says that the exchange is ready and then answers the parent until its side ends, or cannot be
/// written to any more.
///
/// # Errors
/// Only what reading or writing says; the parent is gone then.
pub async fn converse(
    running: &Running,
    from: impl AsyncBufRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> std::io::Result<()> {
    let ready = ToParent::Ready {
        port: running.port(),
        ca_pem: running.ca_pem(),
        server_name: running.server_name(),
    };
    say(&mut to, &ready).await?;
    let mut from = from;
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line past the limit arrives in pieces, each of which is refused.
        if (&mut from)
            .take(PARENT_LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)
            .await?
            == 0
        {
            return Ok(());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = match serde_json::from_slice(&line) {
            Ok(FromParent::Enrol { csr_pem }) => match running.enrol(&csr_pem) {
                Ok(certificate_pem) => ToParent::Enrolled { certificate_pem },
                Err(error) => ToParent::Error {
                    code: error.code(),
                    message: error.to_string(),
                },
            },
            Ok(FromParent::Measure(switch)) => ToParent::Measure(running.set_measure(switch)),
            Err(_) => ToParent::Error {
                code: "message",
                message: "expected {\"enrol\":…} or {\"measure\":…}".into(),
            },
        };
        say(&mut to, &answer).await?;
    }
}

/// Tells the parent why there is no exchange.
///
/// # Errors
/// What writing says.
pub async fn give_up(error: &Error, mut to: impl AsyncWrite + Unpin) -> std::io::Result<()> {
    say(
        &mut to,
        &ToParent::Error {
            code: error.code(),
            message: error.to_string(),
        },
    )
    .await
}

async fn say(to: &mut (impl AsyncWrite + Unpin), what: &ToParent<'_>) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    to.flush().await
}
