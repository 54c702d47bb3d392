//! Every limit of this program, each with its reason.

use std::time::Duration;

/// Largest request body, in bytes. The real query is about 6 KiB with its signed token; ten times
/// that leaves room and keeps the XML parser's work trivial.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;

/// Largest response file that is wrapped, in bytes: what a reader accepts at most, with room.
pub const WRAPPED_FILE_BYTES_MAX: u64 = 40 * 1024 * 1024;

/// Largest response file that is served as it is, in bytes: a trainer must be able to serve a
/// 200 MB answer to see it refused.
pub const RAW_FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Largest `index.toml`, in bytes. A thousand patients fit.
pub const INDEX_BYTES_MAX: u64 = 1024 * 1024;

/// Most sources of one patient: what one batch can sensibly hold.
pub const SOURCES_PER_PATIENT_MAX: usize = 16;

/// Longest delay that an index may ask for, in milliseconds: a typing error must not look like a
/// time-out for ever.
pub const DELAY_MS_MAX: u64 = 10 * 60 * 1000;

/// Most connections at once. One workstation uses two or three; a test a few dozen.
pub const CONNECTIONS_MAX: usize = 64;

/// How long a TLS handshake may take. Loopback needs milliseconds.
pub const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// How long a request's header may take, the idle time between two requests included.
pub const HEADER_MAX: Duration = Duration::from_secs(60);

/// How long a request's body may take.
pub const BODY_MAX: Duration = Duration::from_secs(10);

/// Most header fields of a request.
pub const HEADERS_MAX: usize = 64;

/// How long the outcome `timeout` holds a connection. Longer than any client should wait, but not
/// for ever, so that forgotten connections do not use up [`CONNECTIONS_MAX`].
pub const HOLD_MAX: Duration = Duration::from_secs(10 * 60);

/// Between the first half of a `cut` answer and the cut, so that the half does reach the client.
pub const CUT_AFTER: Duration = Duration::from_millis(100);

/// Largest line that the parent may send, in bytes. A certificate request is under 1 KiB.
pub const PARENT_LINE_BYTES_MAX: u64 = 64 * 1024;

/// Life of the training CA, in days.
pub const CA_DAYS: i64 = 365;

/// Life of the server certificate, in days.
pub const SERVER_DAYS: i64 = 90;

/// Life of a client certificate, in days.
pub const CLIENT_DAYS: i64 = 30;

/// A stored CA or server certificate with fewer days left than this is made anew: no client
/// certificate may outlive the CA that signed it.
pub const DAYS_LEFT_MIN: i64 = CLIENT_DAYS + 2;
