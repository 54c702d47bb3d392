use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inzage_training_exchange::{MEASURE_PATH, PATIENTS_PATH};
use serde_json::{Value, json};

use crate::client::{Client, Folder, key_and_csr};

const PROGRAM: &str = env!("CARGO_BIN_EXE_inzage-training-exchange");

/// The program as the app starts it; killed when a test fails half-way.
struct Started {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    ready: Value,
}

impl Started {
    fn new(state: &Folder, args: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("--state-dir")
            .arg(&state.0)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let ready = line(&mut out)["ready"].clone();
        Self { child, out, ready }
    }

    fn say(&mut self, what: &str) -> Value {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(what.as_bytes()).unwrap();
        stdin.write_all(b"\n").unwrap();
        stdin.flush().unwrap();
        line(&mut self.out)
    }

    fn client(&mut self) -> Client {
        let port = u16::try_from(self.ready["port"].as_u64().unwrap()).unwrap();
        let ca = self.ready["ca_pem"].as_str().unwrap().to_owned();
        Client::enrolled(port, &ca, |csr| {
            let answer = self.say(&json!({ "enrol": { "csr_pem": csr } }).to_string());
            answer["enrolled"]["certificate_pem"]
                .as_str()
                .unwrap()
                .to_owned()
        })
    }

    /// How long it takes to end once its stdin is closed.
    fn close(mut self) -> Duration {
        let closed = Instant::now();
        drop(self.child.stdin.take());
        while self.child.try_wait().unwrap().is_none() {
            assert!(
                closed.elapsed() < Duration::from_secs(5),
                "it outlives its parent"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(self.child.wait().unwrap().success());
        closed.elapsed()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(out: &mut impl BufRead) -> Value {
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("not a line of JSON: {text:?}"))
}

#[tokio::test]
async fn a_child_process_is_ready_enrols_and_lets_the_client_in() {
    let state = Folder::new();
    let mut started = Started::new(&state, &[]);
    assert_eq!(started.ready["server_name"], "localhost");
    let client = started.client();
    assert!(client.get(PATIENTS_PATH).await.as_array().unwrap().len() >= 18);
    assert!(started.close() < Duration::from_secs(1));
}

#[tokio::test]
async fn it_ends_with_its_parent_even_while_it_holds_an_answer() {
    let state = Folder::new();
    let mut started = Started::new(&state, &[]);
    let client = std::sync::Arc::new(started.client());
    let held = tokio::spawn({
        let client = std::sync::Arc::clone(&client);
        async move { client.summary("999940053", None).await }
    });
    client.get(PATIENTS_PATH).await;
    assert!(!held.is_finished());
    assert!(started.close() < Duration::from_secs(1));
    assert!(
        held.await.unwrap().is_err(),
        "the held connection ends with it"
    );
}

#[tokio::test]
async fn the_parent_switches_the_measure() {
    let state = Folder::new();
    let mut started = Started::new(&state, &["--measure", "stopped"]);
    let client = started.client();
    let at_start = client.get(MEASURE_PATH).await;
    assert_eq!(
        (&at_start["state"], &at_start["since"]),
        (&json!("stopped"), &json!("2023-04-04"))
    );
    assert!(client.locate("999910942").await.is_empty());
    let answer = started.say(r#"{"measure":{"state":"active"}}"#);
    assert_eq!(answer["measure"]["decided_by"], "trainer");
    assert_eq!(client.get(MEASURE_PATH).await, answer["measure"]);
    assert_eq!(client.locate("999910942").await, ["s1"]);
}

#[test]
fn what_the_parent_should_not_say_is_answered_and_survived() {
    let state = Folder::new();
    let mut started = Started::new(&state, &[]);
    let long = format!("{{\"enrol\":{{\"csr_pem\":\"{}\"}}}}", "x".repeat(40_000));
    for (said, code) in [
        ("hello", "message"),
        ("{}", "message"),
        (r#"{"quit":true}"#, "message"),
        (r#"{"measure":{"state":"perhaps"}}"#, "message"),
        (r#"{"enrol":{"csr_pem":"hello"}}"#, "csr"),
        (long.as_str(), "csr"),
    ] {
        assert_eq!(
            started.say(said)["error"]["code"],
            code,
            "{}",
            &said[..said.len().min(40)]
        );
    }
    let (_, csr) = key_and_csr();
    let enrolled = started.say(&json!({ "enrol": { "csr_pem": csr } }).to_string());
    assert!(
        enrolled["enrolled"]["certificate_pem"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE")
    );
    started.close();
}

#[test]
fn wrong_usage_and_a_bad_index_end_with_a_code_and_a_sentence() {
    let (state, folder) = (Folder::new(), Folder::new());
    folder.write("index.toml", "[[patient]]\nbsn = 999900006\n");
    let (state_dir, patients) = (state.0.to_str().unwrap(), folder.0.to_str().unwrap());
    for (args, exit, said) in [
        (vec![], 64, "--state-dir"),
        (
            vec!["--state-dir", state_dir, "--port", "http"],
            64,
            "--port",
        ),
        (
            vec!["--state-dir", state_dir, "--measure", "on"],
            64,
            "active or stopped",
        ),
        (vec!["--state-dir"], 64, "needs a value"),
        (vec!["--frobnicate"], 64, "--frobnicate"),
        (
            vec!["--state-dir", state_dir, "--patients", patients],
            65,
            "index.toml, line 2",
        ),
    ] {
        let output = Command::new(PROGRAM)
            .args(&args)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {stderr}");
        assert!(stderr.contains(said), "{args:?}: {stderr}");
        assert!(!stderr.contains("999900006"), "no BSN in a diagnostic");
        if exit == 65 {
            let told: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(told["error"]["code"], "index", "the parent is told too");
        }
    }
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(
        help.status.success()
            && String::from_utf8(help.stdout)
                .unwrap()
                .contains("--patients DIR")
    );
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let state = Folder::new();
    let state_dir = state.0.to_str().unwrap();
    let output = Command::new(PROGRAM)
        .args(["--state-dir", state_dir, "--port", &port])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(69));
}
