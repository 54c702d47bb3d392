//! As a terminal runs it: an ordinary account, and `cage`, which shows one program and
//! nothing else. Here it draws into the virtual display of the test run: drawing into
//! memory alone, it never asks a page to paint.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::process::{descendants, name_of};
use crate::product::{Account, picture, product_binary, training_band_is_up, wait_until};

/// Longer than start-up takes: what dies does so before.
const STAYS_UP: Duration = Duration::from_secs(5);
/// What the session says, for whoever wants to know why it did not start.
const SAID: &str = "session.log";

#[test]
fn it_starts_and_is_painted_under_cage_for_an_ordinary_user() {
    if !is_there("cage") || !is_there("Xwayland") {
        eprintln!(
            "SKIPPED: cage is not installed ('scripts/setup kiosk'); the kiosk session was not tried"
        );
        return;
    }
    let account = Account::new();
    let programs = install(&account);
    let mut session = start(&account, &programs);
    let exchange = || {
        descendants(session.id())
            .into_iter()
            .find(|id| name_of(*id).starts_with("inzage-training"))
    };
    let up = wait_until(|| {
        !account.events().is_empty() && exchange().is_some() && training_band_is_up()
    });
    let exchange = exchange();
    std::thread::sleep(STAYS_UP);
    picture("product-cage");
    let all = descendants(session.id());
    let names: Vec<String> = all.iter().map(|id| name_of(*id)).collect();
    let users: Vec<String> = all.iter().map(|id| user_of(*id)).collect();
    end(&mut session, &all);

    let said = std::fs::read_to_string(account.root.join(SAID)).unwrap_or_default();
    assert!(
        up,
        "the log is begun, the exchange runs, the page is painted; there ran {names:?}\n{said}"
    );
    assert!(
        exchange.is_some_and(|id| all.contains(&id)),
        "the exchange stays up: {names:?}\n{said}"
    );
    assert!(
        names.iter().any(|name| name == "inzage"),
        "the app stays up: {names:?}\n{said}"
    );
    assert!(
        users.iter().all(|user| user != "0"),
        "nothing of it runs as root: {users:?}"
    );
    assert_eq!(account.events(), ["segment_started"]);
}

/// The product and what starts its session, where an ordinary user may run them.
fn install(account: &Account) -> PathBuf {
    let programs = account.root.join("programs");
    std::fs::create_dir(&programs).unwrap();
    let product = product_binary();
    let exchange = product.with_file_name("inzage-training-exchange");
    let keychain = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/with-keychain");
    for program in [product, exchange, keychain] {
        std::fs::copy(&program, programs.join(program.file_name().unwrap())).unwrap();
    }
    programs
}

fn start(account: &Account, programs: &Path) -> Child {
    let runtime = account.root.join("runtime");
    std::fs::create_dir(&runtime).unwrap();
    set_mode(&runtime);
    let said = std::fs::File::create(account.root.join(SAID)).unwrap();
    let mut command = as_ordinary_user(account, &programs.join("with-keychain"));
    command
        .args(["--folder".into(), account.root.clone().into_os_string()])
        .args(["cage", "--"])
        .arg(programs.join("inzage"))
        .args(["--kiosk"])
        .env("TMPDIR", account.root.join("tmp"))
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("WLR_BACKENDS", "x11")
        .env("WLR_RENDERER", "pixman")
        .env("WLR_LIBINPUT_NO_DEVICES", "1")
        .env("LIBSEAT_BACKEND", "noop")
        .env("GDK_BACKEND", "wayland")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("INZAGE_SESSION")
        .stdout(said.try_clone().unwrap())
        .stderr(said)
        .spawn()
        .unwrap()
}

/// The account's folders belong to nobody where this test runs as root, so that nothing
/// has to be added to the machine's accounts.
fn as_ordinary_user(account: &Account, program: &Path) -> Command {
    if user_of(std::process::id()) != "0" {
        return account.command(program);
    }
    let owned = Command::new("chown")
        .args(["-R", "nobody:nogroup"])
        .arg(&account.root)
        .status()
        .unwrap();
    assert!(owned.success());
    let mut command = account.command("setpriv");
    command
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"])
        .arg(program);
    command
}

fn end(session: &mut Child, all: &[u32]) {
    let kill = |signal: &str, id: u32| {
        let _gone = Command::new("kill")
            .args([signal, &id.to_string()])
            .stderr(Stdio::null())
            .status();
    };
    // The script ends what it started, in order.
    kill("-TERM", session.id());
    if !wait_until(|| session.try_wait().is_ok_and(|ended| ended.is_some())) {
        for id in all {
            kill("-KILL", *id);
        }
        let _ended = session.wait();
    }
}

fn user_of(id: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("Uid:"))
        .unwrap_or_default();
    line.split_whitespace().nth(1).unwrap_or("gone").to_owned()
}

fn is_there(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

fn set_mode(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}
