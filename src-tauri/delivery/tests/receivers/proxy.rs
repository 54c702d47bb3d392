//! What stands between here and there: lets through, slows down, cuts off, or answers in the receiver's place.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::pki::Pki;

/// More than a TLS client says before its first request, and less than with it.
const REQUEST_BEGUN: usize = 1_500;
/// No connection of a test lasts longer.
const LIMIT: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// So many bytes at a time, each way, and then a pause.
    Slow {
        bytes: usize,
    },
    /// The whole request goes through; of the answer, so many bytes.
    CutAnswer {
        bytes: usize,
    },
    /// Of all that comes back, so many bytes: with a long answer, the middle of it.
    CutBack {
        bytes: usize,
    },
    /// So many bytes of what is sent go through.
    CutRequest {
        bytes: usize,
    },
    /// Takes the connection and never says a word.
    Silent,
    /// As a gateway does in whose opinion the server is not well.
    Answer {
        status: u16,
    },
    /// As a server that has lost its mind.
    Say {
        body: &'static str,
    },
    /// As a server whose search never ends: one empty page after another, each after a while.
    Pages {
        pause: Duration,
    },
}

pub struct Proxy {
    pub port: u16,
    state: Arc<Mutex<(Mode, u16, u32)>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub async fn new(pki: &Pki, target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new((Mode::Pass, target, 0)));
        let acceptor = acceptor(pki);
        let seen = Arc::clone(&state);
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (mode, target, count) = {
                    let mut state = seen.lock().unwrap();
                    state.2 += 1;
                    *state
                };
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let _ended =
                        timeout(LIMIT, serve(client, mode, (target, count), acceptor)).await;
                });
            }
        });
        Self { port, state, task }
    }

    /// From the next connection on.
    pub fn set(&self, mode: Mode) {
        self.state.lock().unwrap().0 = mode;
    }

    pub fn lead_to(&self, target: u16) {
        self.state.lock().unwrap().1 = target;
    }

    pub fn connections(&self) -> u32 {
        self.state.lock().unwrap().2
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut client: TcpStream,
    mode: Mode,
    (target, count): (u16, u32),
    acceptor: TlsAcceptor,
) {
    if let Mode::Answer { .. } | Mode::Say { .. } | Mode::Pages { .. } = mode {
        let Ok(mut stream) = acceptor.accept(client).await else {
            return;
        };
        let mut read = vec![0; 64 * 1024];
        let _request = stream.read(&mut read).await;
        let (status, body) = match mode {
            Mode::Answer { status } => (status, String::new()),
            Mode::Say { body } => (200, body.to_owned()),
            Mode::Pages { pause } => {
                sleep(pause).await;
                let next = format!(r#"{{"relation":"next","url":"AuditEvent?page={count}"}}"#);
                let page = r#"{"resourceType":"Bundle","type":"searchset","link":["#;
                (200, format!("{page}{next}]}}"))
            }
            _ => return,
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        let _sent = stream.write_all(answer.as_bytes()).await;
        let _closed = stream.shutdown().await;
        return;
    }
    if mode == Mode::Silent {
        return sleep(LIMIT).await;
    }
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", target)).await else {
        return;
    };
    let (bytes_max, pause) = match mode {
        Mode::Slow { bytes } => (bytes, Duration::from_millis(10)),
        _ => (16 * 1024, Duration::ZERO),
    };
    let (mut up, mut down) = (vec![0; bytes_max], vec![0; bytes_max]);
    let (mut sent, mut allowed) = (0_usize, None);
    let (mut client_open, mut server_open) = (true, true);
    while client_open || server_open {
        tokio::select! {
            read = client.read(&mut up), if client_open => {
                let Ok(read) = read else { return };
                let mut read = read;
                if let Mode::CutRequest { bytes } = mode {
                    read = read.min(bytes.saturating_sub(sent));
                }
                sent += read;
                if read == 0 {
                    client_open = false;
                    let _half = server.shutdown().await;
                } else if server.write_all(&up[..read]).await.is_err() {
                    return;
                }
                if mode == (Mode::CutRequest { bytes: sent }) {
                    return;
                }
            }
            read = server.read(&mut down), if server_open => {
                let Ok(mut read) = read else { return };
                let cut_after = match mode {
                    Mode::CutAnswer { bytes } if sent > REQUEST_BEGUN => Some(bytes),
                    Mode::CutBack { bytes } => Some(bytes),
                    _ => None,
                };
                if let Some(bytes) = cut_after {
                    let left = allowed.get_or_insert(bytes);
                    read = read.min(*left);
                    *left -= read;
                    let _sent = client.write_all(&down[..read]).await;
                    if *left == 0 {
                        return;
                    }
                    continue;
                }
                if read == 0 {
                    server_open = false;
                    let _half = client.shutdown().await;
                } else if client.write_all(&down[..read]).await.is_err() {
                    return;
                }
            }
        }
        if !pause.is_zero() {
            sleep(pause).await;
        }
    }
}

fn acceptor(pki: &Pki) -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(&fs::read(&pki.certificate).unwrap())
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(&fs::read(&pki.key).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
