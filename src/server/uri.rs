//! `file:` URIs and paths.

use std::path::{Component, Path, PathBuf};

/// The path that a `file:` URI names, without `.` and `..`; `None` for other schemes, other hosts, and what is no URI.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:")).and(uri.get(5..))?;
    let rest = rest.split(['?', '#']).next().unwrap_or("");
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let at = rest.find('/')?;
            let (host, path) = rest.split_at(at);
            (host.is_empty() || host.eq_ignore_ascii_case("localhost")).then_some(path)?
        }
        None => rest,
    };
    let decoded = String::from_utf8(decoded(path)?).ok()?;
    let plain = decoded.strip_prefix('/').filter(|rest| is_drive(rest)).unwrap_or(&decoded);
    let path = crate::config::discover::plain(Path::new(plain));
    (path.is_absolute() && !plain.contains('\0')).then_some(path)
}

/// `c:/…`, as Windows names its drives.
fn is_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    cfg!(windows) && bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':')
}

/// `path` with its percent signs resolved; `None` when one of them stands before anything but two digits.
fn decoded(path: &str) -> Option<Vec<u8>> {
    let mut bytes = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    Some(decoded)
}

/// The URI of an absolute path.
pub(super) fn of_path(path: &Path) -> String {
    let mut uri = String::from("file://");
    for part in path.components() {
        match part {
            Component::RootDir => {}
            Component::Prefix(drive) => {
                uri.push('/');
                uri.push_str(&drive.as_os_str().to_string_lossy().replace('\\', "/"));
            }
            part => {
                uri.push('/');
                encode(part.as_os_str().as_encoded_bytes(), &mut uri);
            }
        }
    }
    if uri == "file://" {
        uri.push('/');
    }
    uri
}

/// Everything but unreserved characters in percent signs.
fn encode(part: &[u8], uri: &mut String) {
    for byte in part {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(*byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_go_there_and_back() {
        for path in ["/a/短信 1.txt", "/a/b%20c#d?.json", "/"] {
            let there = of_path(Path::new(path));
            assert!(there.is_ascii(), "{there}");
            assert_eq!(to_path(&there), Some(PathBuf::from(path)), "{there}");
        }
        assert_eq!(to_path("file:///a/./b/../短信.txt"), Some(PathBuf::from("/a/短信.txt")));
        assert_eq!(to_path("FILE://localhost/a"), Some(PathBuf::from("/a")));
        assert_eq!(to_path("file:/a"), Some(PathBuf::from("/a")));
        for none in [
            "",
            "untitled:Untitled-1",
            "file://host/a",
            "file:///a%zz",
            "file:///%ff",
            "file://",
            "file:a",
            "文件:///a",
        ] {
            assert_eq!(to_path(none), None, "{none}");
        }
    }
}
