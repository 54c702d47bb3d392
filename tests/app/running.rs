//! A running app on a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use inzage::app::App;
use inzage::app::config::Config;
use inzage::app::contract::{LookUpRequest, LookUpResult, SignInRequest, SignInResult, View};
use inzage::app::ports::SystemClock;
use inzage::app::start::{Folders, Running};
use inzage::signin::training::{PIN, people};
use inzage_core::domain::consent::Agreement;
use inzage_core::domain::user::Setting;
use inzage_viewlog::{LogEntry, LogReader, OrganisationKeyPair};
use uuid::Uuid;

/// An app with its training exchange; both end with it.
pub struct Inzage {
    pub app: Arc<App>,
    pub folders: Folders,
    _running: Running,
}

impl Inzage {
    /// Starts on `data`; panics with the trouble when it cannot.
    pub async fn start(data: &Path) -> Self {
        Self::start_with(data, Config::training()).await
    }

    pub async fn start_with(data: &Path, config: Config) -> Self {
        let folders = Folders {
            data: data.to_owned(),
        };
        let app = Arc::new(App::new(config, Arc::new(SystemClock), people(), Some(PIN)));
        let running = app.start(&folders).await;
        if let Err(trouble) = app.ready().await {
            panic!("start-up failed: {} ({})", trouble.en.what, trouble.code);
        }
        Self {
            app,
            folders,
            _running: running,
        }
    }

    /// Signs the first doctor in at an after-hours centre.
    pub async fn doctor(&self) {
        self.sign_in("t-001", Setting::AfterHours, None).await;
    }

    pub async fn sign_in(&self, person: &str, setting: Setting, responsible: Option<&str>) {
        let result = self.try_sign_in(person, PIN, setting, responsible).await;
        assert!(
            matches!(result, SignInResult::SignedIn { .. }),
            "{person} signs in: {result:?}"
        );
    }

    pub async fn try_sign_in(
        &self,
        person: &str,
        pin: &str,
        setting: Setting,
        responsible: Option<&str>,
    ) -> SignInResult {
        self.app
            .sign_in(SignInRequest {
                request_id: Uuid::new_v4().to_string(),
                person: person.into(),
                pin: pin.into(),
                responsible: responsible.map(str::to_owned),
                setting: Some(setting),
            })
            .await
    }

    /// Looks up with everything answered as for a patient with possible corona who agrees.
    pub async fn look_up(&self, bsn: &str) -> LookUpResult {
        self.app.look_up(request(bsn)).await
    }

    /// As [`Self::look_up`], and the summary must be shown.
    pub async fn shown(&self, bsn: &str) -> Box<View> {
        match self.look_up(bsn).await {
            LookUpResult::Shown { view } => view,
            other => panic!("a summary is shown, not {other:?}"),
        }
    }

    /// Names of the events, oldest first.
    pub fn events(&self) -> Vec<String> {
        self.entries()
            .iter()
            .map(|e| inzage_viewlog::event_name(&e.what).to_owned())
            .collect()
    }

    pub fn entries(&self) -> Vec<LogEntry> {
        entries(&self.folders.log())
    }

    /// The organisation's key, as a trainer holds it.
    pub fn organisation_key(&self) -> OrganisationKeyPair {
        let text =
            std::fs::read_to_string(self.folders.data.join("training-organisation.key")).unwrap();
        OrganisationKeyPair::parse(&text).unwrap()
    }
}

/// Every entry of a log, oldest first.
pub fn entries(log: &Path) -> Vec<LogEntry> {
    let mut entries = LogReader::open(log).unwrap().recent(10_000).unwrap();
    entries.reverse();
    entries
}

pub fn request(bsn: &str) -> LookUpRequest {
    LookUpRequest {
        request_id: Uuid::new_v4().to_string(),
        bsn: bsn.into(),
        birth_date: String::new(),
        treats_and_needs: true,
        agreement: Some(Agreement::Patient),
        suspicion: Some(true),
    }
}

/// A folder that is gone with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("inzage-test-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

impl Inzage {
    /// A client with the app's own certificate, for the trainer's switches.
    pub async fn switch_measure(&self, active: bool) {
        use inzage::app::start::TrainingAddress;
        use inzage::exchange::client::Client;
        use inzage::exchange::tls::{TlsMaterial, client_config};
        use inzage::keychain::{Keychain, Secret};

        let address = TrainingAddress::read(&self.folders).unwrap();
        let key = Keychain::new(&self.folders.scope())
            .read(Secret::ExchangeClientKey)
            .unwrap()
            .unwrap();
        let tls = client_config(&TlsMaterial {
            trusted_ca_pem: &address.ca_pem,
            client_certificate_pem: &address.certificate_pem,
            client_key_pem: std::str::from_utf8(&key).unwrap(),
            revocation_lists_pem: None,
            allow_tls12: false,
        })
        .unwrap();
        let client = Client::new(&address.base(), tls).unwrap();
        inzage::exchange::training::switch_measure(&client, active)
            .await
            .unwrap();
    }
}
