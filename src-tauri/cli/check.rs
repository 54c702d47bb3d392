//! `inzage check`: in plain words, whether this workstation is in order.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::PlaceArgs;
use crate::app::App;
use crate::app::config::{Config, Exchange};
use crate::app::contract::Trouble;
use crate::app::deliver;
use crate::app::log_view::recomputed;
use crate::app::ports::{Clock, SystemClock};
use crate::app::proven::Proven;
use crate::app::start::Folders;

/// A clock further off than this makes log and certificates doubtful.
const CLOCK_OFF_MAX: Duration = Duration::from_secs(120);

/// What `inzage check` can do besides looking.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Reads the consent marker of this corona-marked *test* patient, and nothing else of the
    /// answer, and records that it was read here.
    #[arg(long, value_name = "BSN", requires = "by")]
    pub marked_patient: Option<String>,
    /// Who runs this check: recorded, and in the view log.
    #[arg(long, value_name = "NAME", requires = "marked_patient")]
    pub by: Option<String>,
}

/// Exit code 0: all in order; 1: something is not, and it was said what.
pub(super) fn run(args: &CheckArgs, place: &PlaceArgs) -> ExitCode {
    let mut report = Report::default();
    check(args, place, &mut report);
    if report.wrong {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

#[derive(Default)]
struct Report {
    wrong: bool,
}

impl Report {
    fn good(&mut self, what: &str, said: &str) {
        println!("ok     {what:<13} {said}");
    }

    fn bad(&mut self, what: &str, said: &str) {
        self.wrong = true;
        println!("WRONG  {what:<13} {said}");
    }

    fn open(&mut self, what: &str, said: &str) {
        println!("open   {what:<13} {said}");
    }

    fn trouble(&mut self, what: &str, trouble: &Trouble) {
        self.bad(
            what,
            &format!("{} {} ({})", trouble.en.what, trouble.en.now, trouble.code),
        );
    }
}

fn check(args: &CheckArgs, place: &PlaceArgs, report: &mut Report) {
    let config = match place.configuration() {
        Ok(config) => {
            report.good("configuration", &describe(&config));
            config
        }
        Err(error) => return report.bad("configuration", &error),
    };
    let folders = match place.folders() {
        Ok(folders) => folders,
        Err(error) => return report.bad("configuration", &error),
    };
    match super::runtime() {
        Ok(runtime) => runtime.block_on(check_running(args, config, &folders, report)),
        Err(error) => report.bad("configuration", &error),
    }
}

async fn check_running(args: &CheckArgs, config: Config, folders: &Folders, report: &mut Report) {
    let told = config.clone();
    let app = Arc::new(App::new(config, Arc::new(SystemClock), Vec::new(), None));
    let _running = app.start(folders).await;
    let ready = match app.ready().await {
        Ok(ready) => ready,
        Err(trouble) => {
            let what = match trouble.code.split('_').next() {
                Some("keychain") => "keychain",
                Some("log") => "log",
                Some("client") => "certificate",
                Some("configuration" | "certificate") => "configuration",
                _ => "exchange",
            };
            return report.trouble(what, &trouble);
        }
    };
    report.good(
        "keychain",
        "reachable; the client key and the log's look-up key are in it",
    );
    match ready.exchange.reach().await {
        Ok(date) => {
            report.good(
                "certificate",
                "both sides accepted each other's certificate",
            );
            report.good("exchange", "answers");
            check_clock(date.as_deref(), report);
        }
        Err(error) => {
            let trouble = crate::app::look_up::exchange_trouble(error);
            report.trouble("exchange", &trouble);
        }
    }
    let verifying = ready.clone();
    match tokio::task::spawn_blocking(move || recomputed(&verifying).1).await {
        Ok(Ok(verified)) => report.good(
            "log",
            &format!(
                "intact, {} entries; writes reach the disk",
                verified.entries
            ),
        ),
        Ok(Err(fault)) => report.bad("log", &format!("{}: {}", fault.class.code(), fault.what)),
        Err(_) => report.bad("log", "could not be verified"),
    }
    for line in deliver::settled(ready.delivery()).await {
        let lacks = format!("{}: {} entries to deliver", line.name, line.undelivered);
        match (line.code, line.said) {
            (Some(code), said) => report.bad(
                "receiver",
                &format!("{lacks}; {} ({code})", said.unwrap_or_default()),
            ),
            (None, _) => report.good("receiver", &lacks),
        }
    }
    if let Some(remark) = app.bootstrap().await.remark {
        report.open(
            "log",
            &format!("{} {} ({})", remark.en.what, remark.en.now, remark.code),
        );
    }
    if let (Some(bsn), Some(by)) = (&args.marked_patient, &args.by) {
        match app.prove_marker(&folders.data, bsn, by).await {
            Ok(proven) => report.good("marker", &format!("read in {:?}", proven.element)),
            Err(error) => report.bad("marker", &error.to_string()),
        }
    }
    tell_marker(&told, folders, report);
}

/// Whether the marker counts as proven here, by whom and when.
fn tell_marker(config: &Config, folders: &Folders, report: &mut Report) {
    match Proven::read(&folders.data) {
        Some(proven) if proven.holds_for(config) => report.good(
            "marker",
            &format!("marker proven on {} by {}", proven.date, proven.by),
        ),
        _ if matches!(config.exchange, Exchange::Training { .. }) => {
            report.good("marker", "training: the corona marker is the project's own");
        }
        Some(proven) => report.open(
            "marker",
            &format!(
                "proven on {} by {} with another configuration: not proven for this one",
                proven.date, proven.by
            ),
        ),
        None => report.open("marker", "not proven: while the measure is active, answers without a marker count as not established"),
    }
}

fn check_clock(date: Option<&str>, report: &mut Report) {
    let now = SystemClock.now();
    let Some(theirs) = date.and_then(|text| chrono::DateTime::parse_from_rfc2822(text).ok()) else {
        return report.open(
            "clock",
            "the exchange does not say what time it is; compare with a time server",
        );
    };
    let off = (now - theirs.to_utc()).abs();
    if off.to_std().is_ok_and(|off| off <= CLOCK_OFF_MAX) {
        report.good(
            "clock",
            &format!("{} s from the exchange's", off.num_seconds()),
        );
    } else {
        report.bad(
            "clock",
            &format!(
                "{} s from the exchange's: set it, or the log's times are wrong",
                off.num_seconds()
            ),
        );
    }
}

fn describe(config: &Config) -> String {
    let places: Vec<String> = config
        .places
        .iter()
        .map(|place| format!("{} ({:?})", place.organisation.name, place.setting))
        .collect();
    let kind = match config.exchange {
        Exchange::Training { .. } => "TRAINING: ",
        Exchange::Aorta(_) | Exchange::Fhir(_) => "",
    };
    format!(
        "{kind}{}; explicit consent in an emergency department: {:?}",
        places.join(", "),
        config.emergency_explicit
    )
}
