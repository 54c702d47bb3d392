//! The accept loop: loopback only, mutual TLS only, HTTP/1.1.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::answer::Knowledge;
use crate::authority::Authority;
use crate::error::Error;
use crate::limits::{CONNECTIONS_MAX, HANDSHAKE_MAX, HEADER_MAX, HEADERS_MAX};
use crate::routes::route;

/// TLS 1.3 and 1.2, aws-lc-rs, a client certificate of this authority or no connection.
pub(crate) fn acceptor(authority: &Authority) -> Result<TlsAcceptor, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.ca_der()?).map_err(tls)?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| {
                Error::Tls(format!("client certificates cannot be verified: {error}"))
            })?;
    let (certificate, key) = authority.server_der()?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(tls)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)
        .map_err(tls)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts until it is dropped; every connection ends with it.
pub(crate) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, knowledge: Arc<Knowledge>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        // Past the limit, new connections wait in the listener's queue.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or a connection gone before it was accepted: go on, slowly.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let (acceptor, knowledge) = (acceptor.clone(), Arc::clone(&knowledge));
        connections.spawn(async move {
            connection(stream, acceptor, knowledge).await;
            drop(place);
        });
    }
}

/// One connection. Its errors are the client's business: a refused certificate, a cut, a client
/// that stopped waiting.
async fn connection(stream: TcpStream, acceptor: TlsAcceptor, knowledge: Arc<Knowledge>) {
    // Without it, a small answer waits 40 ms for the acknowledgement of the one before.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Ok(Ok(stream)) = timeout(HANDSHAKE_MAX, acceptor.accept(stream)).await else {
        return;
    };
    let service = service_fn(|request| {
        let knowledge = Arc::clone(&knowledge);
        async move { Ok::<_, Infallible>(route(&knowledge, request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    drop(served);
}

fn tls(error: rustls::Error) -> Error {
    Error::Tls(format!("TLS cannot be set up: {error}"))
}
