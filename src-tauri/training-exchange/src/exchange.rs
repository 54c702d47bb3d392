//! Starting the exchange inside a process, and what one can do with it while it runs.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::answer::Knowledge;
use crate::authority::{Authority, SERVER_NAME, ServerCertificate};
use crate::error::Error;
use crate::measure::{Measure, MeasureState, SharedMeasure, Switch};
use crate::patient::ListedPatient;
use crate::{builtin, folder, server};

/// What to start an exchange with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the CA and the server's certificate are kept; made when missing.
    pub state_dir: PathBuf,
    /// A folder with an `index.toml`, whose patients come beside or instead of the built-in ones.
    pub patients_dir: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The corona measure at start.
    pub measure: MeasureState,
    /// The certificate to present; anything but `Good` is there to be refused.
    pub presents: ServerCertificate,
}

impl Config {
    /// The built-in patients on a free port, with the measure active.
    pub fn new(state_dir: impl Into<PathBuf>) -> Self {
        Self {
            state_dir: state_dir.into(),
            patients_dir: None,
            port: 0,
            measure: MeasureState::Active,
            presents: ServerCertificate::Good,
        }
    }
}

/// The training exchange.
#[derive(Debug)]
pub struct Exchange;

impl Exchange {
    /// Reads the patients, opens the port and serves in the background of the current tokio
    /// runtime until the [`Running`] is dropped.
    ///
    /// # Errors
    /// [`Error::Index`], [`Error::State`], [`Error::Port`] or [`Error::Tls`]; nothing is served then.
    pub async fn start(config: Config) -> Result<Running, Error> {
        let mut patients = builtin::patients()?;
        if let Some(dir) = &config.patients_dir {
            for patient in folder::read(dir)? {
                match patients
                    .iter_mut()
                    .find(|known| known.listed.bsn == patient.listed.bsn)
                {
                    Some(known) => *known = patient,
                    None => patients.push(patient),
                }
            }
        }
        let authority = Authority::open(&config.state_dir, config.presents)?;
        let acceptor = server::acceptor(&authority)?;
        let opened = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
            let port = listener.local_addr()?.port();
            Ok::<_, std::io::Error>((listener, port))
        };
        let (listener, port) = opened
            .await
            .map_err(|error| Error::Port(format!("port {} on 127.0.0.1: {error}", config.port)))?;
        let knowledge = Arc::new(Knowledge {
            patients,
            measure: SharedMeasure::new(config.measure),
        });
        let serving =
            tokio::spawn(server::serve(listener, acceptor, Arc::clone(&knowledge))).abort_handle();
        Ok(Running {
            port,
            authority,
            knowledge,
            serving,
        })
    }
}

/// An exchange that serves. Dropping it closes the port and every connection.
pub struct Running {
    port: u16,
    authority: Authority,
    knowledge: Arc<Knowledge>,
    serving: AbortHandle,
}

impl Running {
    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The training CA's certificate, in PEM: trust this one and no other.
    pub fn ca_pem(&self) -> &str {
        self.authority.ca_pem()
    }

    /// The name to expect in the server's certificate.
    pub fn server_name(&self) -> &'static str {
        SERVER_NAME
    }

    /// A client certificate in PEM for a PKCS#10 request in PEM: the request's subject and key,
    /// 30 days, for client authentication only.
    ///
    /// # Errors
    /// [`Error::Csr`] when the request is unreadable, not signed by its own key, or names nobody.
    pub fn enrol(&self, csr_pem: &str) -> Result<String, Error> {
        self.authority.enrol(csr_pem)
    }

    /// The corona measure now.
    pub fn measure(&self) -> Measure {
        self.knowledge.measure.now()
    }

    /// Switches the corona measure; answers it as it then stands.
    pub fn set_measure(&self, switch: Switch) -> Measure {
        self.knowledge.measure.switch(switch)
    }

    /// The patients of this exchange.
    pub fn patients(&self) -> Vec<ListedPatient> {
        self.knowledge.listed().into_iter().cloned().collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
