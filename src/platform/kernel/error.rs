//! One error for every room. A variant exists only where a program must tell it apart.
//!
//! What a person reads is a key of the catalogue with its arguments; what a developer needs is
//! inward and goes to the log, never to a page.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A message for a person: a key of the catalogue and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Message {
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }

    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// What is wrong with a form, by field. An empty field name is about the form as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<(&'static str, Message)>);

impl Invalid {
    pub fn one(field: &'static str, message: impl Into<Message>) -> Self {
        Self(vec![(field, message.into())])
    }

    pub fn add(&mut self, field: &'static str, message: impl Into<Message>) {
        self.0.push((field, message.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first message about a field.
    pub fn of(&self, field: &str) -> Option<&Message> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, message)| message)
    }

    /// `Ok(value)` when nothing is wrong.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(Error::Invalid(self))
        }
    }
}

/// Somebody changed the same thing since the form was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub field: &'static str,
    pub theirs: String,
    pub theirs_label: String,
    pub by: String,
    pub at: crate::platform::db::Utc,
}

#[derive(Debug)]
pub enum Error {
    /// It does not exist, or this person may not know that it does.
    NotFound,
    /// They may see it, but not do this.
    Forbidden(Message),
    /// Nobody is signed in (or no longer).
    SignIn,
    /// The form needs mending; it comes back with every character.
    Invalid(Invalid),
    /// The same field was changed meanwhile; both values are shown.
    Stale(Vec<Conflict>),
    /// Somebody wrote since the page was opened; the text is kept and the news shown.
    News(Vec<uuid::Uuid>),
    /// This form was posted before; the answer is where that led.
    Repeated(String),
    /// The rules do not allow this now (a move from a state that has no such move).
    Refused(Message),
    /// Too much at once; try again later.
    Busy(Message),
    /// The row moved under the write; the gate runs the whole action again.
    Raced,
    /// What the database said, kept so that a store can tell a broken constraint from the rest.
    Database(diesel::result::Error),
    /// Ours, not theirs. The text is for the log.
    Inward(String),
}

impl Error {
    pub fn inward(text: impl Into<String>) -> Self {
        Error::Inward(text.into())
    }

    pub fn refused(message: impl Into<Message>) -> Self {
        Error::Refused(message.into())
    }

    pub fn forbidden() -> Self {
        Error::Forbidden(Message::new("error-forbidden"))
    }

    pub fn invalid(field: &'static str, message: impl Into<Message>) -> Self {
        Error::Invalid(Invalid::one(field, message))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::Forbidden(m) => write!(f, "forbidden: {}", m.key),
            Error::SignIn => f.write_str("not signed in"),
            Error::Invalid(i) => {
                f.write_str("invalid:")?;
                i.0.iter()
                    .try_for_each(|(field, m)| write!(f, " {field}: {}", m.key))
            }
            Error::Stale(_) => f.write_str("changed meanwhile"),
            Error::News(_) => f.write_str("new entries meanwhile"),
            Error::Repeated(to) => write!(f, "posted before: {to}"),
            Error::Refused(m) => write!(f, "refused: {}", m.key),
            Error::Busy(m) => write!(f, "busy: {}", m.key),
            Error::Raced => f.write_str("the row changed under the write"),
            Error::Database(e) => write!(f, "database: {e}"),
            Error::Inward(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(e: diesel::result::Error) -> Self {
        match e {
            diesel::result::Error::NotFound => Error::NotFound,
            e => Error::Database(e),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Error::Inward(format!("file: {e}"))
    }
}
