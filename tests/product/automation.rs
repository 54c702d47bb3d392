//! Nobody drives the product: what a script could read, it could also copy.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::product::{Account, driveable_binary, product_binary};

/// The build that may be driven gives a session in a second.
const SESSION_WAIT: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn automation_gets_a_session_of_the_test_build_and_none_of_the_product() {
    let account = Account::new();
    let (mut driver, session) = ask_for_session(&account, &driveable_binary()).await;
    let session =
        session.expect("the build with `e2e` can be driven: this test would notice a session");
    let _closed = session.close().await;
    end(&mut driver);

    let account = Account::new();
    let (mut driver, session) = ask_for_session(&account, &product_binary()).await;
    let refused = session.is_none();
    end(&mut driver);
    assert!(refused, "the product gives no session");
    assert!(
        !account.events().iter().any(|event| event == "signed_in"),
        "and nobody was signed in"
    );
}

/// A driver that was asked for a session, and the session where it gives one in time.
async fn ask_for_session(account: &Account, binary: &Path) -> (Child, Option<Client>) {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let driver = account
        .command("WebKitWebDriver")
        .args(["--host=127.0.0.1", &format!("--port={port}")])
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("WebKitWebDriver is installed (webkit2gtk-driver)");
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
    let Value::Object(capabilities) = capabilities else {
        unreachable!()
    };
    let address = format!("http://127.0.0.1:{port}");
    let started = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(started.elapsed() < SESSION_WAIT, "the driver listens");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let session = tokio::time::timeout(SESSION_WAIT, builder.connect(&address)).await;
    (driver, session.ok().and_then(Result::ok))
}

/// Ends the driver and the app it started.
fn end(driver: &mut Child) {
    let children = crate::process::descendants(driver.id());
    let _ended = driver.kill();
    let _ended = driver.wait();
    for child in children {
        let _gone = Command::new("kill")
            .args(["-KILL", &child.to_string()])
            .stderr(Stdio::null())
            .status();
    }
}
