//! One table of the file: its fields are taken one by one, each remembered with its line, and what
//! nobody took is named at the end.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::platform::kernel::error::Message;

/// What is wrong with a file: one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub line: usize,
    /// Which calendar or agreement it is about.
    pub of: String,
    pub why: Message,
}

/// On which line each field of a calendar or an agreement stands, and itself.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub of: String,
    pub head: usize,
    fields: HashMap<String, usize>,
}

impl Lines {
    /// The line of a field, or of the whole where the field is not there.
    pub fn of_field(&self, field: &str) -> usize {
        self.fields.get(field).copied().unwrap_or(self.head)
    }
}

/// A text or a list's item with its line.
pub type Text = (usize, String);

/// A table being read.
pub struct Section<'a, 'i> {
    source: &'a str,
    table: &'a DeTable<'i>,
    known: Vec<&'static str>,
    pub lines: Lines,
    pub wrong: Vec<Wrong>,
}

impl<'a, 'i> Section<'a, 'i> {
    pub fn of(source: &'a str, at: usize, table: &'a DeTable<'i>) -> Self {
        Self {
            source,
            table,
            known: Vec::new(),
            lines: Lines {
                of: String::new(),
                head: line_at(source, at),
                fields: HashMap::new(),
            },
            wrong: Vec::new(),
        }
    }

    /// A text before anything is taken.
    pub fn peek(&self, field: &str) -> Option<&'a str> {
        let mut found = self.table.iter();
        let (_, value) = found.find(|(key, _)| key.get_ref().as_ref() == field)?;
        value.get_ref().as_str()
    }

    /// Says what is wrong with a field.
    pub fn problem(&mut self, field: &str, why: impl Into<Message>) {
        let line = self.lines.of_field(field);
        self.problem_at(line, why);
    }

    pub fn problem_at(&mut self, line: usize, why: impl Into<Message>) {
        self.wrong.push(Wrong {
            line,
            of: self.lines.of.clone(),
            why: why.into(),
        });
    }

    fn take(&mut self, field: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.known.push(field);
        let mut found = self.table.iter();
        let (key, value) = found.find(|(key, _)| key.get_ref().as_ref() == field)?;
        let line = line_at(self.source, key.span().start);
        self.lines.fields.insert(field.to_owned(), line);
        Some(value)
    }

    fn is_not(&mut self, field: &'static str, wanted: &'static str, value: &DeValue<'_>) {
        let why = Message::new("levels-file-type")
            .arg("field", field)
            .arg("wanted", wanted)
            .arg("found", value.type_str());
        self.problem(field, why);
    }

    pub fn text(&mut self, field: &'static str) -> Option<String> {
        let value = self.take(field)?.get_ref();
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.is_not(field, "text", value);
        }
        text
    }

    /// An instant: a date and time of TOML, or the same as text.
    pub fn instant(&mut self, field: &'static str) -> Option<String> {
        let value = self.take(field)?.get_ref();
        let text = match value {
            DeValue::Datetime(at) => Some(at.to_string()),
            other => other.as_str().map(str::to_owned),
        };
        if text.is_none() {
            self.is_not(field, "date and time", value);
        }
        text
    }

    pub fn number(&mut self, field: &'static str) -> Option<i64> {
        let value = self.take(field)?.get_ref();
        let number = value.as_integer().and_then(|n| {
            let digits = n.as_str().replace('_', "");
            i64::from_str_radix(&digits, n.radix()).ok()
        });
        if number.is_none() {
            self.is_not(field, "a whole number", value);
        }
        number
    }

    pub fn flag(&mut self, field: &'static str) -> bool {
        let Some(value) = self.take(field) else {
            return false;
        };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.is_not(field, "true or false", value.get_ref());
        }
        flag.unwrap_or_default()
    }

    /// A list of texts; `None` when it is not there.
    pub fn list(&mut self, field: &'static str) -> Option<Vec<Text>> {
        let value = self.take(field)?;
        let Some(items) = value.get_ref().as_array() else {
            self.is_not(field, "a list of texts", value.get_ref());
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => {
                    texts.push((line_at(self.source, item.span().start), text.to_owned()));
                }
                None => self.is_not(field, "a list of texts", item.get_ref()),
            }
        }
        Some(texts)
    }

    /// A table inside; the fields it has are told apart from this one's by nothing but their names.
    pub fn inside<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&mut Section<'a, 'i>) -> T,
    ) -> Option<T> {
        let value = self.take(field)?;
        let Some(table) = value.get_ref().as_table() else {
            self.is_not(field, "a table", value.get_ref());
            return None;
        };
        let mut inner = Section::of(self.source, value.span().start, table);
        inner.lines.of.clone_from(&self.lines.of);
        inner.lines.head = self.lines.of_field(field);
        let found = read(&mut inner);
        inner.name_unknown();
        self.lines.fields.extend(inner.lines.fields);
        self.wrong.append(&mut inner.wrong);
        Some(found)
    }

    /// Names every field that nobody took.
    pub fn name_unknown(&mut self) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let why = Message::new("levels-file-unknown-field")
                .arg("field", name)
                .arg("known", self.known.join(", "));
            self.problem_at(line_at(self.source, key.span().start), why);
        }
    }
}

/// The number of the line an offset is on, from 1 on.
pub fn line_at(source: &str, offset: usize) -> usize {
    let before = source.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
