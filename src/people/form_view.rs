//! A form as a template sees it: what was typed, what is wrong, and the key of this form.

use super::form::{Form, Upload};
use super::layout::Shell;
use crate::platform::kernel::error::{Error, Invalid, Message};

/// A key for a form: random, unique with what the form makes. Each of several small forms on one
/// page needs its own, else the second one sent would be taken for the first sent again.
pub fn new_form_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A form about to be rendered, empty or given back.
#[derive(Debug, Clone)]
pub struct FormView {
    /// Random; unique with what the form makes.
    pub key: String,
    pub files: Vec<Upload>,
    fields: Vec<(String, String)>,
    errors: Vec<(String, String)>,
}

impl FormView {
    /// A form nobody has typed into yet.
    pub fn fresh() -> Self {
        Self {
            key: new_form_key(),
            files: Vec::new(),
            fields: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A form that comes back with everything typed, and what is wrong with it.
    pub fn again(shell: &Shell, form: &Form, error: Option<&Error>) -> Self {
        let key = form.value("form_key");
        let invalid = match error {
            Some(Error::Invalid(invalid)) => invalid.clone(),
            Some(Error::Refused(message)) => Invalid::one("", message.clone()),
            Some(Error::Stale(_)) => Invalid::one("", "error-stale"),
            Some(Error::News(_)) => Invalid::one("", "error-news"),
            _ => Invalid::default(),
        };
        let say = |m: &Message| shell.say(m);
        Self {
            key: if key.is_empty() {
                new_form_key()
            } else {
                key.to_owned()
            },
            files: form.files.clone(),
            fields: form.fields.clone(),
            errors: invalid
                .0
                .iter()
                .map(|(field, m)| ((*field).to_owned(), say(m)))
                .collect(),
        }
    }

    /// Fills in a value that was not typed (the present one of what is edited).
    pub fn preset(mut self, name: &str, value: impl ToString) -> Self {
        if !self.has(name) {
            self.fields.push((name.to_owned(), value.to_string()));
        }
        self
    }

    /// Ticks each of several choices of one field, where nothing of the form was typed.
    pub fn preset_all(mut self, name: &str, values: &[String]) -> Self {
        if !self.has(name) {
            let values = values.iter().map(|value| (name.to_owned(), value.clone()));
            self.fields.extend(values);
        }
        self
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.as_str())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of = self.fields.iter().filter(move |(n, _)| n == name);
        of.map(|(_, v)| v.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }

    /// Whether a choice is the one typed.
    pub fn is(&self, name: &str, choice: &str) -> bool {
        self.fields.iter().any(|(n, v)| n == name && v == choice)
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub fn error_count(&self) -> i64 {
        self.errors.len() as i64
    }

    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|(f, _)| f == field)
            .map(|(_, text)| text.as_str())
    }
}
