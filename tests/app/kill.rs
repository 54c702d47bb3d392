//! `kill -9` at random moments: no view without its entry, and the log verifies.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use inzage_core::domain::event::What;

use crate::running::{Folder, Inzage, entries, request};

/// Look-ups per process that is killed: the kill falls into one of them.
const PATIENTS: [&str; 4] = ["999900006", "999910942", "999900456", "999901163"];
/// With ten in the window these make two hundred; a campaign raises it.
const KILLS_DEFAULT: u32 = 190;

/// Not a test of its own: the process that is killed. It says what it was given to show.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the next test starts and kills"]
async fn looks_up_until_killed() {
    let Some(data) = std::env::var_os("INZAGE_KILL_DATA") else {
        return;
    };
    let inzage = Inzage::start(data.as_ref()).await;
    inzage.doctor().await;
    println!("READY");
    loop {
        for bsn in PATIENTS {
            let asked = request(bsn);
            let id = asked.request_id.clone();
            println!("ASKED {id}");
            if let inzage::app::contract::LookUpResult::Shown { view } =
                inzage.app.look_up(asked).await
            {
                println!("SHOWN {id}");
                inzage.app.painted(&view.view_id).await;
            }
            std::io::stdout().flush().unwrap();
        }
    }
}

#[test]
fn nothing_is_shown_without_its_entry_however_often_the_app_is_killed() {
    let kills = std::env::var("INZAGE_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(KILLS_DEFAULT);
    let folder = Folder::new();
    let mut shown: Vec<String> = Vec::new();
    let mut asked = 0;
    // A fixed seed: the moments differ from each other, not from run to run.
    let mut seed: u64 = 0x1a2b_3c4d_5e6f_7081;
    for _ in 0..kills {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let wait = Duration::from_millis((seed >> 33) % 400);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "kill::looks_up_until_killed",
                "--ignored",
                "--nocapture",
            ])
            .env("INZAGE_KILL_DATA", &folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("READY"));
        assert!(ready, "the app starts on whatever the last kill left");
        std::thread::sleep(wait);
        child.kill().unwrap();
        for line in lines.map_while(Result::ok) {
            asked += u32::from(line.contains("ASKED "));
            if let Some(id) = line.split("SHOWN ").nth(1) {
                shown.push(id.trim().to_owned());
            }
        }
        child.wait().unwrap();
    }
    inzage_viewlog::verify(&folder.0.join("log")).expect("the log verifies after every kill");
    let entries = entries(&folder.0.join("log"));
    let released: Vec<&str> = entries
        .iter()
        .filter(|e| matches!(e.what, What::Released { .. }))
        .filter_map(|e| e.request_id.as_deref())
        .collect();
    for id in &shown {
        assert!(
            released.contains(&id.as_str()),
            "a summary was shown without its entry"
        );
    }
    assert!(
        !shown.is_empty(),
        "the campaign showed something, or it proves nothing"
    );
    println!(
        "{kills} kills, {asked} look-ups asked, {} shown, {} entries",
        shown.len(),
        entries.len()
    );
}
