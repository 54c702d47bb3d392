//! What can go wrong before or beside an answer, with a stable code for each.

use std::fmt;

/// An error of the training exchange. Consumers match [`Error::code`], never the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The command line is wrong. Whoever started the program can mend it.
    Usage(String),
    /// `index.toml` or a file that it names is wrong. Who made the folder can mend it; the text
    /// names file and line.
    Index(String),
    /// The state folder cannot be read or written: permissions, a full disk.
    State(String),
    /// The port cannot be opened: in use, or no loopback.
    Port(String),
    /// TLS cannot be set up with the certificates at hand: a fault in this program.
    Tls(String),
    /// A certificate request was not acceptable. Who made the request can mend it.
    Csr(String),
    /// The parent said something that is no message of the protocol.
    Message(String),
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Index(_) => "index",
            Self::State(_) => "state_dir",
            Self::Port(_) => "port",
            Self::Tls(_) => "tls",
            Self::Csr(_) => "csr",
            Self::Message(_) => "message",
        }
    }

    /// The exit code of the program when it cannot start (sysexits: 64 usage, 65 data, 69
    /// unavailable, 70 software, 73 cannot create).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 64,
            Self::Index(_) => 65,
            Self::Port(_) => 69,
            Self::Tls(_) | Self::Csr(_) | Self::Message(_) => 70,
            Self::State(_) => 73,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text)
            | Self::Index(text)
            | Self::State(text)
            | Self::Port(text)
            | Self::Tls(text)
            | Self::Csr(text)
            | Self::Message(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}
