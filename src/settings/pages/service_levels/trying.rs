//! What would come of saving: shown before it is saved, without a script. The form that comes back
//! carries a print of what was tried; only that is saved.

use serde::Serialize;

use crate::people::{Form, Shell, Visitor, When};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::secrets;
use crate::service_levels::actions::{Definitions, Looked, look};
use crate::service_levels::{self, Saving, Wanted};

/// What would come of it.
pub struct Tried {
    pub print: String,
    /// It says what is there already.
    pub nothing: bool,
    /// From when on, where that is not at once.
    pub from: Option<When>,
}

impl Tried {
    pub fn of(
        _r: &mut Db,
        shell: &Shell,
        _v: &Visitor,
        print: String,
        looked: &Looked,
        from: Option<Utc>,
    ) -> Result<Self> {
        let mut outcomes = looked.calendars.iter().chain(&looked.agreements);
        Ok(Self {
            print,
            nothing: outcomes.all(|o| *o == Saving::Unchanged),
            from: from.map(|at| shell.when(at)),
        })
    }
}

/// Looks at one thing as if it were saved now; what is wrong with it is said by the field.
pub fn looked(conn: &mut Db, wanted: Definitions, now: Utc) -> Result<Looked> {
    look(conn, wanted, now)?.map_err(|problems| {
        let wrong = problems.into_iter().flat_map(|p| p.invalid.0);
        Error::Invalid(Invalid(wrong.collect()))
    })
}

/// A print of what is wanted, and of everything that is defined: another one when either is another.
pub fn print<D: Serialize>(conn: &mut Db, wanted: &Wanted<D>) -> Result<String> {
    let definition = serde_json::to_string(&wanted.definition)
        .map_err(|e| Error::inward(format!("definition: {e}")))?;
    let revision = service_levels::revision(conn)?;
    let from = wanted.from.map(Utc::micros);
    let text = format!("{definition} {from:?} {revision}");
    Ok(crate::journal::hex(&secrets::sha256(text.as_bytes())))
}

/// Refuses to save what was not tried.
pub fn check(form: &Form, print: &str) -> Result<()> {
    match form.value("tried") {
        _ if form.value("do") != "save" => Err(Error::refused("levels-try-first")),
        tried if tried == print => Ok(()),
        _ => Err(Error::refused("levels-try-again")),
    }
}

/// Whether a form comes back to be tried, and not because something is wrong with it.
pub fn is_to_be_tried(error: Option<&Error>) -> bool {
    matches!(error, None | Some(Error::Refused(_)))
}
