//! From Enter to the painted summary, against painting the same nodes from a static page
//! in the same web view.
//!
//! | | |
//! |---|---|
//! | **Enter** | the keydown event on the look-up form, in the page |
//! | **painted** | two animation frames after the summary stands in the document: the moment at which the app itself says "displayed" |
//! | **exchange** | the same two questions (which sources, and the source's summary) asked by this bench over the same mutual TLS of the same exchange, beside each look-up |
//! | **own** | Enter to painted, less exchange: everything Inzage does — the form's check, two commands, the log's appends, reading, deciding, disclosing, the way into the page, rendering, painting |
//! | **reading** | the log's *requested* to its *released*, less exchange: that one append, reading, deciding, disclosing |
//! | **rendering** | the rest until the summary stands in the document: the form's check, the release's append, the way into the page, the page's own work |
//! | **static** | from an in-memory copy of the summary's nodes to two animation frames after they stand in the document, built by plain DOM calls (Trusted Types let no markup in) in the page that showed them, with its styles |
//!
//! Both patients and both ways take turns in one run. Prints Markdown.
//! `INZAGE_BENCH_LOOK_UPS` sets how many of each; `INZAGE_E2E_BIN` names the app: for
//! figures a release build with `e2e`, because nobody can drive the product.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    dead_code
)]

#[path = "../tests/window/driver.rs"]
mod driver;
#[path = "../tests/window/processes.rs"]
mod processes;

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use inzage::app::start::{Folders, TrainingAddress};
use inzage::exchange::aorta::{Asker, Interaction};
use inzage::exchange::client::Client;
use inzage::exchange::tls::{TlsMaterial, client_config};
use inzage::exchange::{Aorta, Asking};
use inzage::keychain::{Keychain, Secret};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::user::Setting;
use inzage_viewlog::{LogEntry, event_name};
use serde_json::Value;

use driver::{WAIT, Window};

/// Enough that a median does not move by a tenth between two runs.
const LOOK_UPS: usize = 15;
/// The first look-up meets cold code and cold fonts.
const WARM_UP: usize = 2;

/// Patients by BSN and birth date, with what they show.
const PATIENTS: [(&str, &str, &str); 2] = [
    ("999900006", "12-03-1951", "showcase"),
    ("999940132", "01-04-1933", "2,000 contacts"),
];

/// Notes when Enter is pressed, when the summary stands in the document, and when it is painted.
const WATCH: &str = r"
const bench = window.__bench = {};
document.addEventListener('keydown', (event) => { if (event.key === 'Enter') bench.enter = performance.now(); }, true);
new MutationObserver(() => {
  if (bench.stands || !document.querySelector('[data-testid=banner]')) return;
  bench.stands = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => { bench.painted = performance.now(); }));
}).observe(document.getElementById('app'), { childList: true, subtree: true });
";

const FORGET: &str =
    "for (const name of ['enter', 'stands', 'painted']) delete window.__bench[name]";

const READ: &str =
    "const b = window.__bench; return b.painted ? [b.enter, b.stands, b.painted] : null";

/// A copy of everything on the page, as plain data.
const COPY: &str = r"
const copy = (node) => node.nodeType === Node.TEXT_NODE ? node.data
  : [node.namespaceURI, node.localName, [...node.attributes].map((a) => [a.name, a.value]), [...node.childNodes].map(copy)];
window.__bench[arguments[0]] = [...document.getElementById('app').childNodes].map(copy);
return document.getElementById('app').querySelectorAll('*').length;
";

/// Puts the copy in the page's place, waits until it is painted, and puts the page back.
const STATIC: &str = r"
const done = arguments[1];
const nodes = window.__bench[arguments[0]];
const page = document.getElementById('app');
const build = (node) => {
  if (typeof node === 'string') return document.createTextNode(node);
  const [space, name, attributes, children] = node;
  const element = document.createElementNS(space, name);
  for (const [key, value] of attributes) if (key !== 'style') element.setAttribute(key, value);
  for (const child of children) element.append(build(child));
  return element;
};
const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
const stand = document.createElement('div');
stand.id = 'app';
page.replaceWith(stand);
painted(() => {
  const start = performance.now();
  stand.append(...nodes.map(build));
  painted(() => {
    const took = performance.now() - start;
    const count = stand.querySelectorAll('*').length;
    stand.replaceWith(page);
    painted(() => done([took, count]));
  });
});
";

#[derive(Default)]
struct Times {
    nodes: u64,
    total_ms: Vec<f64>,
    exchange_ms: Vec<f64>,
    /// In the app: from *requested* to *released*, less exchange.
    reading_ms: Vec<f64>,
    /// The rest until the summary stands in the document.
    rendering_ms: Vec<f64>,
    /// From there until painted.
    paint_ms: Vec<f64>,
    static_ms: Vec<f64>,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run());
}

