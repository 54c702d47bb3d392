//! The running product on folders of its own, and a keyboard.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use inzage_viewlog::{LogReader, event_name};
use uuid::Uuid;

/// Long enough for a slow machine, short enough that a hanging test says so.
pub const WAIT: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Between two keys: a quick typist.
const KEY_DELAY_MS: &str = "40";
/// Pixels of the training band at 1366 wide are some 12,000; of anything else that is yellow, far fewer.
const BAND_PIXELS_MIN: usize = 4_000;

/// The build as shipped.
pub fn product_binary() -> PathBuf {
    named("INZAGE_PRODUCT_BIN", "target/release/inzage", "app-product")
}

/// The build without the training feature, as packages have it.
pub fn packaged_binary() -> PathBuf {
    named(
        "INZAGE_PACKAGED_BIN",
        "target/packaged/inzage",
        "app-packaged",
    )
}

/// The build that may be driven.
pub fn driveable_binary() -> PathBuf {
    named("INZAGE_E2E_BIN", "target/e2e/inzage", "app-e2e")
}

fn named(variable: &str, ordinary: &str, target: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(ordinary),
        PathBuf::from,
    );
    assert!(
        path.is_file(),
        "{} is missing: `make {target}` builds it",
        path.display()
    );
    path
}

/// Everything an account has, empty and gone with the test.
pub struct Account {
    pub root: PathBuf,
}

impl Account {
    pub fn new() -> Self {
        let root = std::env::temp_dir().join(format!("inzage-product-{}", Uuid::new_v4()));
        for folder in FOLDERS {
            std::fs::create_dir_all(root.join(folder.1)).unwrap();
        }
        Self { root }
    }

    /// A program that knows no other folders than these. The session's bus, with the keychain,
    /// and the display are those of the test run.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (variable, folder) in FOLDERS {
            command.env(variable, self.root.join(folder));
        }
        command
            .env_remove("TAURI_WEBVIEW_AUTOMATION")
            .stdin(Stdio::null());
        command
    }

    /// As [`Self::command`], without the privileges that root has over other processes and files.
    pub fn unprivileged(&self, program: impl AsRef<OsStr>) -> Command {
        if !is_privileged() {
            return self.command(program);
        }
        let mut command = self.command("setpriv");
        command
            .args(["--inh-caps=-all", "--bounding-set=-all", "--"])
            .arg(program);
        command
    }

    pub fn log_folder(&self) -> PathBuf {
        self.root.join("data/inzage/log")
    }

    /// Names of the events, oldest first; none while there is no log yet.
    pub fn events(&self) -> Vec<String> {
        let Ok(reader) = LogReader::open(&self.log_folder()) else {
            return Vec::new();
        };
        let Ok(entries) = reader.recent(10_000) else {
            return Vec::new();
        };
        entries
            .iter()
            .rev()
            .map(|entry| event_name(&entry.what).to_owned())
            .collect()
    }

    /// Waits until this event is in the log.
    pub fn logged(&self, event: &str) {
        let found = wait_until(|| self.events().iter().any(|name| name == event));
        if !found {
            picture(&format!("product-without-{event}"));
            panic!("{event} does not come; the log holds {:?}", self.events());
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.root);
    }
}

const FOLDERS: [(&str, &str); 6] = [
    ("HOME", "home"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
    ("TMPDIR", "tmp"),
];

/// The product, running; ended with the test.
pub struct Product {
    pub child: Child,
}

impl Product {
    /// Starts it and waits until it can be signed in to.
    pub fn start(account: &Account) -> Self {
        let child = account
            .unprivileged(product_binary())
            // Its own group, so that nothing it started can stay behind.
            .process_group(0)
            .spawn()
            .unwrap();
        let product = Self { child };
        let up = wait_until(|| {
            let windows = run(
                "xdotool",
                &["search", "--onlyvisible", "--name", "^Inzage$"],
            );
            windows.lines().count() == 1 && training_band_is_up()
        });
        if !up {
            picture("product-not-up");
            panic!("the product's window does not come up");
        }
        run(
            "xdotool",
            &[
                "search",
                "--onlyvisible",
                "--name",
                "^Inzage$",
                "windowfocus",
                "--sync",
            ],
        );
        product
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Closes the window as the window manager does, and waits for the end.
    pub fn close(mut self) -> ExitStatus {
        keys(&["alt+F4"]);
        let mut status = None;
        wait_until(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.expect("it ends when its window is closed")
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // The group is the product's own, and its id is not reused before it is waited for.
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ended = Command::new("kill")
                .args(["-KILL", "--", &format!("-{}", self.child.id())])
                .status();
            let _ended = self.child.wait();
        }
    }
}

/// Whether this process has any capability at all.
fn is_privileged() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .any(|line| line.starts_with("CapEff:") && !line.ends_with("0000000000000000"))
    })
}

/// Presses keys one after the other, as a keyboard does.
pub fn keys(names: &[&str]) {
    let mut arguments = vec!["key", "--clearmodifiers", "--delay", KEY_DELAY_MS];
    arguments.extend(names);
    run("xdotool", &arguments);
}

/// Types characters.
pub fn text(characters: &str) {
    run("xdotool", &["type", "--delay", KEY_DELAY_MS, characters]);
}

/// A picture of the screen, where pictures are asked for.
pub fn picture(name: &str) {
    let Some(folder) = std::env::var_os("INZAGE_SCREENSHOTS") else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let file = Path::new(&folder).join(format!("{name}.png"));
    let _taken = Command::new("import")
        .args(["-window", "root"])
        .arg(file)
        .status();
}

/// True as soon as the condition is; false after the limit.
pub fn wait_until(mut condition: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < WAIT {
        if condition() {
            return true;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    false
}

/// Whether the page stands there: every screen of training has the yellow band, and
/// nothing else on this desktop is yellow.
pub fn training_band_is_up() -> bool {
    let taken = Command::new("import")
        .args(["-window", "root", "-depth", "8", "rgb:-"])
        .output()
        .unwrap();
    let yellow = |pixel: &&[u8]| pixel[0] > 230 && (180..230).contains(&pixel[1]) && pixel[2] < 100;
    taken.stdout.chunks_exact(3).filter(yellow).count() > BAND_PIXELS_MIN
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new("timeout")
        .arg("20")
        .arg(program)
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}
