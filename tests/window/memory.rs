//! After a lock, no process of the app holds anything of the patient that was open.

use std::path::PathBuf;

use fantoccini::key::Key;

use crate::driver::Window;
use crate::scan::{Found, scan};

/// A patient that nobody could know: every word of it is made anew for this test.
struct Marker {
    bsn: String,
    surname: String,
    episode: String,
    line: String,
    folder: PathBuf,
}

/// The corona marker of training.
const CORONA: &str =
    r#"<confidentialityCode code="CORONA" codeSystem="2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c11"/>"#;

impl Marker {
    fn new(corona: bool) -> Self {
        let marker = Self {
            bsn: random_bsn(),
            surname: format!("Q{}", random_letters(14)),
            episode: format!("X{}", random_letters(14)),
            line: format!("Z{} J{}", random_letters(12), random_letters(12)),
            folder: std::env::temp_dir().join(format!("inzage-marker-{}", uuid::Uuid::new_v4())),
        };
        std::fs::create_dir_all(&marker.folder).unwrap();
        let index = format!(
            "[[patient]]\nbsn = \"{}\"\nbirth_date = \"1960-02-29\"\nlabel_nl = \"Merkpatiënt\"\nlabel_en = \"Marker\"\n\
             [[patient.source]]\nname = \"Huisartsenpraktijk De Linde\"\nfile = \"marker.xml\"\ncorona = {corona}\n",
            marker.bsn
        );
        std::fs::write(marker.folder.join("index.toml"), index).unwrap();
        std::fs::write(
            marker.folder.join("marker.xml"),
            marker.message(if corona { CORONA } else { "" }),
        )
        .unwrap();
        marker
    }

    fn message(&self, confidentiality: &str) -> String {
        let Self {
            bsn,
            surname,
            episode,
            line,
            ..
        } = self;
        format!(
            r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3">
  <id extension="1" root="2.16.840.1.113883.2.4.6.6.90009001.1"/>
  <interactionId extension="QUPC_IN990002NL" root="2.16.840.1.113883.1.6"/>
  <acknowledgement typeCode="AA"/>
  <ControlActProcess moodCode="EVN">
    <subject><PrimaryCareProvision>
      {confidentiality}
      <subject><Patient>
        <id extension="{bsn}" root="2.16.840.1.113883.2.4.6.3"/>
        <Person><name><given qualifier="IN">M.</given><family qualifier="BR">{surname}</family></name>
          <birthTime value="19600229"/></Person>
      </Patient></subject>
      <component7><episodeOfCondition>
        <id extension="1" root="2.16.840.1.113883.2.4.6.6.90009001.4.6"/><text>{episode}</text><statusCode code="active"/>
        <effectiveTime><low value="20240101"/></effectiveTime>
      </episodeOfCondition></component7>
      <component1><encounter>
        <id extension="5" root="2.16.840.1.113883.2.4.6.6.90009001.4.1"/>
        <effectiveTime><low value="202611181000"/></effectiveTime>
        <component><sequenceNumber value="1"/><JournalEntry>
          <id extension="6" root="2.16.840.1.113883.2.4.6.6.90009001.4.2"/>
          <code code="S" codeSystem="2.16.840.1.113883.2.4.4.32.2"/><value>{line}</value>
        </JournalEntry></component>
      </encounter></component1>
    </PrimaryCareProvision></subject>
    <queryAck><queryResponseCode code="OK"/><resultTotalQuantity value="1"/>
      <resultCurrentQuantity value="1"/><resultRemainingQuantity value="0"/></queryAck>
  </ControlActProcess>
</QUPC_IN990002NL>"#
        )
    }

    /// What must be nowhere: words of the text, the name, and the BSN plain and as it is shown.
    /// Whoever is still signed in has the list of practice patients before them, with its numbers.
    fn texts(&self, signed_in: bool) -> Vec<String> {
        let (first, second) = self.line.split_once(' ').unwrap();
        let shown = format!("{} {} {}", &self.bsn[..4], &self.bsn[4..6], &self.bsn[6..]);
        let mut all: Vec<String> = [&self.surname, &self.episode, first, second, &shown]
            .map(str::to_owned)
            .into();
        all.push(self.surname.to_uppercase());
        if !signed_in {
            all.push(self.bsn.clone());
        }
        all
    }
}

impl Drop for Marker {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

fn random_letters(count: usize) -> String {
    let letters = uuid::Uuid::new_v4().into_bytes();
    letters[..count]
        .iter()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect()
}

/// Nine digits that begin as test numbers do and pass the eleven-test.
fn random_bsn() -> String {
    let seed = uuid::Uuid::new_v4().as_u128() % 10_000;
    let passes = |number: &u32| inzage_core::domain::bsn::Bsn::parse(&number.to_string()).is_ok();
    let from = 999_900_000 + u32::try_from(seed).unwrap() * 10;
    (from..1_000_000_000)
        .chain(999_900_000..from)
        .find(passes)
        .unwrap()
        .to_string()
}

/// Opens, signs in, looks the marker patient up, and does with it what a doctor does.
async fn shown(marker: &Marker) -> Window {
    let mut window = Window::open(&["--patients", marker.folder.to_str().unwrap()]).await;
    window.doctor().await;
    window.ask(&marker.bsn, "29021960").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    window.open_all().await;
    window.chord(Key::Control, "f").await;
    window.type_into("search", &marker.episode[..6]).await;
    // Counted there and not read here: what goes to the driver passes through the app's memory.
    let started = std::time::Instant::now();
    while window
        .script("return document.querySelectorAll('mark').length > 0")
        .await
        != true
    {
        assert!(
            started.elapsed() < crate::driver::WAIT,
            "the search finds it on the screen"
        );
    }
    window
}

fn looked_for(window: &Window, marker: &Marker, signed_in: bool) -> Vec<Found> {
    let texts = marker.texts(signed_in);
    scan(
        window,
        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
    )
}

/// The check can fail: while it is shown, it is found.
fn is_found(window: &Window, marker: &Marker) {
    let found = looked_for(window, marker, false);
    for text in [&marker.episode, &marker.surname, &marker.bsn] {
        assert!(
            found
                .iter()
                .any(|found| found.text.starts_with(text.as_str())),
            "{text} is in memory while it is shown"
        );
    }
}

async fn is_gone(window: &Window, marker: &Marker, signed_in: bool) {
    // What is still on its way to be freed takes a moment; what is there after that stays.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let found = looked_for(window, marker, signed_in);
    assert!(found.is_empty(), "{} places: {found:#?}", found.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lock_no_process_holds_anything_of_the_patient() {
    let marker = Marker::new(false);
    let mut window = shown(&marker).await;
    is_found(&window, &marker);
    window.lock().await;
    is_gone(&window, &marker, false).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_out_no_process_holds_anything_of_the_patient() {
    let marker = Marker::new(false);
    let mut window = shown(&marker).await;
    is_found(&window, &marker);
    window.sign_out().await;
    is_gone(&window, &marker, false).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_measure_stopped_no_process_holds_anything_of_the_patient() {
    let marker = Marker::new(true);
    let mut window = shown(&marker).await;
    is_found(&window, &marker);
    let old = window.web_processes();
    window.measure("stopped");
    window.fresh_after(&old).await;
    is_gone(&window, &marker, true).await;
    window.close().await;
}
