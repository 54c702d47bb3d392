//! The corona path: the ask prompt stands, and of ICA there is nothing, sent or not.

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use inzage_core::domain::event::{AskAnswer, What};

use crate::driver::{WAIT, Window};

const WITHOUT_ICA: &str = "999910942";
const WITH_ICA: &str = "999911016";

/// Words of the message that stand in its ICA and nowhere else.
fn words_of_ica() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src-tauri/training-exchange/patients/corona-with-ica.xml");
    let message = std::fs::read_to_string(file).unwrap().to_lowercase();
    let (mut ica, mut rest) = (String::new(), message.as_str());
    let mut others = String::new();
    while let Some(start) = [rest.find("<component3"), rest.find("<component4")]
        .into_iter()
        .flatten()
        .min()
    {
        let end_tag = if rest[start..].starts_with("<component3") {
            "</component3>"
        } else {
            "</component4>"
        };
        let end = start + rest[start..].find(end_tag).unwrap();
        others.push_str(&rest[..start]);
        ica.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    others.push_str(rest);
    // The names of elements and code systems say nothing of this patient.
    let mut words: Vec<String> = values(&ica)
        .flat_map(|value| value.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| {
            word.chars().filter(|c| c.is_alphabetic()).count() > 4 && !others.contains(word)
        })
        .map(str::to_owned)
        .collect();
    words.sort();
    words.dedup();
    words
}

/// Texts and display names.
fn values(xml: &str) -> impl Iterator<Item = &str> {
    let texts = xml.split('>').filter_map(|part| part.split('<').next());
    let names = xml
        .split("displayname=\"")
        .skip(1)
        .filter_map(|part| part.split('"').next());
    texts.chain(names)
}

async fn corona_screen(window: &mut Window, bsn: &str) {
    window.ask(bsn, "30091959").await;
    window.screen("summary").await;
    window.logged("displayed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corona_screen_asks_for_allergies_and_the_answer_is_logged() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    corona_screen(&mut window, WITH_ICA).await;
    let visible =
        "const prompt = document.querySelector('[data-testid=ask-prompt]').getBoundingClientRect();
        return prompt.height > 0 && prompt.top >= 0 && prompt.top < innerHeight";
    assert_eq!(
        window.script(visible).await,
        true,
        "the ask prompt is on the screen without scrolling"
    );
    let cell = "return document.querySelector('[data-testid=banner-allergies]').innerText";
    assert!(
        window
            .script(cell)
            .await
            .as_str()
            .unwrap()
            .contains("NIET MEEGESTUURD")
    );
    window.picture("corona").await;
    for (button, answer) in [
        ("ask-unable", AskAnswer::Unable),
        ("ask-asked", AskAnswer::Asked),
    ] {
        window.click(button).await;
        let started = Instant::now();
        while window.entries().pop().unwrap().what != (What::AskedAboutAllergies { answer }) {
            assert!(
                started.elapsed() < WAIT,
                "{answer:?} is logged: {:?}",
                window.events()
            );
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        // The page hears of it after the log.
        while !window.there_is("ask-answered").await {
            assert!(started.elapsed() < WAIT, "{answer:?} stands on the screen");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        assert!(window.there_is("ask-prompt").await);
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ica_that_came_all_the_same_stand_nowhere_in_the_page() {
    let words = words_of_ica();
    for known in [
        "enalapril",
        "amoxicilline",
        "penicillines",
        "nierfunctie",
        "oedeem",
    ] {
        assert!(
            words.iter().any(|word| word == known),
            "{known} is looked for, among {words:?}"
        );
    }
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    corona_screen(&mut window, WITH_ICA).await;
    window.open_all().await;
    let page = window.markup().await.to_lowercase();
    assert!(page.contains("gonartrose"), "what may be shown is there");
    for word in &words {
        assert!(!page.contains(word.as_str()), "{word} stands in the page");
    }
    // The search finds nothing of it either: what it hides and counts is what may be shown.
    window.chord(Key::Control, "f").await;
    window.type_into("search", "gonartrose").await;
    window.says("2 van 8").await;
    for word in ["enalapril", "amoxicilline", "nierfunctie"] {
        window
            .script("document.getElementById('search').select()")
            .await;
        window.type_into("search", word).await;
        window.says("0 van 8").await;
        window.open_all().await;
        assert_eq!(
            window
                .script("return document.querySelectorAll('mark').length")
                .await,
            0,
            "{word} is found"
        );
    }
    let shown_anyway = window
        .events()
        .iter()
        .filter(|event| *event == "received_not_shown")
        .count();
    assert_eq!(
        shown_anyway, 1,
        "the log knows what the screen does not say"
    );
    window.close().await;
}

/// The page with everything opened, after what must differ was made the same.
async fn to_the_letter(window: &mut Window) -> Vec<String> {
    window.open_all().await;
    let script = r"
        const same = text => text
            .replace(/999910942|999911016/g, 'BSN').replace(/9999[\s\u00a0\u202f]*1[01][\s\u00a0\u202f]*(942|016)/g, 'BSN')
            .replace(/100005|100006/g, 'ID')
            .replace(/\b\d{2}:\d{2}(:\d{2})?(\.\d+)?\b/g, 'CLOCK')
            .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID');
        return [same(document.body.innerText), same(document.documentElement.outerHTML)]";
    let page = window.script(script).await;
    page.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corona_screen_is_the_same_to_the_letter_whether_or_not_ica_came() {
    let mut screens = Vec::new();
    // A fresh page for each: the page numbers its elements as it goes.
    for bsn in [WITHOUT_ICA, WITH_ICA] {
        let mut window = Window::open(&[]).await;
        window.doctor().await;
        corona_screen(&mut window, bsn).await;
        screens.push(to_the_letter(&mut window).await);
        window.close().await;
    }
    let (without, with) = (&screens[0], &screens[1]);
    for (without, with) in without.iter().zip(with) {
        assert!(without.len() > 2_000, "there is a screen to compare");
        if without == with {
            continue;
        }
        let at = without
            .chars()
            .zip(with.chars())
            .take_while(|(a, b)| a == b)
            .count();
        let around = |text: &str| {
            text.chars()
                .skip(at.saturating_sub(120))
                .take(240)
                .collect::<String>()
        };
        panic!(
            "the screens differ:\n{}\n---\n{}",
            around(without),
            around(with)
        );
    }
}
