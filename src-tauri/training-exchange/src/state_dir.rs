//! The state folder: the owner alone may read it, and a file is there whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::Error;

pub(crate) struct StateDir {
    path: PathBuf,
}

impl StateDir {
    /// Makes the folder if need be and closes it to others.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|error| state(path, &error))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))
                .map_err(|error| state(path, &error))?;
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The text of a file; `None` when it is missing or unreadable.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path.join(name)).ok()
    }

    /// Writes a file for the owner alone, beside its place and then into it, so that a crash
    /// leaves the old one or the new one.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let (target, beside) = (
            self.path.join(name),
            self.path.join(format!("{name}.{}.new", std::process::id())),
        );
        let written = (|| {
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut file = options.open(&beside)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &target)
        })();
        written.map_err(|error| state(&target, &error))
    }
}

fn state(path: &Path, error: &std::io::Error) -> Error {
    Error::State(format!("{}: {error}", path.display()))
}
