//! The overview on paper, as somebody else's reader sees it (poppler).

use std::path::Path;
use std::process::Command;

use inzage_core::domain::event::{Event, What};

use super::overviews::{append, ask, at, heading, of_patient, seen};
use super::{BSN, OTHER_BSN, bsn, doctor, event, open, raw, released};
use crate::LogReader;
use crate::overview::{
    Heading, Language, Overview, Question, RepositoryRead, csv, for_patient, local_time, patterns,
    pdf, pdf_for_patient,
};

/// Whether poppler reads what we wrote; said loudly where it is not installed.
fn poppler() -> bool {
    let there = Command::new("pdftotext").arg("-v").output().is_ok();
    if !there {
        eprintln!(
            "SKIPPED: pdftotext is not installed; the PDF was not read by somebody else's reader"
        );
    }
    there
}

fn run(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .args((program == "pdftotext").then_some("-"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // Poppler repairs much in silence, and names what it cannot.
    assert!(output.status.success() && said.is_empty(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

struct Read {
    /// The text of each page.
    pages: Vec<String>,
    info: String,
    fonts: String,
}

/// Also draws the pages into `INZAGE_PDF_PICTURES`, where that is set.
fn read(bytes: &[u8], name: &str) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("overview.pdf");
    std::fs::write(&file, bytes).unwrap();
    if let Some(into) = std::env::var_os("INZAGE_PDF_PICTURES") {
        let into = Path::new(&into);
        std::fs::create_dir_all(into).unwrap();
        std::fs::copy(&file, into.join(format!("{name}.pdf"))).unwrap();
        let status = Command::new("pdftoppm")
            .args(["-r", "80", "-png"])
            .arg(&file)
            .arg(into.join(name))
            .status();
        assert!(status.unwrap().success());
    }
    let text = run("pdftotext", &["-layout"], &file);
    Read {
        pages: text.split_terminator('\u{c}').map(str::to_owned).collect(),
        info: run("pdfinfo", &[], &file),
        fonts: run("pdffonts", &[], &file),
    }
}

/// Words in the order in which they stand in the file, so that a cell's follow each other.
fn words(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("overview.pdf");
    std::fs::write(&file, bytes).unwrap();
    let text = run("pdftotext", &["-raw"], &file);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Look-ups of many kinds, no two alike.
fn varied(log: &mut crate::ViewLog, count: u64) {
    for number in 0..count {
        let time = format!(
            "2026-11-{:02}T{:02}:{:02}:07",
            1 + number / 40,
            number % 24,
            number % 60
        );
        let request = format!("r{number}");
        let what = match number % 4 {
            0 => What::Objected,
            1 => What::Refused {
                source: Some("Huisartsenpraktijk ’t Veld".into()),
                reason: "no_suspicion".into(),
            },
            2 => What::Failed {
                source: None,
                code: "timeout".into(),
            },
            _ => released(number).what,
        };
        let mut event: Event = at(event(what), &time, &request);
        event.place.organisation.workstation = format!("werkplek {number}");
        event.actor.as_mut().unwrap().user.name =
            format!("Zoë-Daniëlle Coöperatie-Müller {number}");
        if number % 3 == 0 {
            event.patient = Some(bsn(OTHER_BSN));
        }
        append(log, &event);
    }
}

fn all() -> Question {
    Question::default()
}

#[test]
fn every_rows_words_are_found_on_as_many_pages_as_it_says() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    varied(&mut log, 90);
    seen(&mut log, 900, "2026-11-22T01:14");
    seen(&mut log, 901, "2026-11-22T03:40");
    let found = ask(&folder, &all());
    let named = Heading {
        data_protection_officer: Some("mw. Ç. Işık – fg@devliet.example".into()),
        ..heading()
    };
    let made = pdf(&found, &named, None, Language::Nl);
    let whole = words(&made);
    for row in &found.rows {
        let desk = &row.place.organisation.workstation;
        for wanted in [row.day.to_string(), local_time(&row.first_at), desk.clone()] {
            assert!(whole.contains(&wanted), "{wanted}: {whole}");
        }
    }
    // What CSV says in one cell is here broken into lines, and nothing of it is left out.
    for word in csv(&found, &named, Language::Nl)
        .split(|c: char| c.is_whitespace() || ",;\"".contains(c))
        .filter(|word| !word.is_empty() && !word.starts_with('\''))
    {
        let bare = word.replace(' ', "");
        assert!(
            whole.replace(' ', "").contains(&bare),
            "{word} is in the CSV and not on paper"
        );
    }
    for wanted in [
        BSN,
        OTHER_BSN,
        "Zoë-Daniëlle Coöperatie-Müller 17",
        "02:14:01–04:40:01 2 keer",
        "Alleen deze werkplek",
        "Ç. Işık – fg@devliet.example",
    ] {
        assert!(whole.contains(wanted), "{wanted}: {whole}");
    }
    let read = read(&made, "table");
    let count = read.pages.len();
    assert!(count > 4, "{count}");
    assert!(
        read.info.contains("A4") && read.info.contains(&format!("Pages:           {count}")),
        "{}",
        read.info
    );
    for (at, page) in read.pages.iter().enumerate() {
        assert!(
            page.contains(&format!("blad {} van {count}", at + 1)),
            "{page}"
        );
        let is_table = page.contains("werkplek ");
        assert!(
            !is_table || page.contains("patiënt (BSN)"),
            "heads on page {}: {page}",
            at + 1
        );
    }
    // Embedded, and with a map back to characters.
    let faces: Vec<_> = read.fonts.lines().filter(|l| l.contains("Inter")).collect();
    assert_eq!(faces.len(), 2, "{}", read.fonts);
    for face in faces {
        let columns: Vec<_> = face.split_whitespace().collect();
        assert!(
            columns.windows(3).any(|c| c == ["yes", "no", "yes"]),
            "{face}"
        );
    }
}

#[test]
fn the_patients_letter_says_what_the_text_says_and_nothing_more() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    varied(&mut log, 30);
    for (l, name, of) in [
        (Language::Nl, "letter-nl", "van"),
        (Language::En, "letter-en", "of"),
    ] {
        let found = ask(&folder, &of_patient());
        let made = pdf_for_patient(&found, &heading(), l);
        let whole = words(&made).replace(' ', "");
        for line in for_patient(&found, &heading(), l) {
            // A page's number may stand within a paragraph.
            let begin: String = line
                .chars()
                .filter(|c| !c.is_whitespace())
                .take(60)
                .collect();
            assert!(whole.contains(&begin), "{line}");
        }
        assert!(!whole.contains(BSN) && !whole.contains("assistente-17"));
        let read = read(&made, name);
        let last = format!("{} {}", of, read.pages.len());
        assert!(read.pages.iter().all(|page| page.contains(&last)));
        assert!(read.pages.len() > 1 && read.info.contains("A4"));
    }
}

#[test]
fn a_row_longer_than_a_page_goes_on_over_it_and_an_empty_overview_says_so() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut long = event(What::Objected);
    let numbers: Vec<String> = (0..500).map(|n| format!("woord{n}")).collect();
    long.place.organisation.name = format!("{} {}", numbers.join(" "), "x".repeat(400));
    long.actor.as_mut().unwrap().user.name = "A\u{1b}[2J\u{202e}Ж".into();
    append(&mut log, &long);
    let made = pdf(&ask(&folder, &of_patient()), &heading(), None, Language::En);
    let whole = words(&made);
    for number in &numbers {
        assert!(whole.contains(number.as_str()), "{number}");
    }
    assert!(
        whole.contains("\u{fffd}") && whole.contains("page 2 of"),
        "{whole}"
    );
    let read = read(&made, "long");
    assert!(read.pages.len() > 4);
    assert!(
        read.pages
            .iter()
            .take(4)
            .all(|page| page.contains("patient (BSN)"))
    );

    let nothing = Overview::default();
    assert!(words(&pdf(&nothing, &heading(), None, Language::Nl)).contains("Niets gevonden."));
    let told = words(&pdf_for_patient(&nothing, &heading(), Language::Nl));
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Hier is niets over u gevonden in deze periode."));
    assert!(told.contains("Dat betekent niet dat niemand heeft gekeken"));
}

#[test]
fn what_warns_stands_above_the_rows() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = super::expiry::old_log(folder.path());
    super::expiry::expire(&mut log, 100);
    drop(log);
    raw(folder.path())
        .execute_batch(
            "DROP TRIGGER entry_no_update; UPDATE entry SET canonical = x'00' WHERE sequence = 13",
        )
        .unwrap();
    let found = ask(&folder, &of_patient());
    let whole = words(&pdf(&found, &heading(), None, Language::Nl));
    let place = |words: &str| {
        whole
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {whole}"))
    };
    let row = place("2031-11-30");
    assert!(place("tot en met nummer 12 is de inhoud verwijderd") < row);
    assert!(place("niet te lezen") < row && place(&doctor().name) > row);
}

#[test]
fn on_paper_too_it_says_whether_the_repository_was_read() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let found = ask(&folder, &all());
    let reader = LogReader::open(folder.path()).unwrap();
    let months = patterns(&reader, None, None, "2026-12-02T09:00:00.000Z").unwrap();
    let code = "delivery_forbidden";
    for (read, here, everywhere, failed) in [
        (RepositoryRead::NotAsked, true, false, false),
        (RepositoryRead::Failed { code }, true, false, true),
        (RepositoryRead::Whole, false, true, false),
    ] {
        let heading = Heading {
            repository_read: read,
            ..heading()
        };
        let table = words(&pdf(&found, &heading, Some(&months), Language::Nl));
        let letter = words(&pdf_for_patient(&found, &heading, Language::Nl));
        for whole in [&table, &letter] {
            assert_eq!(whole.contains("Alleen deze werkplek"), here, "{whole}");
            let both = "Deze werkplek en het register van de organisatie";
            assert_eq!(whole.contains(both), everywhere, "{whole}");
            assert_eq!(whole.contains(code), failed, "{whole}");
        }
        let of_this = "Cijfers van alleen deze werkplek:";
        assert_eq!(table.contains(of_this), everywhere, "{table}");
    }
}

#[test]
fn a_row_from_the_repository_is_marked_on_paper_too() {
    if !poppler() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let mut found = ask(&folder, &of_patient());
    for (from_repository, contradicted, sign) in [
        (true, true, "register, tegengesproken"),
        (false, true, "tegengesproken door het register"),
    ] {
        for row in &mut found.rows {
            row.from_repository = from_repository;
            row.contradicted = contradicted;
        }
        let whole = words(&pdf(&found, &heading(), None, Language::Nl));
        assert!(
            whole.contains(sign) && whole.contains("herkomst"),
            "{whole}"
        );
    }
}
