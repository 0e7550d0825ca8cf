//! One language: its files, its bundle, and the map of messages that never change.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{DEFAULT, PSEUDO, grouped, pseudo};

/// The English catalogue, a file a slice. A test fails when a file of the folder is missing here.
pub(super) const ENGLISH: &[(&str, &str)] = &[
    ("changes.ftl", include_str!("en/changes.ftl")),
    ("problems.ftl", include_str!("en/problems.ftl")),
    ("common.ftl", include_str!("en/common.ftl")),
    ("approvals.ftl", include_str!("en/approvals.ftl")),
    ("call.ftl", include_str!("en/call.ftl")),
    ("families.ftl", include_str!("en/families.ftl")),
    ("people.ftl", include_str!("en/people.ftl")),
    ("notifications.ftl", include_str!("en/notifications.ftl")),
    ("actions.ftl", include_str!("en/actions.ftl")),
    ("postmortems.ftl", include_str!("en/postmortems.ftl")),
    ("wording.ftl", include_str!("en/wording.ftl")),
    ("portal.ftl", include_str!("en/portal.ftl")),
    ("queue.ftl", include_str!("en/queue.ftl")),
    ("records.ftl", include_str!("en/records.ftl")),
    ("reports.ftl", include_str!("en/reports.ftl")),
    ("search.ftl", include_str!("en/search.ftl")),
    ("incidents.ftl", include_str!("en/incidents.ftl")),
    ("tasks.ftl", include_str!("en/tasks.ftl")),
    ("settings.ftl", include_str!("en/settings.ftl")),
    ("service_levels.ftl", include_str!("en/service_levels.ftl")),
];

static ENGLISH_WORDS: LazyLock<Language> =
    LazyLock::new(|| Language::build(DEFAULT, ENGLISH, None));
static PSEUDO_WORDS: LazyLock<Language> =
    LazyLock::new(|| Language::build(PSEUDO, ENGLISH, Some(pseudo::transform)));

pub(super) fn find(tag: &str) -> &'static Language {
    if tag.eq_ignore_ascii_case(PSEUDO) {
        &PSEUDO_WORDS
    } else {
        &ENGLISH_WORDS
    }
}

type Transform = for<'a> fn(&'a str) -> Cow<'a, str>;

pub(super) struct Language {
    pub(super) tag: &'static str,
    plain: HashMap<&'static str, &'static str>,
    bundle: FluentBundle<FluentResource>,
    reported: Mutex<HashSet<String>>,
    /// What was wrong with the files; a start logs it and goes on, a test fails.
    #[cfg(test)]
    pub(super) problems: Vec<String>,
}

impl Language {
    /// Built twice in a process's life at most, so that its plain messages may live as long as it does.
    pub(super) fn build(
        tag: &'static str,
        files: &'static [(&'static str, &'static str)],
        transform: Option<Transform>,
    ) -> Language {
        let mut bundle = FluentBundle::new_concurrent(vec![
            LanguageIdentifier::from_bytes(b"en").unwrap_or_default(),
        ]);
        bundle.set_use_isolating(false);
        bundle.set_transform(transform);
        bundle.set_formatter(Some(|value, _| match value {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number below 2^53, checked"
            )]
            FluentValue::Number(n) if n.value.fract() == 0.0 && n.value.abs() < 9e15 => {
                Some(grouped(n.value as i64))
            }
            _ => None,
        }));
        let mut problems = Vec::new();
        for (file, source) in files {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(
                |(resource, errors)| {
                    problems.extend(errors.iter().map(|error| format!("{file}: {error}")));
                    resource
                },
            );
            if let Err(errors) = bundle.add_resource(resource) {
                problems.extend(errors.iter().map(|error| format!("{file}: {error}")));
            }
        }
        for problem in &problems {
            tracing::error!(
                language = tag,
                problem,
                "the catalogue of words has a mistake"
            );
        }
        let plain = files
            .iter()
            .flat_map(|(_, source)| keys(source))
            .filter_map(|key| Some((key, fixed(&bundle, key)?)));
        Language {
            tag,
            plain: plain.collect(),
            bundle,
            reported: Mutex::default(),
            #[cfg(test)]
            problems,
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.plain.contains_key(key) || worded(&self.bundle, key, None).is_some()
    }

    pub(super) fn plain(&self, key: &str) -> Cow<'static, str> {
        match self.plain.get(key) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.mistake(key, "no such message, or it needs arguments")),
        }
    }

    pub(super) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some((text, errors)) = worded(&self.bundle, key, Some(args)) else {
            return self.mistake(key, "no such message");
        };
        match errors.first() {
            None => text,
            Some(error) => self.mistake(key, &error.to_string()),
        }
    }

    fn mistake(&self, key: &str, problem: &str) -> String {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.insert(key.to_owned()) {
            tracing::error!(
                language = self.tag,
                key,
                problem,
                "a message could not be worded"
            );
        }
        format!("⟦{key}⟧")
    }
}

/// The text of a message (`key`) or of its attribute (`key.attribute`), with what went wrong in it.
fn worded(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    args: Option<&FluentArgs<'_>>,
) -> Option<(String, Vec<FluentError>)> {
    let pattern = match key.split_once('.') {
        None => bundle.get_message(key)?.value()?,
        Some((message, attribute)) => bundle
            .get_message(message)?
            .get_attribute(attribute)?
            .value(),
    };
    let mut errors = Vec::new();
    let text = bundle
        .format_pattern(pattern, args, &mut errors)
        .into_owned();
    Some((text, errors))
}

/// The text of a message that needs no argument, kept for the life of the process.
fn fixed(bundle: &FluentBundle<FluentResource>, key: &str) -> Option<&'static str> {
    let (text, errors) = worded(bundle, key, None)?;
    errors.is_empty().then(|| &*text.leak())
}

/// The keys a file defines: identifiers at the start of a line, and their attributes.
pub(super) fn keys(source: &'static str) -> Vec<&'static str> {
    let mut keys = Vec::new();
    let mut message = "";
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let Some((left, _)) = line.split_once('=') else {
            continue;
        };
        let name = left.trim();
        if left.starts_with(|c: char| c.is_ascii_alphabetic()) {
            message = name;
            keys.push(name);
        } else if let Some(attribute) = name.strip_prefix('.') {
            keys.push(format!("{message}.{attribute}").leak());
        }
    }
    keys
}
