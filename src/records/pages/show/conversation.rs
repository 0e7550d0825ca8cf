//! What was said on a record, newest first, the description as the first message.

use super::{Look, Tab};
use crate::attachments::Attachment;
use crate::entries::{self, Audience, Contact, Entry, Said};
use crate::journal::{self, Begun, ERASED};
use crate::people::{Person, Shell, Visitor, When, initials};
use crate::platform::db::page::{key_at, read_key_at};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::platform::words::Words;
use crate::records::store::HandoffSeen;
use crate::records::{Channel, Detail, Record, rules};

/// Messages on a page.
const SIZE: usize = 50;

/// A message of the conversation.
#[derive(Debug, Clone)]
pub struct Message {
    /// Where a link to it leads.
    pub anchor: String,
    /// `out` to the requester, `in` from them, `note` to neither.
    pub class: &'static str,
    pub mine: bool,
    pub name: String,
    pub initials: String,
    /// Reply, note, or the channel it came by.
    pub chip: String,
    pub icon: &'static str,
    /// They asked what became of it.
    pub chaser: bool,
    pub when: When,
    pub body: SafeHtml,
    /// Its parts under their names, where it has some.
    pub parts: Vec<(&'static str, SafeHtml)>,
    pub files: Vec<FileView>,
    pub is_description: bool,
    /// A closed record's description stays as it is.
    pub may_edit: bool,
    /// Written since the reader opened the page they sent.
    pub is_news: bool,
}

/// An attachment as pages show it.
#[derive(Debug, Clone)]
pub struct FileView {
    /// Empty when the file was erased.
    pub href: String,
    pub name: String,
    pub size: String,
    pub internal: bool,
}

impl FileView {
    pub fn of(t: Words, file: &Attachment) -> Self {
        Self {
            href: if file.content == ERASED {
                String::new()
            } else {
                format!("/attachments/{}", file.id)
            },
            name: file.name.clone(),
            size: size(t, file.size),
            internal: file.audience != Audience::Public,
        }
    }
}

/// A size in the unit that needs the fewest digits.
fn size(t: Words, bytes: i64) -> String {
    match bytes {
        ..1_000 => t.with1("size-bytes", "n", bytes),
        1_000..1_000_000 => t.with1("size-kilobytes", "n", bytes.div_euclid(1_000)),
        _ => t.with1("size-megabytes", "n", bytes.div_euclid(1_000_000)),
    }
}

/// A page of the conversation.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    pub messages: Vec<Message>,
    /// The key of the next older page.
    pub older: Option<String>,
}

/// What else belongs to what was said.
pub struct Around<'a> {
    pub files: &'a [Attachment],
    pub handoffs: &'a [HandoffSeen],
    /// The entries the reader has not seen.
    pub news: &'a [uuid::Uuid],
}

impl Conversation {
    /// Replies and notes among what is shown.
    pub fn counts(&self) -> (i64, i64) {
        let said = self.messages.iter().filter(|m| !m.is_description);
        let (notes, replies): (Vec<_>, Vec<_>) = said.partition(|m| m.class == "note");
        (replies.len() as i64, notes.len() as i64)
    }

    pub fn read(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        detail: &Detail,
        around: &Around<'_>,
        look: &Look,
    ) -> Result<Self> {
        let Around {
            files,
            handoffs,
            news,
        } = *around;
        let before = look.before.as_deref().and_then(read_key_at);
        let record = detail.record.id.cast();
        let limit = SIZE as i64 + 1;
        let mut found = match look.tab {
            Tab::Replies => {
                let said = &[Audience::Public, Audience::Contact];
                entries::entries_for(conn, record, said, before, limit)?
            }
            Tab::Notes => entries::entries_for(conn, record, &[Audience::Internal], before, limit)?,
            _ => entries::entries_of(conn, record, before, limit)?,
        };
        let more = found.len() > SIZE;
        found.truncate(SIZE);
        let older = found
            .last()
            .filter(|_| more)
            .map(|e| key_at(e.said().at, e.said().id));
        let mut messages: Vec<Message> = found
            .iter()
            .map(|entry| {
                let mut message = message(shell, visitor, detail, files, entry, news);
                if let Some(seen) = handoffs.iter().find(|seen| concerns(seen, entry)) {
                    say_handoff(shell.t, seen, entry, &mut message);
                }
                message
            })
            .collect();
        if older.is_none() && look.tab != Tab::Notes {
            let begun = journal::begun(conn, detail.record.id.uuid())?;
            messages.push(description(shell, visitor, detail, files, begun));
        }
        Ok(Self { messages, older })
    }
}

