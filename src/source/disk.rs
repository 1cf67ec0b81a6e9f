//! Reading a file without being held up by one that never ends: pipes and devices are no files of
//! templates, and a file larger than any catalogue is not taken into memory.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Files may have this many bytes.
pub const MAX_BYTES: u64 = 256 << 20;

/// All bytes of the file at `path`.
///
/// # Errors
/// What the system says; also when it is not a regular file, or has more than [`MAX_BYTES`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("a pipe or device, not a regular file (`-` reads standard input)"));
    }
    up_to_limit(File::open(path)?, metadata.len())
}

/// All that `reader` gives.
///
/// # Errors
/// What the reader returns, and when it gives more than [`MAX_BYTES`]. `expected` is the likely length.
pub fn up_to_limit(reader: impl Read, expected: u64) -> io::Result<Vec<u8>> {
    let capacity = usize::try_from(expected.min(MAX_BYTES)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(capacity.saturating_add(1));
    if expected <= MAX_BYTES {
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 <= MAX_BYTES {
            return Ok(bytes);
        }
    }
    Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {} MiB", MAX_BYTES >> 20)))
}
