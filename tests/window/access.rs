//! axe-core on every screen, in both themes and both languages: no violation.

use std::path::Path;
use std::time::Duration;

use fantoccini::Locator;
use fantoccini::key::Key;
use fantoccini::wd::TimeoutConfiguration;
use serde_json::Value;

use crate::driver::Window;

/// A record of 2,000 contacts takes axe its time.
const AXE_MAX: Duration = Duration::from_secs(120);

const RUN: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
        found => done({
            rules: found.passes.length,
            violations: found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join(' | ')),
        }),
        error => done({ violations: [String(error)] }))";

/// Looks at the page as it stands.
async fn look(window: &mut Window, name: &str, found: &mut Vec<String>) {
    let there = window.script("return typeof window.axe").await;
    if there != "object" {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
        let source =
            std::fs::read_to_string(file).expect("axe-core is installed with the page's packages");
        window.page.execute(&source, vec![]).await.unwrap();
        let limit = TimeoutConfiguration::new(Some(AXE_MAX), None, None);
        window.page.update_timeouts(limit).await.unwrap();
    }
    let result = window.page.execute_async(RUN, vec![]).await.unwrap();
    assert!(
        result["rules"].as_u64().is_some_and(|rules| rules > 5),
        "{name}: axe looked: {result}"
    );
    for violation in result["violations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        found.push(format!("{name}: {violation}"));
    }
}

/// Day, night, and the same in English, which is the page as it was left.
async fn look_at_all(window: &mut Window, name: &str, found: &mut Vec<String>) {
    for language in ["nl", "en"] {
        for theme in ["first theme", "other theme"] {
            look(window, &format!("{name} ({language}, {theme})"), found).await;
            tool(window, 1).await;
        }
        tool(window, 0).await;
    }
}

/// The bar's first buttons: language and theme.
async fn tool(window: &mut Window, index: usize) {
    let before = window
        .script("return document.documentElement.lang + document.documentElement.dataset.theme")
        .await;
    window
        .page
        .find_all(Locator::Css(".tools .tool"))
        .await
        .unwrap()[index]
        .click()
        .await
        .unwrap();
    let started = std::time::Instant::now();
    while window
        .script("return document.documentElement.lang + document.documentElement.dataset.theme")
        .await
        == before
    {
        assert!(started.elapsed() < crate::driver::WAIT, "the page changes");
    }
}

fn none(found: &[String]) {
    assert!(
        found.is_empty(),
        "{} violations:\n{}",
        found.len(),
        found.join("\n")
    );
}

async fn summary(window: &mut Window, bsn: &str, born: &str, screen: &str) {
    window.ask(bsn, born).await;
    window.screen(screen).await;
}

async fn next(window: &mut Window) {
    window.chord(Key::Control, "k").await;
    window.screen("look_up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_looking_up_and_waiting_are_accessible() {
    let (mut window, mut found) = (Window::open(&[]).await, Vec::new());
    look_at_all(&mut window, "sign in", &mut found).await;
    window.doctor().await;
    look_at_all(&mut window, "look up", &mut found).await;
    window.keys(&char::from(Key::F1).to_string()).await;
    look(&mut window, "help", &mut found).await;
    window.keys(&char::from(Key::Escape).to_string()).await;
    // The panel gives the focus back a frame later: what is typed before that is lost.
    let back = "return document.activeElement.className === 'tool'";
    let started = std::time::Instant::now();
    while window.script(back).await != true {
        assert!(
            started.elapsed() < crate::driver::WAIT,
            "the focus comes back"
        );
    }
    summary(&mut window, "999940041", "01011955", "waiting").await;
    look(&mut window, "waiting", &mut found).await;
    window.screen("summary").await;
    window.lock().await;
    look_at_all(&mut window, "locked", &mut found).await;
    none(&found);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_summary_is_accessible() {
    let (mut window, mut found) = (Window::open(&[]).await, Vec::new());
    window.doctor().await;
    for (bsn, born, name) in [
        ("999900006", "12031951", "explicit"),
        ("999910942", "30091959", "corona"),
        ("999911120", "05111993", "nothing received"),
        ("999990238", "14071981", "partial refusal"),
    ] {
        summary(&mut window, bsn, born, "summary").await;
        look_at_all(&mut window, name, &mut found).await;
        window.open_all().await;
        look(&mut window, &format!("{name}, opened"), &mut found).await;
        next(&mut window).await;
    }
    none(&found);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_record_is_accessible() {
    let (mut window, mut found) = (Window::open(&[]).await, Vec::new());
    window.doctor().await;
    summary(&mut window, "999940132", "01041933", "summary").await;
    window.picture("large").await;
    look(&mut window, "large record", &mut found).await;
    none(&found);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_failures_and_the_log_are_accessible() {
    let (mut window, mut found) = (Window::open(&[]).await, Vec::new());
    window.doctor().await;
    summary(&mut window, "999940004", "11121970", "refused").await;
    look_at_all(&mut window, "refused", &mut found).await;
    window.click("next-patient").await;
    window.screen("look_up").await;
    window.sign_out().await;
    window.doctor().await;
    // The exchange goes away: the question fails as a whole.
    let exchange = crate::processes::below(window.app());
    let exchange = exchange
        .iter()
        .find(|process| process.name.starts_with("inzage-training"))
        .unwrap();
    crate::processes::kill(exchange.pid);
    summary(&mut window, "999900006", "12031951", "failed").await;
    look_at_all(&mut window, "failed", &mut found).await;
    window.picture("failed").await;
    window.sign_out().await;
    window.sign_in("t-007", "after_hours").await;
    window.click("open-log").await;
    window.screen("log").await;
    look_at_all(&mut window, "log", &mut found).await;
    window.picture("log").await;
    none(&found);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_a_fault_that_was_put_there() {
    let (mut window, mut found) = (Window::open(&[]).await, Vec::new());
    window
        .script("document.body.append(document.createElement('button'))")
        .await;
    look(&mut window, "sign in", &mut found).await;
    assert!(
        found
            .iter()
            .any(|violation| violation.contains("button-name")),
        "{found:?}"
    );
    window.close().await;
}
