//! What a practice adds to the page of its record and to its line of an export. The spine draws it
//! without knowing what it is about.

use super::model::Record;
use super::number::Number;
use crate::people::{Shell, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

/// Reads what a practice adds to a record's page. It asks the database only for records whose row
/// says that there is something.
pub type Besides = fn(&mut Db, &Shell, &Visitor, &Record) -> Result<Beside>;

/// Reads a practice's own cells of an export, for records that have any: record, column, text.
pub type Cells = fn(&mut Db, &[Id<Record>]) -> Result<Vec<(Id<Record>, &'static str, String)>>;

/// What stands beside what the spine shows.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Above everything that is said.
    pub banner: Option<Banner>,
    /// In the rail.
    pub section: Option<Section>,
    /// Further headings of the rail.
    pub more: Vec<Section>,
    /// Among the further actions.
    pub links: Vec<Link>,
    /// Where others like it are looked for, beside those it is linked to.
    pub others: Option<Link>,
    /// What may help here, in the rail.
    pub helps: Vec<Help>,
    /// What stands first on the page, of a practice whose records are plans.
    pub sheet: Sheet,
    /// States of the practice that this record goes around.
    pub passes_by: &'static [&'static str],
}

/// Something known that may help with this record, with why it is offered.
#[derive(Debug, Clone)]
pub struct Help {
    /// What offers it.
    pub number: Number,
    pub title: String,
    pub why: String,
    /// What to say, or to do.
    pub text: String,
    /// Whether it may be said to whom the record is for; otherwise it is a note.
    pub is_public: bool,
    /// The button that puts it into what is written: its path under the record.
    pub path: &'static str,
    /// Whether it may be put there now.
    pub may_use: bool,
    /// What came of it so far: a key of the catalogue.
    pub came: Option<&'static str>,
    /// Buttons that say what came of it, under the same path: value and key.
    pub asks: Vec<(&'static str, &'static str)>,
}

/// A plan: what it is, what stands in its way, what may be done with it now.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Beside the number.
    pub chips: Vec<String>,
    pub warnings: Vec<Warning>,
    pub acts: Vec<Step>,
    pub sections: Vec<Chapter>,
}

/// Something that stands in the way.
#[derive(Debug, Clone)]
pub struct Warning {
    pub lamp: &'static str,
    pub icon: &'static str,
    pub heading: String,
    /// Where it leads, and what people call that.
    pub link: Option<(String, String)>,
    /// When it holds.
    pub when: Option<(When, When)>,
}

/// Something that may be done now, by a button or on a page under the record's path.
#[derive(Debug, Clone)]
pub struct Step {
    pub path: &'static str,
    /// Key of its words.
    pub label: &'static str,
    pub posts: bool,
    pub solid: bool,
}

/// A part of a plan.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Key of its heading.
    pub heading: &'static str,
    pub parts: Vec<Part>,
    /// Long texts under keys of their labels, folded but for the first, with what stands at the end.
    pub texts: Vec<(&'static str, String, String)>,
}

/// What everybody who opens the record must know first.
#[derive(Debug, Clone)]
pub struct Banner {
    /// `risk`, `breach`, `done`: the lamp beside it.
    pub lamp: &'static str,
    pub glyph: &'static str,
    pub heading: String,
    /// A sentence somebody wrote.
    pub text: String,
    pub parts: Vec<Part>,
    pub link: Option<Link>,
}

/// A heading of the rail with what is known.
#[derive(Debug, Clone)]
pub struct Section {
    /// Key of its heading.
    pub heading: &'static str,
    pub parts: Vec<Part>,
    pub link: Option<Link>,
}

/// A label with an instant or a name.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Key of the label.
    pub label: &'static str,
    pub when: Option<When>,
    /// What people named.
    pub name: String,
    /// Where the name leads; nowhere while it is empty.
    pub href: String,
    /// Our words after it: where it comes from, how late it is.
    pub word: String,
    /// Whether that is bad news.
    pub late: bool,
    /// What people wrote about it.
    pub note: String,
}

impl Part {
    /// A label with nothing behind it yet.
    pub fn of(label: &'static str) -> Self {
        Self {
            label,
            ..Self::default()
        }
    }

    /// A label with a record the reader may see.
    pub fn record(label: &'static str, number: Number, title: &str) -> Self {
        Self {
            name: format!("{number} {title}"),
            href: number.path(),
            ..Self::of(label)
        }
    }
}

/// A link under the record's path.
#[derive(Debug, Clone)]
pub struct Link {
    pub path: &'static str,
    /// Key of its words.
    pub label: &'static str,
}

/// A practice that adds nothing to the page.
pub fn nothing_besides(_: &mut Db, _: &Shell, _: &Visitor, _: &Record) -> Result<Beside> {
    Ok(Beside::default())
}

/// A practice that adds nothing to an export.
pub fn no_cells(_: &mut Db, _: &[Id<Record>]) -> Result<Vec<(Id<Record>, &'static str, String)>> {
    Ok(Vec::new())
}
