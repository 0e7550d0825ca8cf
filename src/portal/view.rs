//! A record as somebody reads it whose own it is: made from types that are theirs to read, so that
//! neither a note nor what somebody else told the desk can get here.

use super::rules::Standing;
use crate::attachments::{self, OwnAttachment};
use crate::entries::{self, Entry, OwnEntry};
use crate::people::{self, Person, Shell, Visitor, When, initials};
use crate::platform::db::page::key_at;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::platform::web::icon::Icon;
use crate::records::actions::{may_recur, not_closed, reopen_window};
use crate::records::{self, Hold, Practice, Record, Verb};

/// Replies on a page.
const SIZE: usize = 50;

/// How a record stands, in words.
pub struct StandingView {
    pub icon: Icon,
    pub label: String,
    /// What happens next, and whose turn it is.
    pub next: String,
    /// It is the reader's turn.
    pub asks: bool,
}

impl StandingView {
    pub fn of(shell: &Shell, standing: Standing, until: Option<Utc>) -> Self {
        let word = standing.word();
        let next = match until {
            Some(at) => shell.t.with1(
                &format!("portal-next-{word}-until"),
                "date",
                shell.when(at).full,
            ),
            None => shell.t.s(&format!("portal-next-{word}")).into_owned(),
        };
        Self {
            icon: Icon::line(standing.icon()),
            label: shell.t.s(&format!("portal-is-{word}")).into_owned(),
            next,
            asks: matches!(standing, Standing::WaitingForYou | Standing::Done),
        }
    }
}

/// Something that was said, in public or by the reader to the desk.
pub struct Said {
    pub anchor: String,
    pub class: &'static str,
    pub mine: bool,
    pub name: String,
    pub initials: String,
    pub when: When,
    pub body: SafeHtml,
    pub files: Vec<File>,
    /// Nobody but the reader and the desk reads it.
    pub is_private: bool,
    pub is_news: bool,
}

/// A file that may be opened.
#[derive(Clone)]
pub struct File {
    pub href: String,
    pub name: String,
}

impl File {
    fn of(file: &OwnAttachment) -> Self {
        Self {
            href: format!("/attachments/{}", file.0.id),
            name: file.0.name.clone(),
        }
    }
}

/// What the reader may do now.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    pub reply: bool,
    pub confirm: bool,
    pub reopen: bool,
    pub cancel: bool,
    pub recur: bool,
}

/// Everything the page of one's own record shows.
pub struct OwnView {
    pub number: String,
    pub title: String,
    /// Who asked for it, where that is somebody else.
    pub requester: Option<String>,
    pub standing: StandingView,
    /// What the desk asks, while it waits for the reader.
    pub question: Option<SafeHtml>,
    pub said: Vec<Said>,
    pub older: Option<String>,
    pub may: May,
    /// Who reads what the reader writes, where that is worth a word.
    pub readers: Option<&'static str>,
    pub seen: i64,
}

impl OwnView {
    /// `before` is the key of an older page, `news` what the reader has not seen.
    pub fn read(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        practice: &'static Practice,
        record: &Record,
        before: Option<(Utc, Id<Entry>)>,
        news: &[uuid::Uuid],
    ) -> Result<Self> {
        let mine = record.requester_id == Some(visitor.id);
        let hold = match record.state_group {
            records::Group::Waiting => records::hold_of(conn, record.id)?,
            _ => None,
        };
        let behaviour = hold.as_ref().map(|h| h.behaviour.as_str());
        let standing = Standing::of(&record.state, record.state_group, behaviour, mine);
        let may = may(conn, visitor, practice, record)?;
        let until = until(conn, standing, record, hold.as_ref())?;
        let limit = SIZE as i64 + 1;
        let id = record.id.cast();
        let mut entries = entries::own_entries_of(conn, id, visitor.id, before, limit)?;
        let more = entries.len() > SIZE;
        entries.truncate(SIZE);
        let files = attachments::own_attachments_of(conn, id, &contacts(&entries))?;
        let older = (entries.last().filter(|_| more).map(OwnEntry::said))
            .map(|said| key_at(said.at, said.id));
        let question = (hold.as_ref())
            .filter(|_| standing == Standing::WaitingForYou)
            .and_then(|hold| asked(&entries, hold));
        let requester = match record.requester_id {
            Some(id) if !mine => Some(people::find_person(conn, id)?.name),
            _ => None,
        };
        let mut said: Vec<Said> = (entries.iter())
            .map(|entry| said_of(shell, visitor, entry, &files, news))
            .collect();
        if older.is_none() {
            said.push(first(shell, visitor, record, requester.as_deref(), &files));
        }
        Ok(Self {
            number: record.number().to_string(),
            title: record.title.clone(),
            standing: StandingView::of(shell, standing, until),
            seen: record.facts,
            requester,
            question,
            said,
            older,
            may,
            readers: readers(conn, record, visitor.id)?,
        })
    }
}

