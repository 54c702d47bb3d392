//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::authority::ServerCertificate;
use crate::error::Error;
use crate::exchange::Config;
use crate::measure::MeasureState;

/// What `--help` prints.
pub const HELP: &str = "\
inzage-training-exchange: an exchange to train and test with; fictitious patients only.

  --state-dir DIR       where its CA and certificates are kept (made at first start)
  --patients DIR        a folder with an index.toml: patients beside or instead of the built-in ones
  --port N              port on 127.0.0.1 (default 0: a free one)
  --measure STATE       the corona measure at start: active (default) or stopped
  --server-certificate KIND
                        good (default), or, to see a client refuse it: expired, wrong-name, unknown-ca
  --help                this text

It speaks JSON lines with its parent over stdin and stdout and ends when stdin does.
Exit codes: 0 stdin ended, 64 wrong usage, 65 index or response file, 69 port, 70 TLS, 73 state folder.
";

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// Print [`HELP`].
    Help,
    /// Serve.
    Serve(Config),
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// [`Error::Usage`], naming the argument.
pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Asked, Error> {
    let mut args = args.into_iter();
    let (mut state_dir, mut config) = (None, Config::new(PathBuf::new()));
    while let Some(arg) = args.next() {
        let name = arg.to_string_lossy().into_owned();
        if matches!(name.as_str(), "--help" | "-h") {
            return Ok(Asked::Help);
        }
        if !matches!(
            name.as_str(),
            "--state-dir" | "--patients" | "--port" | "--measure" | "--server-certificate"
        ) {
            return Err(Error::Usage(format!(
                "unknown argument {name}; --help lists the known ones"
            )));
        }
        let value = args
            .next()
            .ok_or_else(|| Error::Usage(format!("{name} needs a value")))?;
        let text = value.to_string_lossy();
        let wrong = |expected: &str| Error::Usage(format!("{name}: expected {expected}"));
        match name.as_str() {
            "--state-dir" => state_dir = Some(PathBuf::from(&value)),
            "--patients" => config.patients_dir = Some(PathBuf::from(&value)),
            "--port" => {
                config.port = text
                    .parse()
                    .map_err(|_| wrong("a number from 0 to 65535"))?
            }
            "--measure" => {
                config.measure = match &*text {
                    "active" => MeasureState::Active,
                    "stopped" => MeasureState::Stopped,
                    _ => return Err(wrong("active or stopped")),
                }
            }
            _ => {
                config.presents = match &*text {
                    "good" => ServerCertificate::Good,
                    "expired" => ServerCertificate::Expired,
                    "wrong-name" => ServerCertificate::WrongName,
                    "unknown-ca" => ServerCertificate::UnknownCa,
                    _ => return Err(wrong("good, expired, wrong-name or unknown-ca")),
                }
            }
        }
    }
    config.state_dir =
        state_dir.ok_or_else(|| Error::Usage("--state-dir is needed; --help explains".into()))?;
    Ok(Asked::Serve(config))
}