fn message(
    shell: &Shell,
    visitor: &Visitor,
    detail: &Detail,
    files: &[Attachment],
    entry: &Entry,
    news: &[uuid::Uuid],
) -> Message {
    let said = entry.said();
    let from_requester = said.author_id.is_some() && said.author_id == detail.record.requester_id;
    let is_contact = matches!(entry, Entry::Contact(_));
    let (class, chip, icon) = match entry {
        Entry::Note(_) => ("note", shell.t.s("record-internal-note"), "lock"),
        Entry::Reply(_) | Entry::Contact(_) if from_requester || is_contact => {
            let channel = Channel::from_word(&said.channel);
            (
                "in",
                channel_label(shell.t, channel),
                channel.map_or("reply", channel_icon),
            )
        }
        Entry::Reply(_) | Entry::Contact(_) => ("out", shell.t.s("record-public-reply"), "globe"),
    };
    Message {
        anchor: format!("e-{}", said.id),
        class,
        mine: is_mine(visitor, said),
        initials: initials(&said.author_name),
        name: said.author_name.clone(),
        chip: chip.into_owned(),
        icon,
        chaser: matches!(entry, Entry::Contact(Contact { chaser: true, .. })),
        when: shell.when(said.at),
        body: markdown::render(&said.body),
        parts: Vec::new(),
        files: files
            .iter()
            .filter(|f| f.entry_id == Some(said.id))
            .map(|f| FileView::of(shell.t, f))
            .collect(),
        is_description: false,
        may_edit: false,
        is_news: news.contains(&said.id.uuid()),
    }
}

/// Whether a note is that of a hand-off, or says why it was sent back.
fn concerns(seen: &HandoffSeen, entry: &Entry) -> bool {
    let id = entry.said().id;
    seen.handoff.entry_id == id || seen.handoff.returned_entry_id == Some(id)
}

/// Says from whom to whom it went, and takes what was tried and what is wanted apart.
fn say_handoff(t: Words, seen: &HandoffSeen, entry: &Entry, message: &mut Message) {
    let said = entry.said();
    let (key, from, to) = if seen.handoff.entry_id == said.id {
        ("handed-from-to", &seen.from, &seen.to)
    } else {
        ("sent-back-from-to", &seen.to, &seen.from)
    };
    message.icon = "right";
    message.chip = t.with2(key, "from", from.as_str(), "to", to.as_str());
    if seen.handoff.entry_id == said.id
        && let Some((tried, wanted)) = rules::handoff_parts(&said.body, seen.handoff.tried_chars)
    {
        message.parts = vec![
            ("field-tried", markdown::render(tried)),
            ("field-wanted", markdown::render(wanted)),
        ];
    }
}

fn is_mine(visitor: &Visitor, said: &Said) -> bool {
    said.author_id == Some(visitor.id)
}

/// What the requester first said; a record logged without a description shows that it has none.
fn description(
    shell: &Shell,
    visitor: &Visitor,
    detail: &Detail,
    files: &[Attachment],
    begun: Option<Begun>,
) -> Message {
    let record = &detail.record;
    let files: Vec<FileView> = files
        .iter()
        .filter(|f| f.entry_id.is_none() && f.at <= record.created_at)
        .map(|f| FileView::of(shell.t, f))
        .collect();
    let name = detail.requester.as_ref().map_or_else(
        || shell.t.s("record-no-requester").into_owned(),
        |r| r.name.clone(),
    );
    Message {
        anchor: "description".into(),
        class: "in",
        mine: is_requester(visitor, record.requester_id),
        initials: detail
            .requester
            .as_ref()
            .map_or_else(String::new, |r| initials(&r.name)),
        name,
        chip: logged(shell.t, record, begun),
        icon: channel_icon(record.channel),
        chaser: false,
        when: shell.when(record.reported_at),
        body: markdown::render(&record.description),
        parts: Vec::new(),
        files,
        is_description: true,
        may_edit: record.is_open || record.closed_at.is_none(),
        is_news: false,
    }
}

/// "Phone, logged by Noor Haddad": the channel, and who wrote it down where that was not the
/// requester; what no person logged names its door.
fn logged(t: Words, record: &Record, begun: Option<Begun>) -> String {
    let channel = channel_label(t, Some(record.channel));
    let Some(begun) = begun else {
        return channel.into_owned();
    };
    let by_requester = begun.by_id.map(Id::uuid) == record.requester_id.map(Id::uuid);
    match begun.by {
        Some(_) if by_requester => channel.into_owned(),
        Some(by) => t.with2("logged-by", "channel", channel, "name", by),
        None => {
            let door = t.s(&format!("door-{}", begun.door));
            t.with2("logged-through", "channel", channel, "door", door)
        }
    }
}

fn is_requester(visitor: &Visitor, requester: Option<Id<Person>>) -> bool {
    requester == Some(visitor.id)
}

fn channel_label(t: Words, channel: Option<Channel>) -> std::borrow::Cow<'static, str> {
    match channel {
        Some(channel) => t.s(&format!("channel-{}", channel.word().replace('_', "-"))),
        None => t.s("record-public-reply"),
    }
}

/// The icon of a channel.
pub fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "phone",
        Channel::WalkUp => "user",
        Channel::Mail => "mail",
        Channel::Portal => "globe",
        Channel::Chat => "reply",
        Channel::Monitoring => "server",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_few_digits() {
        let t = Words::of("en");
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (48_200, "48 KB"),
            (25_000_000, "25 MB"),
        ] {
            assert_eq!(size(t, bytes), words);
        }
    }
}
