//! The check over the Language Server Protocol, for editors.
//!
//! Begin at [`run`]. [`session`] is the loop that hears the editor and answers; [`look`] asks the engine of `check`
//! about a whole folder, with the texts that the editor holds in the place of files; [`diagnose`] makes diagnostics
//! of what it says, and [`page`] keeps them true while somebody types; [`desk`] is what the other services ([`actions`],
//! [`hover`], [`completion`], [`links`]) find before them. [`position`] is the only way between the protocol's places and ours.

mod actions;
mod client;
mod completion;
mod desk;
mod diagnose;
mod document;
mod edit;
mod explain;
mod folder;
mod hover;
mod links;
mod look;
mod options;
mod page;
mod position;
mod publish;
mod pull;
mod reread;
mod rulebook;
mod session;
mod suppress;
mod uri;
mod wire;

pub use options::Options;

use crate::words::Lang;
use session::{Event, Session};
use std::io::{self, BufReader};
use std::sync::mpsc;
use std::thread;

/// Serves one editor on standard input and output until it goes; whether it went as agreed. `locale` is the language
/// of the sentences when nobody asks for one.
pub fn run(options: Options, locale: Lang) -> bool {
    let (events, heard) = mpsc::channel();
    let from_editor = events.clone();
    // Reading has a thread of its own, so that a cancelled request is heard of while another is answered. Nobody
    // waits for it: it ends with the process.
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin().lock());
        while let Ok(Some(message)) = wire::read(&mut input) {
            if from_editor.send(Event::Heard(message)).is_err() {
                return;
            }
        }
        let _ = from_editor.send(Event::Gone);
    });
    let mut session = Session::new(options, locale, events, io::stdout());
    session.serve(&heard)
}
