//! rsyslogd with a configuration of its own, as an ordinary process; the system's is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::pki::Pki;
use crate::waiting::LIMIT;

const RSYSLOGD: &str = "/usr/sbin/rsyslogd";

pub struct Rsyslog {
    child: Child,
    pub port: u16,
    folder: PathBuf,
    configuration: PathBuf,
}

/// A message as rsyslog understood it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub priority: String,
    pub host: String,
    pub app: String,
    pub id: String,
    pub data: String,
    pub text: String,
}

impl Rsyslog {
    /// `driver`: `ossl` or `gtls`.
    pub fn start(pki: &Pki, folder: &Path, driver: &str) -> Self {
        assert!(
            Path::new(RSYSLOGD).exists(),
            "rsyslogd is not installed: run `make setup-test`"
        );
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let (folder, configuration) = (folder.to_path_buf(), folder.join("rsyslog.conf"));
        let at = |path: &Path| path.display().to_string();
        // Direct: a message is written before the next is read, and before the connection is closed.
        let text = format!(
            r#"global(workDirectory="{work}" maxMessageSize="256k"
  defaultNetstreamDriverCAFile="{ca}" defaultNetstreamDriverCertFile="{certificate}"
  defaultNetstreamDriverKeyFile="{key}")
main_queue(queue.type="Direct")
module(load="imtcp" streamDriver.name="{driver}" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="one" type="string"
  string="%pri%\t%hostname%\t%app-name%\t%msgid%\t%structured-data%\t%msg%\n")
input(type="imtcp" port="{port}" address="127.0.0.1")
action(type="omfile" file="{received}" template="one" fileCreateMode="0600")
"#,
            work = at(&folder),
            ca = at(&pki.ca),
            certificate = at(&pki.certificate),
            key = at(&pki.key),
            received = at(&folder.join("received")),
        );
        fs::write(&configuration, text).unwrap();
        let child = spawn(&configuration, &folder);
        let started = Self {
            child,
            port,
            folder,
            configuration,
        };
        started.until_it_listens();
        started
    }

    pub fn kill(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }

    pub fn restart(&mut self) {
        self.kill();
        let _gone = fs::remove_file(self.folder.join("pid"));
        self.child = spawn(&self.configuration, &self.folder);
        self.until_it_listens();
    }

    pub fn received(&self) -> Vec<Message> {
        let bytes = fs::read(self.folder.join("received")).unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap();
        text.split_inclusive('\n')
            // Killed while writing it left half a line; it was not confirmed, and came again.
            .filter_map(|line| message(line.strip_suffix('\n')?))
            .collect()
    }

    fn until_it_listens(&self) {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < LIMIT, "rsyslogd did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(configuration: &Path, folder: &Path) -> Child {
    Command::new(RSYSLOGD)
        .arg("-n")
        .arg("-f")
        .arg(configuration)
        .arg("-i")
        .arg(folder.join("pid"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn message(line: &str) -> Option<Message> {
    let mut fields = line.splitn(6, '\t').map(str::to_owned);
    Some(Message {
        priority: fields.next()?,
        host: fields.next()?,
        app: fields.next()?,
        id: fields.next()?,
        data: fields.next()?,
        text: fields.next()?,
    })
}

impl Message {
    pub fn number(&self, of: &str) -> Option<u64> {
        let (_, rest) = self.data.split_once(&format!(" {of}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    }

    pub fn json(&self) -> Value {
        let json = self.text.strip_prefix('\u{feff}').expect("no BOM");
        serde_json::from_str(json).unwrap()
    }
}

/// Every number at least once; each repeat the same as the first; first ones in the log's order.
pub fn assert_once_by_number(received: &[Message], of: &str, last: u64) {
    let mut seen = BTreeMap::new();
    let mut order = Vec::new();
    for message in received {
        if let Some(number) = message.number(of) {
            if let Some(first) = seen.insert(number, message) {
                assert_eq!(first, message);
            } else {
                order.push(number);
            }
        }
    }
    assert_eq!(order, (1..=last).collect::<Vec<_>>());
}
