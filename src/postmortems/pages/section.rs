//! One section: writing it, what two wrote at once, what its words suggest, its versions.

use actix_web::Responder;
use actix_web::web::Path;
use askama::Template;

use super::{Top, section_hint, section_key};
use crate::people::{
    Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When, new_form_key,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::text;
use crate::postmortems::actions::{self, HitSeen, SaveSection};
use crate::postmortems::model::SectionVersion;
use crate::postmortems::rules::sections::{LONGEST, Section};
use crate::postmortems::rules::versions::{Save, Version, save as outcome};
use crate::postmortems::store;
use crate::records::pages::{LONGEST_LINE, Target};

#[derive(Template)]
#[template(path = "postmortems/section.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    word: &'static str,
    heading: &'static str,
    hint: &'static str,
    form: FormView,
    /// The version the text in the form stands on.
    base: i64,
    conflict: Option<Conflict>,
    hits: Vec<Hit>,
    dismissal: FormView,
    versions: Vec<VersionView>,
    may_write: bool,
    /// Whoever reads it is to review it.
    is_reviewer: bool,
}

impl Page {
    /// A form of its own for each button.
    fn key(&self) -> String {
        new_form_key()
    }
}

/// What somebody else saved meanwhile.
struct Conflict {
    by: String,
    when: When,
    theirs: String,
    /// Both as one, where they do not touch.
    proposed: Option<String>,
}

/// A suggestion: the sentence around the words it is about.
struct Hit {
    before: String,
    words: String,
    after: String,
    question: String,
    means: String,
    dismissed: Option<String>,
}

struct VersionView {
    n: String,
    by: String,
    when: When,
    text: String,
}

/// A form of the page that came back.
#[derive(Clone, Copy)]
enum Back<'a> {
    Nothing,
    Text(&'a Form, Option<&'a Error>),
    Dismissal(&'a Form, Option<&'a Error>),
}

/// Versions that are written out.
const SHOWN: i64 = 20;

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    section: Section,
    back: Back<'_>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, section_key(section))?;
    let shell = top.shell;
    let id = top.found.record.id;
    let versions = store::versions_of(conn, id, section, SHOWN)?;
    let head = versions.first().map(|(head, _)| head.clone());
    let text = head.as_ref().map_or("", |head| head.text.as_str());
    let version = head.as_ref().map_or(0, |head| head.version);
    let (mut form, mut dismissal) = (FormView::fresh(), FormView::fresh());
    let (mut conflict, mut base) = (None, version);
    match back {
        Back::Nothing => {}
        Back::Text(given, error) => {
            form = FormView::again(&shell, given, error);
            base = given.value("base").trim().parse().unwrap_or(0);
            if let Some((head, by)) = versions.first() {
                conflict = met(conn, &shell, (head, by), base, given)?;
            }
            // What is shown to them is what they save on from here.
            if conflict.is_some() {
                base = version;
            }
        }
        Back::Dismissal(given, error) => dismissal = FormView::again(&shell, given, error),
    }
    let hits = actions::hits_of(conn, &top.found, section, text)?;
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        word: section.word(),
        heading: section_key(section),
        hint: section_hint(section),
        form: form.preset("text", text),
        base,
        conflict,
        hits: hits
            .into_iter()
            .map(|hit| quoted(text, &shell, hit))
            .collect(),
        dismissal,
        is_reviewer: top.found.of.reviewer_id == Some(visitor.id),
        may_write: top.found.is_written(),
        versions: versions
            .into_iter()
            .map(|(one, by)| VersionView {
                n: one.version.to_string(),
                by: by.unwrap_or_default(),
                when: shell.when(one.at),
                text: one.text,
            })
            .collect(),
        shell,
    }))
}

/// What somebody saved since this form was made, if that is another text.
fn met(
    conn: &mut Db,
    shell: &Shell,
    (head, by): (&SectionVersion, &Option<String>),
    base: i64,
    given: &Form,
) -> Result<Option<Conflict>> {
    let Ok(mine) = text::clean_text(given.value("text"), LONGEST) else {
        return Ok(None);
    };
    let stood = match base {
        0 => Some(String::new()),
        n => store::find_version(conn, head.record_id, head.section, n)?.map(|one| one.text),
    };
    let stood = stood.as_deref().map(|text| Version { n: base, text });
    let stands = Version {
        n: head.version,
        text: &head.text,
    };
    Ok(match outcome(stood, stands, &mine) {
        Save::Conflict { proposed } => Some(Conflict {
            by: by.clone().unwrap_or_default(),
            when: shell.when(head.at),
            theirs: head.text.clone(),
            proposed,
        }),
        Save::Write | Save::Nothing => None,
    })
}

fn quoted(text: &str, shell: &Shell, hit: HitSeen) -> Hit {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    Hit {
        before: part(hit.sentence.start..hit.at.start),
        words: part(hit.at.clone()),
        after: part(hit.at.end..hit.sentence.end),
        question: shell.t.s(&hit.question).into_owned(),
        means: hit.means,
        dismissed: hit.dismissed,
    }
}

fn section_of(word: &str) -> Result<Section> {
    Section::from_word(word).ok_or(Error::NotFound)
}

type Parts = Path<(String, String, String)>;

/// `GET /postmortems/PM-1/sections/summary`
pub async fn show(visit: Visit, target: Target, path: Parts) -> impl Responder {
    let (_, _, word) = path.into_inner();
    target
        .page(visit, move |r, v| {
            page(r, v, target, section_of(&word)?, Back::Nothing)
        })
        .await
}

/// `POST /postmortems/PM-1/sections/summary`
pub async fn save(visit: Visit, target: Target, path: Parts, form: Form) -> impl Responder {
    let (_, _, word) = path.into_inner();
    let shown = word.clone();
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = SaveSection {
                    section: section_of(&word)?,
                    base: form.value("base").trim().parse().unwrap_or(0),
                    text: form.text("text", LONGEST, &mut invalid),
                };
                invalid.or(())?;
                let section = command.section;
                let number = target.number;
                let record = actions::save_section(w, v, ctx, number, &command)?;
                let found = actions::found(w, v, record.number())?;
                let hits = actions::hits_of(w, &found, section, &command.text)?;
                let open = hits.iter().filter(|hit| hit.dismissed.is_none()).count();
                let path = target.path();
                // What the words suggest is shown once they are safe.
                Ok(match open {
                    0 => Done::at(format!("{path}#{word}")).saying(Flash::ok("saved")),
                    n => Done::at(format!("{path}/sections/{word}#wording"))
                        .saying(Flash::ok("section-saved-hits").arg("n", n)),
                })
            },
            move |r, v, form, error| {
                let section = section_of(&shown)?;
                page(r, v, target, section, Back::Text(form, error))
            },
        )
        .await
}

/// `POST /postmortems/PM-1/sections/summary/dismissals`
pub async fn dismiss(visit: Visit, target: Target, path: Parts, form: Form) -> impl Responder {
    let (_, _, word) = path.into_inner();
    let shown = word.clone();
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let section = section_of(&word)?;
                let mut invalid = Invalid::default();
                let reason = form.line("reason", LONGEST_LINE, &mut invalid);
                invalid.or(())?;
                let of = (form.value("means"), reason.as_str());
                actions::dismiss(w, v, ctx, target.number, section, of)?;
                let path = format!("{}/sections/{word}#wording", target.path());
                Ok(Done::at(path).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| {
                let section = section_of(&shown)?;
                page(r, v, target, section, Back::Dismissal(form, error))
            },
        )
        .await
}