fn may(
    conn: &mut Db,
    visitor: &Visitor,
    practice: &'static Practice,
    record: &Record,
) -> Result<May> {
    let recur = may_recur(conn, visitor, practice, record, visitor.now)?;
    let can = |verb| {
        let step = practice.find(verb, &record.state, None);
        step.is_some_and(|step| records::requester_may(visitor, record, step))
    };
    Ok(May {
        reply: not_closed(record).is_ok(),
        confirm: can(Verb::Close),
        reopen: can(Verb::Reopen) && !recur,
        cancel: can(Verb::Cancel),
        recur,
    })
}

/// The word for who reads what somebody writes: where a record touches many, that is not for all.
fn readers(conn: &mut Db, record: &Record, person: Id<Person>) -> Result<Option<&'static str>> {
    Ok(if records::writes_privately(conn, record, person)? {
        Some("portal-private-hint")
    } else if records::contact_counts(conn, record.id)?.affected > 0 {
        Some("portal-shared-hint")
    } else {
        None
    })
}

/// The date that matters now: when a hold ends by itself, or when a solved record closes.
fn until(
    conn: &mut Db,
    standing: Standing,
    record: &Record,
    hold: Option<&Hold>,
) -> Result<Option<Utc>> {
    Ok(match standing {
        Standing::Done => records::reopens_until(record, reopen_window(conn)?),
        Standing::WaitingForDate => hold.map(|h| h.resume_at).filter(|at| *at < Utc::FAR),
        _ => None,
    })
}

/// The question of a hold: it was said at the instant the hold began.
fn asked(entries: &[OwnEntry], hold: &Hold) -> Option<SafeHtml> {
    (entries.iter())
        .filter(|entry| matches!(entry, OwnEntry::Reply(_)))
        .find(|entry| entry.said().at == hold.started_at)
        .map(|entry| markdown::render(&entry.said().body))
}

fn contacts(entries: &[OwnEntry]) -> Vec<Id<Entry>> {
    let own = entries.iter();
    own.filter(|entry| matches!(entry, OwnEntry::Contact(_)))
        .map(|entry| entry.said().id)
        .collect()
}

fn said_of(
    shell: &Shell,
    visitor: &Visitor,
    entry: &OwnEntry,
    files: &[OwnAttachment],
    news: &[uuid::Uuid],
) -> Said {
    let said = entry.said();
    let mine = said.author_id == Some(visitor.id);
    Said {
        anchor: format!("e-{}", said.id),
        class: if mine { "in" } else { "out" },
        mine,
        initials: initials(&said.author_name),
        name: said.author_name.clone(),
        when: shell.when(said.at),
        body: markdown::render(&said.body),
        files: (files.iter())
            .filter(|f| f.0.entry_id == Some(said.id))
            .map(File::of)
            .collect(),
        is_private: matches!(entry, OwnEntry::Contact(_)),
        is_news: news.contains(&said.id.uuid()),
    }
}

/// What was first said, with every file that belongs to no reply.
fn first(
    shell: &Shell,
    visitor: &Visitor,
    record: &Record,
    requester: Option<&str>,
    files: &[OwnAttachment],
) -> Said {
    let name = match (requester, record.requester_id) {
        (Some(name), _) => name.to_owned(),
        (None, Some(_)) => visitor.name.clone(),
        (None, None) => shell.t.s("record-no-requester").into_owned(),
    };
    Said {
        anchor: "description".into(),
        class: "in",
        mine: record.requester_id == Some(visitor.id),
        initials: initials(&name),
        name,
        when: shell.when(record.reported_at),
        body: markdown::render(&record.description),
        files: (files.iter())
            .filter(|f| f.0.entry_id.is_none())
            .map(File::of)
            .collect(),
        is_private: false,
        is_news: false,
    }
}