async fn run() {
    let look_ups = std::env::var("INZAGE_BENCH_LOOK_UPS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(LOOK_UPS);
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    let exchange = exchange_of(&window);
    window.script(WATCH).await;
    let mut times = PATIENTS.map(|_| Times::default());
    for round in 0..WARM_UP + look_ups {
        for (patient, times) in PATIENTS.iter().zip(&mut times) {
            let measured = look_up(&mut window, &exchange, patient).await;
            if round >= WARM_UP {
                times.nodes = measured.nodes;
                times.total_ms.push(measured.total_ms);
                times.exchange_ms.push(measured.exchange_ms);
                times
                    .reading_ms
                    .push(measured.app_ms - measured.exchange_ms);
                times
                    .rendering_ms
                    .push(measured.stands_ms - measured.app_ms);
                times.paint_ms.push(measured.total_ms - measured.stands_ms);
                times.static_ms.push(measured.static_ms);
            }
        }
    }
    window.close().await;
    report(&times, look_ups);
}

fn report(times: &[Times; 2], look_ups: usize) {
    println!(
        "| patient | elements | Enter to painted | exchange | own | reading | rendering | painting | static page | own ÷ static |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for ((_, _, name), times) in PATIENTS.iter().zip(times) {
        let own: Vec<f64> = times
            .total_ms
            .iter()
            .zip(&times.exchange_ms)
            .map(|(total, exchange)| total - exchange)
            .collect();
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {:.2} |",
            times.nodes,
            spread(&times.total_ms),
            spread(&times.exchange_ms),
            spread(&own),
            spread(&times.reading_ms),
            spread(&times.rendering_ms),
            spread(&times.paint_ms),
            spread(&times.static_ms),
            median(&own) / median(&times.static_ms),
        );
    }
    println!("\nMedians of {look_ups} in milliseconds (least–most), after {WARM_UP} unmeasured.");
}

struct Measured {
    nodes: u64,
    total_ms: f64,
    app_ms: f64,
    stands_ms: f64,
    exchange_ms: f64,
    static_ms: f64,
}

async fn look_up(
    window: &mut Window,
    exchange: &Aorta,
    (bsn, birth_date, _): &(&str, &str, &str),
) -> Measured {
    window.script(FORGET).await;
    window.type_into("bsn", bsn).await;
    window.type_into("birth-date", birth_date).await;
    window.click("agreement-patient").await;
    window.click("suspicion-yes").await;
    let exchange_ms = ask_directly(exchange, bsn).await;
    window.keys(&char::from(Key::Enter).to_string()).await;
    let started = Instant::now();
    let [enter, stands, painted] = loop {
        let read = window.script(READ).await;
        if let Some(times) = read.as_array() {
            break [0, 1, 2].map(|at| times[at].as_f64().unwrap());
        }
        assert!(
            started.elapsed() < WAIT,
            "the summary is painted; there stands {}",
            window.text().await
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    window.logged("displayed").await;
    let app_ms = between(&window.entries(), "requested", "released");
    let nodes = window
        .page
        .execute(COPY, vec![Value::from(*bsn)])
        .await
        .unwrap()
        .as_u64()
        .unwrap();
    window.click("next-patient").await;
    window.screen("look_up").await;
    let painted_again = window
        .page
        .execute_async(STATIC, vec![Value::from(*bsn)])
        .await
        .unwrap();
    assert_eq!(
        painted_again[1].as_u64(),
        Some(nodes),
        "the static page has every element"
    );
    Measured {
        nodes,
        total_ms: painted - enter,
        app_ms,
        stands_ms: stands - enter,
        exchange_ms,
        static_ms: painted_again[0].as_f64().unwrap(),
    }
}

/// How long the exchange takes for what the app asks of it.
async fn ask_directly(exchange: &Aorta, bsn: &str) -> f64 {
    let bsn = Bsn::parse(bsn).unwrap();
    let started = Instant::now();
    let sources = exchange.locate(&bsn).await.unwrap().unwrap();
    let asking = Asking {
        bsn: bsn.clone(),
        request_id: uuid::Uuid::new_v4().to_string(),
        setting: Setting::AfterHours,
        now_hl7: "20261122021400".to_owned(),
    };
    for source in &sources {
        let answer = exchange
            .ask(Interaction::ProfessionalSummary, &asking, Some(source))
            .await
            .unwrap();
        assert!(!answer.is_empty());
    }
    started.elapsed().as_secs_f64() * 1_000.0
}

/// The window's own exchange, with its own certificate.
fn exchange_of(window: &Window) -> Aorta {
    let folders = Folders {
        data: window.data.clone(),
    };
    let address = TrainingAddress::read(&folders).unwrap();
    let key = Keychain::new(&folders.scope())
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
    let asker = Asker {
        application_id: "90000258".into(),
        ura: "90000901".into(),
    };
    Aorta::new(Client::new(&address.base(), tls).unwrap(), asker, true)
}

/// Milliseconds from the last event of one name to the last of another.
fn between(entries: &[LogEntry], from: &str, to: &str) -> f64 {
    let last = |name: &str| {
        let entry = entries
            .iter()
            .rev()
            .find(|entry| event_name(&entry.what) == name)
            .unwrap();
        chrono::DateTime::parse_from_rfc3339(&entry.at).unwrap()
    };
    f64::from(i32::try_from((last(to) - last(from)).num_milliseconds()).unwrap())
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn spread(times: &[f64]) -> String {
    let least = times.iter().copied().fold(f64::INFINITY, f64::min);
    let most = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{:.0} ({least:.0}–{most:.0})", median(times))
}
