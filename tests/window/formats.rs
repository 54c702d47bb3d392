//! One patient in every format on the same screen: the professional summary, the emergency
//! department's building blocks, a FHIR document; and what a batch leaves out is said.

use fantoccini::key::Key;
use inzage_core::domain::event::What;

use crate::driver::{WAIT, Window};

/// Signs the first doctor in at an emergency department, and looks up.
async fn in_emergency(more: &[&str], bsn: &str, birth_date: &str) -> Window {
    let mut window = Window::open(more).await;
    window.sign_in("t-001", "emergency").await;
    window.screen("look_up").await;
    window.ask(bsn, birth_date).await;
    window.screen("summary").await;
    window
}

async fn cell(window: &mut Window, testid: &str) -> String {
    let script =
        format!("return document.querySelector('[data-testid=\"{testid}\"]')?.innerText ?? ''");
    window
        .script(&script)
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_patient_reads_the_same_in_building_blocks_and_as_a_fhir_document() {
    for more in [&[][..], &["--protocol", "fhir"]] {
        let mut window = in_emergency(more, "999900006", "12-03-1951").await;
        window.logged("displayed").await;
        let text = window.text().await;
        for word in [
            "VAN DEN BERG",
            "Penicillines",
            "NSAID",
            "Doxycycline tablet 100 mg",
            "systolische bloeddruk",
            "Boezemfibrilleren",
        ] {
            assert!(text.contains(word), "{more:?}: {word} is missing in {text}");
        }
        let allergies = cell(&mut window, "banner-allergies").await;
        assert!(
            allergies.contains("Penicillines"),
            "{more:?}: the banner names what the patient is allergic to: {allergies}"
        );
        window
            .picture(if more.is_empty() {
                "acute-batch"
            } else {
                "fhir-document"
            })
            .await;
        let released = window.entries().into_iter().any(|entry| {
            matches!(entry.what, What::Released { ref sections, .. } if sections.iter().any(|s| s == "allergies"))
        });
        assert!(
            released,
            "the release names its sections: {:?}",
            window.events()
        );
        window.log_verifies();
        window.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_outside_the_region_are_said_first_with_the_organisation() {
    let mut window = in_emergency(&[], "999960039", "24-12-1952").await;
    let text = window.text().await;
    assert!(text.contains("buiten"), "{text}");
    assert!(
        text.contains("00009042"),
        "the organisation is named: {text}"
    );
    window.picture("acute-elsewhere").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_said_at_the_section_it_would_have_filled() {
    let mut window = in_emergency(&[], "999960027", "29-01-1963").await;
    window.picture("acute-laboratory-timeout").await;
    let text = window.text().await;
    assert!(
        text.contains("QABRTITI"),
        "the laboratory says why it is not there: {text}"
    );
    let allergies = cell(&mut window, "banner-allergies").await;
    assert!(
        !allergies.to_lowercase().contains("onvolledig"),
        "what failed for the laboratory says nothing about allergies: {allergies}"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_announces_eight_and_holds_none_is_no_nothing_found() {
    let mut window = in_emergency(&[], "999960015", "02-10-1957").await;
    window.picture("acute-none-arrived").await;
    let text = window.text().await.to_lowercase();
    assert!(text.contains("onvolledig"), "{text}");
    assert!(!text.contains("geen bekende"), "{text}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patients_own_restriction_looks_like_nothing_received() {
    let mut window = in_emergency(&[], "999960064", "19-09-1985").await;
    window.picture("acute-restricted").await;
    window.open_all().await;
    let page = window.markup().await.to_lowercase();
    for word in ["afgeschermd", "training_", "restrict"] {
        assert!(!page.contains(word), "{word} stands in the page");
    }
    let allergies = cell(&mut window, "banner-allergies").await.to_lowercase();
    assert!(
        allergies.contains("vraag") && !allergies.contains("geen bekende"),
        "{allergies}"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sources_stand_side_by_side_with_what_both_tell_pointed_out() {
    let mut window = in_emergency(&["--protocol", "fhir"], "999960088", "30-11-1961").await;
    window.picture("same-entry").await;
    let text = window.text().await;
    assert!(
        text.contains("Bij de Brug") && text.contains("De Linde"),
        "{text}"
    );
    assert!(text.to_lowercase().contains("tegenstrijdig"), "{text}");
    assert!(
        text.contains("ook bij"),
        "what both tell is pointed out: {text}"
    );
    window.close().await;
}

/// A frame longer than this is felt as a hitch.
const FRAME_MS_MAX: f64 = 100.0;
/// The page itself may be busy for no longer, where a small record keeps it no longer busy either.
const HELD_MS_MAX: f64 = 150.0;
/// Of this share of the frames more may be hitches than on a small record: turning a page of a long
/// list is something that a small record does not have.
const MORE_HITCHES_MAX: f64 = 0.1;
/// What a duration may be, of a small record's: one frame more or less falls on either side.
const RATIO_MAX: f64 = 2.0;
/// Entries of the largest record.
const ENTRIES: u64 = 50_000;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_thousand_entries_are_browsed_like_a_small_record() {
    // How fast frames come at all is the machine's: a processor that draws, and shares itself with
    // a virtual display and the driver of the test. A small record says so, in the same minute.
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask("999900006", "12-03-1951").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    let small = browsed(&mut window, "a small record").await;
    window.close().await;

    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask("999960118", "01-04-1931").await;
    // A debug build reads 30 MB in its own time.
    window.screen_within("summary", 3 * WAIT).await;
    window.logged("displayed").await;
    let counted = window
        .script(
            "return [...document.querySelectorAll('h2 .n')].map(n => Number(n.innerText.replace(/\\D/g, ''))).reduce((a, b) => a + b, 0)",
        )
        .await;
    assert!(
        counted.as_u64().unwrap_or_default() >= ENTRIES,
        "the headings count {counted}"
    );
    let large = browsed(&mut window, "50,000 entries").await;
    assert!(
        large.scrolled >= 12,
        "{} turns of the wheel scrolled",
        large.scrolled
    );
    assert_eq!(large.turned, 3, "the list has a way on");
    assert!(large.frames.len() > 40, "frames were drawn meanwhile");

    let most = |least: f64, small: f64| least.max(RATIO_MAX * small);
    let (held, frame) = (longest(&large.busy), longest(&large.frames));
    assert!(
        held <= most(HELD_MS_MAX, longest(&small.busy)),
        "the page was busy for {held:.0} ms"
    );
    assert!(
        frame <= most(FRAME_MS_MAX, longest(&small.frames)),
        "a frame took {frame:.0} ms"
    );
    let (ours, theirs) = (large.hitches(), small.hitches());
    assert!(
        ours <= theirs + MORE_HITCHES_MAX,
        "{ours:.2} of the frames are hitches, of a small record {theirs:.2}"
    );
    window.close().await;
}

/// What was seen while somebody went through a record.
struct Browsed {
    /// Milliseconds from one frame to the next, ascending.
    frames: Vec<f64>,
    /// Milliseconds for which the page answered nothing, ascending.
    busy: Vec<f64>,
    /// Turns of the wheel after which something else stood there.
    scrolled: usize,
    /// Pages of a long list that were turned.
    turned: usize,
}

impl Browsed {
    /// The share of frames that are felt as hitches.
    fn hitches(&self) -> f64 {
        let long = self.frames.iter().filter(|ms| **ms > FRAME_MS_MAX).count();
        long as f64 / self.frames.len().max(1) as f64
    }
}

/// Goes to each section by its key, turns the wheel there, and turns pages where there are any.
async fn browsed(window: &mut Window, name: &str) -> Browsed {
    // What is drawn behind the first screen is drawn in its own time.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    // Frames, and how long the page itself was busy at a time: a message to itself comes that late,
    // however long the processor paints.
    window
        .script(
            "window.frames_ = []; let last = performance.now();
             const tick = now => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick) };
             requestAnimationFrame(tick);
             window.busy_ = []; let beat = performance.now();
             const { port1, port2 } = new MessageChannel();
             const send = () => port2.postMessage(0);
             port1.onmessage = () => { const now = performance.now(); window.busy_.push(now - beat); beat = now; setTimeout(send, 1) };
             send()",
        )
        .await;
    let (mut scrolled, mut turned) = (0, 0);
    for section in ["4", "5", "2", "3", "1"] {
        window.chord(Key::Alt, section).await;
        for _ in 0..6 {
            // The column in which the section stands that the keys went to; a short one goes up and
            // down.
            let moved = window
                .script(
                    "const column = document.activeElement.closest('.scroller');
                     if (!column) return false;
                     const before = column.scrollTop;
                     column.scrollTop += column.clientHeight * 0.85;
                     if (column.scrollTop === before) column.scrollTop = 0;
                     return column.scrollTop !== before",
                )
                .await;
            scrolled += usize::from(moved == true);
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        }
    }
    for _ in 0..3 {
        let went_on = window
            .script(
                "const on = [...document.querySelectorAll('.page-turns .page-turn')].at(-1);
                 on?.click();
                 return on !== undefined",
            )
            .await;
        turned += usize::from(went_on == true);
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    }
    let seen = Browsed {
        frames: sorted(&window.script("return window.frames_").await),
        busy: sorted(&window.script("return window.busy_").await),
        scrolled,
        turned,
    };
    eprintln!(
        "{name}: {} frames, {:.0} % over {FRAME_MS_MAX:.0} ms, the longest {:.0} ms; the page was busy for {:.0} ms at most; {scrolled} turns of the wheel",
        seen.frames.len(),
        100.0 * seen.hitches(),
        longest(&seen.frames),
        longest(&seen.busy),
    );
    seen
}

fn longest(ascending: &[f64]) -> f64 {
    ascending.last().copied().unwrap_or_default()
}

fn sorted(list: &serde_json::Value) -> Vec<f64> {
    let list = list.as_array().expect("a list");
    let mut list: Vec<f64> = list.iter().filter_map(serde_json::Value::as_f64).collect();
    list.sort_by(f64::total_cmp);
    list
}
