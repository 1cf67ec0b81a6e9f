//! Writing a file whole or not at all: what reads it meanwhile sees the old bytes or the new ones.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Puts `bytes` in the place of the file at `path`, which keeps its permissions. A link is followed.
///
/// # Errors
/// What the system says; then nothing was changed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new().prefix(".dunlint-").tempfile_in(folder)?;
    new.write_all(bytes)?;
    // A temporary file is its owner's alone.
    match fs::metadata(&target) {
        Ok(old) => new.as_file().set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => permit_all(new.as_file())?,
        Err(error) => return Err(error),
    }
    new.as_file().sync_all()?;
    new.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// What a file has that is made in the usual way.
#[cfg(unix)]
fn permit_all(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn permit_all(_: &fs::File) -> io::Result<()> {
    Ok(())
}
