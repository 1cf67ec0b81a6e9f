//! What campaigns need to know of the templates of a run.

use super::group::Case;
use crate::facts::{EntityKind, Role, entities};
use crate::finding::About;
use crate::source::Span;
use crate::template::Template;
use crate::words::Lang;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// One template, as campaigns see it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: Arc<str>,
    /// Its file.
    pub path: Arc<str>,
    /// Where its id stands, or its body.
    pub place: Span,
    /// As what it was judged.
    pub about: Arc<About>,
    /// Its declared jurisdiction.
    pub jurisdiction: Option<String>,
    /// Its declared kind.
    pub kind: Option<String>,
    /// Its declared stage.
    pub stage: Option<String>,
    /// The decoded body.
    pub text: Box<str>,
    /// Whether a placeholder of it is an amount.
    amount: bool,
    /// Whether a placeholder of it is a phone or a link.
    channel: bool,
    /// How hard it presses, from 0 (before the due date) to 3.
    pub harshness: u8,
}

impl Known {
    /// What is known of `template`, which was judged as `about` says; `pressing` if it was found to threaten.
    pub fn of(template: &Template, about: &Arc<About>, path: &Arc<str>, pressing: bool) -> Self {
        let record = &template.record;
        let text = |name: &str| record.meta.text(name).map(str::to_owned);
        let kind = text("kind");
        let roles: Vec<Role> = template.placeholders().iter().map(|placeholder| placeholder.role).collect();
        let harshness = match kind.as_deref() {
            _ if pressing => 3,
            Some("collection_harsh") => 2,
            Some("overdue") => 1,
            _ => 0,
        };
        Self {
            id: Arc::clone(&about.id),
            path: Arc::clone(path),
            place: record.id.span.unwrap_or(record.body_span),
            about: Arc::clone(about),
            jurisdiction: text("jurisdiction").map(|name| name.to_ascii_lowercase()),
            kind,
            stage: text("stage"),
            text: template.body().into(),
            amount: roles.contains(&Role::Amount),
            channel: roles.iter().any(|role| matches!(role, Role::Phone | Role::Url)),
            harshness,
        }
    }
}

impl Known {
    /// Whether it states an amount.
    pub fn states_an_amount(&self) -> bool {
        self.amount || self.writes(|kind| matches!(kind, EntityKind::Amount { .. }))
    }

    /// Whether it says where to ask: a phone or a link.
    pub fn names_a_channel(&self) -> bool {
        self.channel || self.writes(|kind| matches!(kind, EntityKind::ServicePhone | EntityKind::Url { .. }))
    }

    fn writes(&self, what: impl Fn(&EntityKind) -> bool) -> bool {
        entities::find(&self.text).iter().any(|entity| what(&entity.kind))
    }
}

/// The templates of a run by id.
#[derive(Debug, Default)]
pub struct Templates {
    by_id: BTreeMap<Arc<str>, Vec<Known>>,
}

impl Templates {
    /// Lists `known`.
    pub fn of(known: impl IntoIterator<Item = Known>) -> Self {
        let mut templates = Self::default();
        for known in known {
            templates.by_id.entry(Arc::clone(&known.id)).or_default().push(known);
        }
        templates
    }

    /// Whether none was read.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Those called `id`: one, or one a language.
    pub fn named(&self, id: &str) -> &[Known] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(AsRef::as_ref)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Known> {
        self.by_id.values().flatten()
    }

    /// Those that no campaign sends.
    pub fn unused<'t>(&'t self, cases: &[Case]) -> impl Iterator<Item = &'t Known> + use<'t> {
        let steps = cases.iter().flat_map(|case| &case.campaign.steps);
        let used: HashSet<String> = steps.map(|step| step.template.value.clone()).collect();
        self.all().filter(move |known| !used.contains(&*known.id))
    }

    /// Gives a campaign without a jurisdiction that which the languages of its templates tell, if they agree.
    pub fn settle(&self, case: &mut Case) {
        if case.jurisdiction.is_some() {
            return;
        }
        let steps = case.campaign.steps.iter();
        let mut found =
            steps.flat_map(|step| self.named(&step.template.value)).map(|known| match known.about.lang {
                Some(Lang::ZhHans) => Some("cn"),
                Some(Lang::ZhHant) => Some("tw"),
                _ => None,
            });
        let first = found.next().flatten();
        case.jurisdiction = first.filter(|_| found.all(|other| other == first)).map(Arc::from);
    }
}
