//! One look-up by keyboard: what is logged, and what is left behind.

use crate::product::{Account, Product, keys, picture, text};
use crate::traces::{CLINICAL, files, holding};

/// From the top of the page: language, theme, text size, help; then the first person.
const TABS_TO_FIRST_PERSON: usize = 5;

/// Signs the first doctor in at the after-hours centre.
pub fn sign_in(account: &Account) {
    keys(&["Tab"; TABS_TO_FIRST_PERSON]);
    keys(&["space"]);
    text("1234");
    keys(&["Tab", "space", "Return"]);
    account.logged("signed_in");
}

/// Looks the showcase patient up.
fn look_up(account: &Account) {
    // The field for the number has the focus as soon as the form stands there.
    std::thread::sleep(std::time::Duration::from_millis(500));
    text("999900006");
    keys(&["Tab"]);
    text("12031951");
    keys(&["Tab", "space", "Tab", "space", "Return"]);
    account.logged("displayed");
}

#[test]
fn a_look_up_by_keyboard_is_logged_and_leaves_nothing_clinical_on_the_disk() {
    let account = Account::new();
    let product = Product::start(&account);
    picture("product-1-sign-in");
    sign_in(&account);
    look_up(&account);
    picture("product-2-summary");
    assert_eq!(
        account.events(),
        [
            "segment_started",
            "signed_in",
            "requested",
            "delivered",
            "released",
            "displayed"
        ]
    );

    let while_shown = holding(&account.root, CLINICAL);
    assert!(
        while_shown.is_empty(),
        "nothing clinical on disk while it is shown: {while_shown:?}"
    );

    assert!(product.close().success(), "it ends in order");
    assert_eq!(account.events()[6..], ["closed", "signed_out"]);

    let afterwards = holding(&account.root, CLINICAL);
    assert!(
        afterwards.is_empty(),
        "nothing clinical on disk afterwards: {afterwards:?}"
    );
    let unknown: Vec<String> = files(&account.root)
        .iter()
        .map(|path| {
            path.strip_prefix(&account.root)
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|path| !KNOWN_FILES.contains(&path.as_str()) && !path.starts_with(SHADERS))
        .collect();
    assert!(
        unknown.is_empty(),
        "only files that are known are left, not {unknown:?}"
    );

    let verified = account
        .command(crate::product::product_binary())
        .args(["log", "verify"])
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

/// All that an account holds after a look-up in training.
const KNOWN_FILES: &[&str] = &[
    // Ours: the log, the training exchange's certificates, the training key pair.
    "data/inzage/log/viewlog.sqlite",
    "data/inzage/log/checkpoint.lock",
    "data/inzage/log/delivery.lock",
    "data/inzage/log/viewlog.sqlite-shm",
    "data/inzage/log/viewlog.sqlite-wal",
    "data/inzage/training-organisation.key",
    "data/inzage/training/ca.key.pem",
    "data/inzage/training/ca.pem",
    "data/inzage/training/running.json",
    "data/inzage/training/server.key.pem",
    "data/inzage/training/server.pem",
    // The web view's, made at start and never written to again: random salts and an empty table.
    "data/nl.inzage.app/WebKitCache/Version 17/salt",
    "data/nl.inzage.app/hsts-storage.sqlite",
    "data/nl.inzage.app/mediakeys/v1/salt",
    "data/nl.inzage.app/storage/salt",
];

/// Programs for drawing, compiled for this machine's graphics; they hold no text.
const SHADERS: &str = "cache/mesa_shader_cache";
