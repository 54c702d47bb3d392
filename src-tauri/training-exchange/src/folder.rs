//! A trainer's or integrator's folder: an `index.toml` and the response files it names.

use std::fs;
use std::path::{Component, Path};

use crate::error::Error;
use crate::index;
use crate::limits::{INDEX_BYTES_MAX, RAW_FILE_BYTES_MAX, WRAPPED_FILE_BYTES_MAX};
use crate::message;
use crate::patient::{Content, Outcome, Patient};

/// Reads the folder's index and looks at every file it names.
pub(crate) fn read(folder: &Path) -> Result<Vec<Patient>, Error> {
    let path = folder.join("index.toml");
    let shown = path.display().to_string();
    let size = fs::metadata(&path)
        .map_err(|error| Error::Index(format!("{shown}: {error}")))?
        .len();
    if size > INDEX_BYTES_MAX {
        return Err(Error::Index(format!(
            "{shown}: larger than {INDEX_BYTES_MAX} bytes"
        )));
    }
    let text =
        fs::read_to_string(&path).map_err(|error| Error::Index(format!("{shown}: {error}")))?;
    index::read(&text, &shown, &|name, outcome| find(folder, name, outcome))
}

fn find(folder: &Path, name: &str, outcome: Outcome) -> Result<Content, String> {
    let relative = Path::new(name);
    if name.is_empty()
        || !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err("file must be a path inside the folder".into());
    }
    let path = folder.join(relative);
    let meta = fs::metadata(&path).map_err(|error| format!("file {name}: {error}"))?;
    if !meta.is_file() {
        return Err(format!("file {name}: not a file"));
    }
    let is_raw = outcome == Outcome::Raw;
    let bytes_max = if is_raw {
        RAW_FILE_BYTES_MAX
    } else {
        WRAPPED_FILE_BYTES_MAX
    };
    if meta.len() > bytes_max {
        return Err(format!("file {name}: larger than {bytes_max} bytes"));
    }
    if !is_raw {
        let bytes = fs::read(&path).map_err(|error| format!("file {name}: {error}"))?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| format!("file {name}: not UTF-8 (only outcome raw serves such a file)"))?;
        message::without_prolog(text).map_err(|why| format!("file {name}: {why}"))?;
        if outcome == Outcome::UnknownAck && message::with_unknown_ack(text).is_none() {
            return Err(format!(
                "file {name}: has no acknowledgement with typeCode AA to replace"
            ));
        }
    }
    Ok(Content::File(path))
}
