//! `part`: a link, phone number, identity number or placeholder that must not look so.

use super::{Kind, Context, Hit};
use crate::facts::{EntityKind, Role};
use crate::message::{View, ViewKind};
use crate::policy::compile::Compiler;
use crate::policy::language::EntityClass;
use crate::policy::lexicon::GroupId;
use crate::policy::matching::Reading;
use crate::source::Span;
use crate::spanned::Fields;
use serde::{Deserialize, Serialize};
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::sync::OnceLock;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    entities: Vec<EntityClass>,
    /// Only links to these hosts.
    hosts: Option<Hosts>,
    /// Only links without encryption.
    plain_http: bool,
    roles: Vec<Role>,
    near: Option<GroupId>,
    not_near: Option<GroupId>,
}

/// Globs of host names, compiled when the first link is met.
#[derive(Debug, Serialize, Deserialize)]
struct Hosts {
    globs: Vec<String>,
    #[serde(skip)]
    compiled: OnceLock<GlobSet>,
}

impl Hosts {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        let mut globs = Vec::new();
        for (glob, at) in fields.texts("hosts") {
            match Glob::new(glob) {
                Ok(_) => globs.push(glob.to_owned()),
                Err(error) => compiler.bad_glob(fields, at, &error),
            }
        }
        (!globs.is_empty()).then(|| Self { globs, compiled: OnceLock::new() })
    }

    fn matches(&self, host: &str) -> bool {
        let compile = || {
            let mut set = GlobSetBuilder::new();
            self.globs.iter().filter_map(|glob| Glob::new(glob).ok()).for_each(|glob| {
                set.add(glob);
            });
            set.build().unwrap_or_default()
        };
        self.compiled.get_or_init(compile).is_match(host)
    }
}

impl Kind for Part {
    fn read(fields: &mut Fields<'_, '_, '_>, compiler: &mut Compiler) -> Option<Self> {
        let entities = compiler.entities(fields, "entities");
        let roles = compiler.roles(fields, "roles");
        let hosts = Hosts::read(fields, compiler);
        let plain_http = compiler.choice(fields, "scheme", &[("http", true)]).unwrap_or(false);
        let near = compiler.phrases(fields, "near");
        let not_near = compiler.phrases(fields, "not-near");
        Some(Part { entities, hosts, plain_http, roles, near, not_near })
    }

    fn run(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        for (view, reading) in context.views().filter(|(v, _)| v.kind != ViewKind::Signature) {
            let written = view.entities.iter().filter(|e| self.is_meant(&e.kind)).map(|e| e.span);
            let variables = (!self.roles.is_empty()).then(|| self.placeholders(view)).into_iter().flatten();
            for span in written.chain(variables) {
                if self.stands_well(view, reading, span) {
                    hits.push(Hit::new(view.folded.to_body(span), &view.when));
                }
            }
        }
    }
}

impl Part {
    fn is_meant(&self, kind: &EntityKind) -> bool {
        if !self.entities.contains(&EntityClass::of(kind)) {
            return false;
        }
        let EntityKind::Url { host, https } = kind else { return true };
        let host_is_meant = self.hosts.as_ref().is_none_or(|set| set.matches(host));
        host_is_meant && (!self.plain_http || *https == Some(false))
    }

    fn placeholders<'v>(&'v self, view: &'v View) -> impl Iterator<Item = Span> + 'v {
        let meant = Role::all_in(&view.folded.text).filter(|(_, role)| self.roles.contains(role));
        meant.map(|(at, role)| Span::of(at, at + role.character().len_utf8()))
    }

    /// Whether the words that must (not) stand in the same sentence do (not).
    fn stands_well(&self, view: &View, reading: &Reading<'_>, span: Span) -> bool {
        let sentence = |at: u32| view.clauses.sentence_at(at);
        let beside =
            |g: GroupId| reading.of(g).iter().any(|m| sentence(m.span.start) == sentence(span.start));
        self.near.is_none_or(beside) && !self.not_near.is_some_and(beside)
    }
}
