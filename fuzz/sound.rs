//! What must hold for every file: no panic, no byte of a body that is part of no token, every span inside the file
//! and on borders of characters, and every piece of a body copied from where its map says.

use crate::Case;
use dunlint::finding::Finding;
use dunlint::judge::{Circumstances, Judge};
use dunlint::policy::PolicySet;
use dunlint::problem::{Place, Problem};
use dunlint::source::host;
use dunlint::source::{Piece, Record, Source, SourceSpec, Span};
use dunlint::template::{Hints, Lexer, Template, variants};
use std::sync::{Arc, LazyLock};

type Told = Result<(), String>;

static POLICIES: LazyLock<PolicySet> = LazyLock::new(|| PolicySet::load(&[]).0);

macro_rules! hold {
    ($condition:expr, $($why:tt)*) => {
        if !$condition {
            return Err(format!($($why)*));
        }
    };
}

/// Reads, parses and judges a case.
pub(crate) fn check(case: &Case) -> Told {
    let path: Arc<str> = Arc::from("fuzz.txt");
    let source = match Source::from_bytes(&path, case.bytes.clone(), None) {
        Ok(source) => source,
        Err(problem) => {
            hold!(problem.first_byte() <= case.bytes.len() as u64, "a problem after the end: {problem:?}");
            return Ok(());
        }
    };
    let spec: SourceSpec = toml::from_str(&case.spec).map_err(|error| error.to_string())?;
    let (_, read) = host::read(&source, Some(&case.host), &spec);
    problems(&source, &read.problems)?;
    for record in &read.records {
        self::record(&source, record)?;
    }
    let hints = Hints { path: &path, option: case.dialect.as_deref(), spec: Some(&spec) };
    let (mut templates, told) = Template::parse_file(read.records, &hints);
    problems(&source, &told)?;
    let circumstances = Circumstances::default();
    let judge =
        Judge { policies: &POLICIES, circumstances: &circumstances, host: "plain", fingerprints: true };
    for (nth, template) in templates.iter_mut().enumerate().filter(|(_, t)| !t.is_refused()) {
        self::template(template)?;
        // A file of hundreds of messages is judged in part: reading is what differs between them.
        if nth < 8 {
            for finding in judge.judge(&source, template).findings {
                self::finding(&source, &finding)?;
            }
        }
    }
    Ok(())
}

/// How many messages are found in a case.
pub(crate) fn messages(case: &Case) -> usize {
    let text = String::from_utf8_lossy(&case.bytes).into_owned();
    let spec: SourceSpec = toml::from_str(&case.spec).unwrap_or_default();
    host::read(&Source::from_text("fuzz.txt", text), Some(&case.host), &spec).1.records.len()
}

fn inside(source: &Source, span: Span) -> bool {
    source.text.get(span.start as usize..span.end as usize).is_some()
}

fn problems(source: &Source, problems: &[Problem]) -> Told {
    for problem in problems {
        hold!(!problem.message.en.is_empty(), "a problem without words");
        if let Some(Place::Text(span)) = problem.place {
            hold!(inside(source, span), "{} at {span:?}, of {} bytes", problem.code, source.text.len());
        }
    }
    Ok(())
}

fn record(source: &Source, record: &Record) -> Told {
    hold!(inside(source, record.body_span), "body at {:?}", record.body_span);
    let declared = record.meta.fields.values().filter_map(|declared| declared.span);
    for span in declared.chain(record.id.span) {
        hold!(inside(source, span), "a field at {span:?}");
    }
    let body = &record.body;
    let mut at = 0;
    for segment in body.segments() {
        hold!(segment.decoded.start == at, "a gap before {segment:?}");
        at = segment.decoded.end;
        hold!(body.text.is_char_boundary(at as usize), "{segment:?} cuts a character of the text");
        hold!(inside(source, segment.source) && !segment.source.is_empty(), "{segment:?} is not in the file");
        if segment.piece == Piece::Copy {
            let (text, spelled) = (segment.decoded.of_text(&body.text), segment.source.of_text(&source.text));
            hold!(text == spelled, "{segment:?}: {text:?} is not {spelled:?}");
        }
    }
    hold!(at as usize == body.text.len(), "{at} of {} bytes have a place", body.text.len());
    for (start, c) in body.text.char_indices().take(300) {
        for place in body.to_source(Span::of(start, start + c.len_utf8())) {
            hold!(inside(source, place) && !place.is_empty(), "{c:?} at {place:?}");
            let whole = source.location(place);
            hold!(whole.byte_start < whole.byte_end && whole.byte_end <= source.bytes, "{c:?}: {whole:?}");
        }
    }
    Ok(())
}

fn template(template: &Template) -> Told {
    let body = template.body();
    if template.record.body.holes().next().is_none() {
        let mut at = 0;
        for token in Lexer::default().read(&template.dialect, body) {
            hold!(token.span.start == at && token.span.end > at, "{token:?} after byte {at} of {body:?}");
            at = token.span.end;
            hold!(body.is_char_boundary(at as usize), "{token:?} cuts a character of {body:?}");
        }
        hold!(at as usize == body.len(), "{at} of {} bytes are in tokens: {body:?}", body.len());
    }
    for placeholder in template.placeholders() {
        let whole = body.get(placeholder.span.start as usize..placeholder.span.end as usize);
        hold!(whole.is_some_and(|text| !text.is_empty()), "{placeholder:?} of {body:?}");
        let literals = &placeholder.literals;
        hold!(literals.iter().all(|span| placeholder.span.contains(*span)), "{placeholder:?} of {body:?}");
    }
    for span in template.escapes().iter().map(|(span, _)| *span).chain(template.errors().iter().map(|e| e.0))
    {
        hold!(body.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {body:?}");
    }
    let paths = template.paths();
    hold!(!paths.list.is_empty() && !paths.feasible.is_empty(), "no way through {body:?}");
    hold!(paths.feasible.iter().all(|at| *at < paths.list.len()), "a way that is none through {body:?}");
    for path in &paths.list {
        template.literal(path);
    }
    let variants: Vec<variants::Variant> = template.variants(&paths);
    hold!(variants.len() <= 256, "{} variants of {body:?}", variants.len());
    Ok(())
}

fn finding(source: &Source, finding: &Finding) -> Told {
    let labels = finding.labels.iter().map(|label| label.span);
    for span in labels.chain([finding.primary]) {
        hold!(inside(source, span), "finding at {span:?} of {} bytes", source.text.len());
        let place = source.location(span);
        hold!(place.byte_end <= source.bytes, "finding at {place:?} of {} bytes", source.bytes);
    }
    Ok(())
}
