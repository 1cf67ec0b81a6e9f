//! How far a long run has come, on standard error: only where that is a terminal, and not in CI, whose logs keep every line.
//!
//! Begin at [`Progress::start`].

use super::screen;
use crate::words::Lang;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Short runs say nothing.
const PATIENCE: Duration = Duration::from_millis(700);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(200);

/// Whether somebody watches standard error.
pub(super) fn is_watched() -> bool {
    let ci =
        std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !ci && !dumb && io::stderr().is_terminal()
}

/// Tells it until it is dropped, and then leaves no trace.
#[derive(Debug)]
pub(super) struct Progress {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Tells how many of `all` files have been `seen`, where somebody watches.
    pub(super) fn start(seen: &Arc<AtomicUsize>, all: usize, lang: Option<Lang>) -> Self {
        if !is_watched() {
            return Self { end: None, thread: None };
        }
        let (lang, seen) = (screen::lang(lang), Arc::clone(seen));
        let (end, ended) = channel();
        let tell = move || {
            let mut pause = PATIENCE;
            let mut told = false;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let line = line(seen.load(Ordering::Relaxed), all, lang);
                // Nobody left to tell when standard error is closed.
                let _ = write!(io::stderr(), "\r{line}");
                (pause, told) = (PAUSE, true);
            }
            if told {
                let _ = write!(io::stderr(), "\r\u{1b}[K");
            }
        };
        Self { end: Some(end), thread: Some(thread::spawn(tell)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It cannot fail; if it did, the report matters more.
            let _ = thread.join();
        }
    }
}

/// At most 36 columns wide: it must never wrap, or `\r` would not reach its beginning.
fn line(seen: usize, all: usize, lang: Lang) -> String {
    let percent = seen.saturating_mul(100).checked_div(all).unwrap_or(0).min(100);
    match lang {
        Lang::En => format!("{seen} of {all} files, {percent} %"),
        _ => format!("已检查 {seen}/{all} 个文件，{percent} %"),
    }
}
