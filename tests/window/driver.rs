//! The window as a test sees it: started, driven, looked at, ended.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use inzage_viewlog::{LogEntry, LogReader};
use serde_json::{Value, json};

use crate::processes::{self, Process};

/// Long enough for a slow machine, short enough that a hanging test says so.
pub const WAIT: Duration = Duration::from_secs(20);

/// A window on a data folder of its own.
pub struct Window {
    pub page: Client,
    pub data: PathBuf,
    driver: Child,
    /// The app's process id, so that a test that fails leaves nothing running.
    app: u32,
    /// Whether the data folder outlives this window.
    pub keeps_data: bool,
}

/// The build that may be driven.
pub fn driveable_app() -> PathBuf {
    let path = std::env::var_os("INZAGE_E2E_BIN").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e/inzage"),
        PathBuf::from,
    );
    assert!(
        path.is_file(),
        "{} is missing: `make app-e2e` builds it",
        path.display()
    );
    path
}

impl Window {
    /// Opens the app with more arguments than the data folder.
    pub async fn open(more: &[&str]) -> Self {
        let data = std::env::temp_dir().join(format!("inzage-window-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&data).unwrap();
        Self::open_on(data, more).await
    }

    /// Opens the app on a folder that is there already.
    pub async fn open_on(data: PathBuf, more: &[&str]) -> Self {
        Self::open_with(data, more, &[]).await
    }

    /// Opens the app with more in its environment.
    pub async fn open_with(data: PathBuf, more: &[&str], environment: &[(&str, &str)]) -> Self {
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed (webkit2gtk-driver)");
        let mut args = vec!["--data-dir".to_owned(), data.to_string_lossy().into_owned()];
        args.extend(more.iter().map(|s| (*s).to_owned()));
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": driveable_app(), "args": args },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!()
        };
        let started = Instant::now();
        let page = loop {
            let mut builder =
                ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
            {
                Ok(page) => break page,
                Err(error) if started.elapsed() > WAIT => panic!("no window: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        let app = processes::below(driver.id())
            .into_iter()
            .find(|process| process.name == "inzage");
        let app = app.expect("the driver started the app").pid;
        let mut window = Self {
            page,
            data,
            driver,
            app,
            keeps_data: false,
        };
        window.screen("sign_in").await;
        window
    }

    /// Follows the app to its newest window: locking replaces it.
    pub async fn follow(&mut self) {
        let started = Instant::now();
        loop {
            if let Ok(handles) = self.page.windows().await
                && let [only] = handles.as_slice()
                && self.page.switch_to_window(only.clone()).await.is_ok()
                && self.page.execute("return 1", vec![]).await.is_ok()
            {
                return;
            }
            assert!(started.elapsed() < WAIT, "there is one window again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the processes that showed the old page have ended, and follows to the fresh
    /// one: the old page says itself that it is locked, in the moment before it goes.
    pub async fn fresh_after(&mut self, old: &[u32]) {
        let started = Instant::now();
        while old.iter().any(|pid| processes::runs(*pid)) {
            assert!(started.elapsed() < WAIT, "the old page's process ends");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        self.follow().await;
    }

    /// Signs out and waits for the fresh page.
    pub async fn sign_out(&mut self) {
        let old = self.web_processes();
        let button = self
            .page
            .find(Locator::Css("[data-testid=sign-out]"))
            .await
            .unwrap();
        // The page may be gone before it has answered the click.
        let _gone = button.click().await;
        self.fresh_after(&old).await;
        self.screen("sign_in").await;
    }

    /// Locks by the keyboard and waits for the fresh page.
    pub async fn lock(&mut self) {
        let old = self.web_processes();
        self.chord(Key::Control, "l").await;
        self.fresh_after(&old).await;
        self.screen("locked").await;
    }

    /// Waits until the page says it shows this screen; follows a replaced window.
    pub async fn screen(&mut self, name: &str) {
        self.screen_within(name, WAIT).await;
    }

    /// The same, for what takes longer.
    pub async fn screen_within(&mut self, name: &str, wait: Duration) {
        let started = Instant::now();
        loop {
            let now = self
                .page
                .execute("return document.documentElement.dataset.screen", vec![])
                .await;
            match now {
                Ok(Value::String(now)) if now == name => return,
                Ok(_) => {}
                Err(_) => self.follow().await,
            }
            if started.elapsed() > wait {
                let text = self.text().await;
                panic!("the screen {name} does not come; there stands: {text}");
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Everything a person could read on the page.
    pub async fn text(&mut self) -> String {
        self.script("return document.body.innerText")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the page says this.
    pub async fn says(&mut self, words: &str) {
        let started = Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(
                started.elapsed() < WAIT,
                "“{words}” does not come; there stands: {text}"
            );
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Everything the page consists of: what is read, and what stands in attributes.
    pub async fn markup(&mut self) -> String {
        let script = "return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map(i => i.value)";
        self.script(script)
            .await
            .as_str()
            .expect("the page answers")
            .to_owned()
    }

    /// Opens whatever can be opened, until nothing on the page is closed any more.
    pub async fn open_all(&mut self) {
        let script = "const closed = [...document.querySelectorAll('[aria-expanded=false]')];
            closed.forEach(button => button.click());
            return closed.length";
        let started = Instant::now();
        while self.script(script).await != json!(0) {
            assert!(
                started.elapsed() < WAIT,
                "there is an end to what can be opened"
            );
            // The page draws what was opened in its own time.
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Runs a script in the page.
    pub async fn script(&mut self, script: &str) -> Value {
        self.page
            .execute(script, vec![])
            .await
            .unwrap_or(Value::Null)
    }

    pub async fn there_is(&mut self, testid: &str) -> bool {
        self.page
            .find(Locator::Css(&format!("[data-testid=\"{testid}\"]")))
            .await
            .is_ok()
    }

    pub async fn click(&mut self, testid: &str) {
        let css = format!("[data-testid=\"{testid}\"]");
        let element = self
            .page
            .wait()
            .at_most(WAIT)
            .for_element(Locator::Css(&css))
            .await;
        element
            .unwrap_or_else(|_| panic!("{testid} is there"))
            .click()
            .await
            .unwrap();
    }

    /// Types into whatever has the focus.
    pub async fn keys(&mut self, keys: &str) {
        self.page
            .active_element()
            .await
            .unwrap()
            .send_keys(keys)
            .await
            .unwrap();
    }

    pub async fn type_into(&mut self, testid: &str, text: &str) {
        let css = format!("[data-testid=\"{testid}\"]");
        let element = self
            .page
            .wait()
            .at_most(WAIT)
            .for_element(Locator::Css(&css))
            .await
            .unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Signs the first doctor in at an after-hours centre.
    pub async fn doctor(&mut self) {
        self.sign_in("t-001", "after_hours").await;
        self.screen("look_up").await;
    }

    pub async fn sign_in(&mut self, person: &str, setting: &str) {
        self.click(&format!("person-{person}")).await;
        if self.there_is(&format!("setting-{setting}")).await {
            self.click(&format!("setting-{setting}")).await;
        }
        self.type_into("pin", "1234").await;
        self.click("sign-in").await;
    }

    /// Asks for a patient with everything answered.
    pub async fn ask(&mut self, bsn: &str, birth_date: &str) {
        self.type_into("bsn", bsn).await;
        if !birth_date.is_empty() {
            self.type_into("birth-date", birth_date).await;
        }
        if self.there_is("agreement-patient").await {
            self.click("agreement-patient").await;
            self.click("suspicion-yes").await;
        }
        self.click("ask-for-summary").await;
    }

    /// Presses one key with a modifier.
    pub async fn chord(&mut self, modifier: Key, key: &str) {
        let keys = format!("{}{key}{}", char::from(modifier), char::from(Key::Null));
        // A page that the keys made go away does not say that it took them.
        let _taken = self
            .page
            .active_element()
            .await
            .unwrap()
            .send_keys(&keys)
            .await;
    }

    /// The app's process id.
    pub const fn app(&self) -> u32 {
        self.app
    }

    /// The processes that show pages.
    pub fn web_processes(&self) -> Vec<u32> {
        let all = processes::below(self.app).into_iter();
        all.filter(|process| process.name.starts_with("WebKitWebProc"))
            .map(|process| process.pid)
            .collect()
    }

    /// The app and what it started, the training exchange excepted: it has the patients.
    pub fn processes(&self) -> Vec<Process> {
        let mut all = processes::below(self.app);
        all.push(Process {
            pid: self.app,
            parent: self.driver.id(),
            name: "inzage".into(),
        });
        all.retain(|process| !process.name.starts_with("inzage-training"));
        all
    }

    /// The log's entries, oldest first.
    pub fn entries(&self) -> Vec<LogEntry> {
        let mut entries = LogReader::open(&self.data.join("log"))
            .unwrap()
            .recent(10_000)
            .unwrap();
        entries.reverse();
        entries
    }

    /// Names of the events, oldest first.
    pub fn events(&self) -> Vec<String> {
        self.entries()
            .iter()
            .map(|e| inzage_viewlog::event_name(&e.what).to_owned())
            .collect()
    }

    /// Waits until the log's last event has this name.
    pub async fn logged(&self, event: &str) {
        let started = Instant::now();
        while self.events().last().map(String::as_str) != Some(event) {
            assert!(
                started.elapsed() < WAIT,
                "{event} comes last in {:?}",
                self.events()
            );
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The log recomputed by the app's own command.
    pub fn log_verifies(&self) {
        let said = self.terminal(&["log", "verify"]);
        assert!(
            said.status.success(),
            "the log verifies: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }

    /// Switches the corona measure, as a trainer does.
    pub fn measure(&self, state: &str) {
        let said = self.terminal(&["training", "measure", state]);
        assert!(
            said.status.success(),
            "the measure is switched: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }

    /// A picture of the page, where pictures are asked for.
    pub async fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("INZAGE_SCREENSHOTS") else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        // What stands in the page may not be painted yet.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let png = self.page.screenshot().await.unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }

    /// Runs a terminal command of the same installation.
    pub fn terminal(&self, args: &[&str]) -> std::process::Output {
        Command::new(driveable_app())
            .args(args)
            .arg("--data-dir")
            .arg(&self.data)
            .output()
            .unwrap()
    }

    /// Ends the session, which ends the app.
    pub async fn close(self) {
        // A session that is gone needs no ending.
        let _gone = self.page.clone().close().await;
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if processes::below(self.driver.id())
            .iter()
            .any(|process| process.pid == self.app)
        {
            processes::kill(self.app);
        }
        let _ended = self.driver.kill();
        let _ended = self.driver.wait();
        if !self.keeps_data {
            let _gone = std::fs::remove_dir_all(&self.data);
        }
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
