//! The folder and the file: made private, made durable, and still the same.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The log's file in its folder. SQLite puts `-wal` and `-shm` beside it.
pub const LOG_FILE: &str = "viewlog.sqlite";

/// Makes folder and file where they are missing, readable by their owner alone.
///
/// SQLite gives `-wal` and `-shm` the file's own mode.
pub(crate) fn prepare(folder: &Path) -> io::Result<PathBuf> {
    // Closing a descriptor drops every lock this process holds on its file
    // (POSIX): nobody here may have opened the log before the new file is closed.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    make_folder(folder)?;
    let file = folder.join(LOG_FILE);
    match private_file().create_new(true).open(&file) {
        Ok(created) => {
            created.sync_all()?;
            sync_folder(folder)?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => restrict(&file, 0o600)?,
        Err(error) => return Err(error),
    }
    Ok(file)
}

/// The file beside the log that an instance locks while it writes a checkpoint. A file of its own:
/// opening and closing the log itself would drop the database's locks.
pub(crate) fn private_lock(log: &Path) -> io::Result<File> {
    lock_beside(log, "checkpoint.lock")
}

/// As [`private_lock`], held by the instance that delivers: two would send each entry twice.
pub(crate) fn delivery_lock(log: &Path) -> io::Result<File> {
    lock_beside(log, "delivery.lock")
}

fn lock_beside(log: &Path, name: &str) -> io::Result<File> {
    private_file().create(true).open(log.with_file_name(name))
}

/// A new folder's name stands in its parent: without a sync of the parent the
/// whole folder may be gone after a power cut.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return restrict(folder, 0o700);
    }
    if let Some(parent) = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        if !parent.is_dir() {
            make_folder(parent)?;
        }
        match private_folder().create(folder) {
            // Two instances may start at once.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other?,
        }
        sync_folder(parent)
    } else {
        private_folder().create(folder)
    }
}

#[cfg(unix)]
fn private_folder() -> fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_folder() -> fs::DirBuilder {
    fs::DirBuilder::new()
}

#[cfg(unix)]
fn private_file() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.write(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    options
}

/// Takes away what group and others may do, if they may do anything.
#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let now = fs::metadata(path)?.permissions().mode();
    if now & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// On Windows the user's profile folder carries the rights.
#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no sync of a folder; NTFS journals its names.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Which file a path leads to.
///
/// SQLite goes on writing, without an error, into a file that was removed
/// from its folder: entries would be durable in a file that nobody can ever open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl Identity {
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(path)?;
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// Windows refuses to remove or rename a file that is open: that it is there is enough.
    #[cfg(not(unix))]
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self {})
    }
}

/// The file beside the log that holds what is not yet in it.
pub(crate) fn wal_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}
