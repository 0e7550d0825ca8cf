//! Puts a record's page together: a dozen statements, then one template.

use askama::Template;
use uuid::Uuid;

use super::acts::{self, Act};
use super::conversation::{Around, Conversation};
use super::history::History;
use super::panels::{Panel, PanelView};
use super::rail::Rail;
use super::tasks::{TaskForm, Tasks};
use super::{Given, Look, Shown, Tab};
use crate::attachments;
use crate::entries;
use crate::people::{Answer, Form, FormView, Shell, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::web::icon::Icon;
use crate::records::pages::clocks::{self, ClockPanel};
use crate::records::pages::hold::offered;
use crate::records::pages::kind::verb;
use crate::records::pages::target::Target;
use crate::records::store::{self, HandoffSeen};
use crate::records::view::handed_often;
use crate::records::views::{self, ViewGroup};
use crate::records::{
    self, Beside, Detail, Kind, Record, Verb, detail, policy, priority_label, rules, state_icon,
    state_label,
};
use crate::services::{Code, CodeList};

#[derive(Template)]
#[template(path = "records/record.html")]
struct RecordPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    priority: (i32, String),
    state: (Icon, String),
    /// How many facts the reader of this page has seen.
    seen: i64,
    me: String,
    /// How often somebody asked what became of it.
    chased: i32,
    /// Open, and not the reader's yet.
    can_take: bool,
    /// Open, and with a team.
    can_hand_off: bool,
    /// Handed to a team of the reader's, which may send it back.
    can_send_back: bool,
    /// Said of what goes from hand to hand.
    handed: Option<String>,
    /// Nothing leads out of this state: later contact is another record.
    is_final: bool,
    acts: Vec<Act>,
    /// What may be made of the record: another kind, a problem or a change behind it.
    others: Vec<Other>,
    steps: Vec<StepView>,
    views: Vec<ViewGroup>,
    tabs: Vec<TabView>,
    composer: Composer,
    conversation: Conversation,
    history: Option<History>,
    older: Option<String>,
    rail: Rail,
    beside: Beside,
    is_major: bool,
    panel: Option<PanelView>,
    tasks: Tasks,
    clocks: Vec<ClockPanel>,
    /// The form for one more, where it is open.
    new_task: Option<TaskForm>,
    family: Small,
    link: Small,
    /// It may still end as a duplicate of another.
    may_duplicate: bool,
    upload: Small,
    alert: Option<FormView>,
}

/// Something in the menu that leads to a form, with the key that chooses it there.
struct Other {
    href: String,
    label: &'static str,
    key: &'static str,
}

struct StepView {
    icon: Icon,
    label: String,
    done: bool,
    current: bool,
}

struct TabView {
    href: String,
    label: &'static str,
    /// How many there are in it.
    count: String,
    current: bool,
}

/// The form for replies and notes.
struct Composer {
    form: FormView,
    note: bool,
    seen: String,
    /// Somebody wrote meanwhile; it is shown, and the text may be sent all the same.
    news: bool,
    anyway: bool,
    /// Key of the button that sends and ends the record, where that is a move from here.
    ends: Option<&'static str>,
    /// The codes to end it with, once that was asked for.
    solving: Option<Vec<Code>>,
}

/// A small form that is always on the page, open when it came back.
struct Small {
    form: FormView,
    open: bool,
}

impl RecordPage {
    /// A key for a form that is only a button.
    fn key(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn is_open_panel(&self, panel: &Panel) -> bool {
        self.panel.as_ref().is_some_and(|p| p.panel == *panel)
    }

    fn panel_of(&self, word: &str) -> Option<&PanelView> {
        self.panel.as_ref().filter(|p| p.is(word))
    }
}

/// The page of a record as `look` asks for it, with a form that came back in its place.
pub fn answer(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    look: &Look,
    given: &Given<'_>,
) -> Result<Answer> {
    let found = detail::find_detail(conn, visitor, target.number)?;
    let record = &found.record;
    let shell = visitor.shell("queue", format!("{} {}", target.number, record.title));
    let files = attachments::attachments_of(conn, record.id.cast())?;
    let news: &[Uuid] = match given {
        Given::Composer(_, Some(Error::News(news))) => news,
        _ => &[],
    };
    // Few records are handed on: of the others nothing is asked.
    let handoffs = match record.handoffs {
        0 => Vec::new(),
        _ => store::handoffs_of(conn, record.id)?,
    };
    let (conversation, history) = if look.tab == Tab::History {
        let before = look.before.as_deref().and_then(|text| text.parse().ok());
        let history = History::read(conn, &shell, visitor, record.id.uuid(), before)?;
        (Conversation::default(), Some(history))
    } else {
        let around = Around {
            files: &files,
            handoffs: &handoffs,
            news,
        };
        let said = Conversation::read(conn, &shell, visitor, &found, &around, look)?;
        (said, None)
    };
    let (can_hand_off, can_send_back) = handing(visitor, record, &handoffs);
    let rail = Rail::read(conn, &shell, visitor, target, &found, &files, look)?;
    let panel = match given {
        Given::Panel(panel, form, error) => Some((*panel, FormView::again(&shell, form, *error))),
        Given::Nothing => look.panel.map(|panel| (panel, FormView::fresh())),
        _ => None,
    };
    let (new_task, panel) = match panel {
        Some((Panel::Task, form)) => (Some(TaskForm::read(conn, visitor, form, None)?), None),
        panel => (None, panel),
    };
    let tasks = Tasks::read(conn, &shell, record)?;
    let first = target.practice.first;
    let panel = panel
        .map(|(panel, form)| {
            PanelView::read(conn, visitor, record, panel, form, first, &look.asked)
        })
        .transpose()?;
    let clocks = clocks::panel(conn, &shell, record)?;
    let beside = (target.practice.besides)(conn, &shell, visitor, record)?;
    let help = look.reply.and_then(|number| {
        let offered = beside.helps.iter().find(|help| help.number == number)?;
        Some((offered.text.clone(), offered.is_public))
    });
    let is_final = target.practice.moves_from(&record.state).next().is_none();
    let page = RecordPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        priority: (record.priority, priority_label(record.priority)),
        state: (
            state_icon(&record.state),
            state_label(shell.t, &record.state).into_owned(),
        ),
        seen: record.facts,
        me: visitor.id.to_string(),
        chased: found.contacts.map_or(0, |n| n.chased),
        can_hand_off,
        can_send_back,
        handed: handed_often(shell.t, record.handoffs),
        can_take: record.is_open && record.assignee_id != Some(visitor.id),
        is_final,
        acts: acts::acts(target.practice, &record.state, |step| {
            policy::may_move(visitor, record, step).is_ok()
        }),
        others: others(target, record),
        steps: steps(&shell, target, &found, beside.passes_by),
        tabs: tabs(conn, &shell, target, record, look, &conversation)?,
        views: views::links(shell.t, visitor, &records::counts(conn, visitor)?, None),
        composer: Composer {
            ends: ends(visitor, target, record),
            solving: solving(conn, given)?,
            ..composer(
                &shell,
                record.facts,
                is_final || look.tab == Tab::Notes,
                given,
                help,
            )
        },
        older: older(target, look.tab, &conversation, history.as_ref()),
        conversation,
        history,
        rail,
        beside,
        clocks,
        is_major: record.is_major,
        panel,
        // What was typed comes back even where it can no longer be done.
        new_task: new_task.filter(|_| tasks.may_change || matches!(given, Given::Panel(..))),
        tasks,
        may_duplicate: target
            .practice
            .find(Verb::Cancel, &record.state, None)
            .is_some_and(|step| policy::may_move(visitor, record, step).is_ok()),
        family: small(
            &shell,
            match given {
                Given::Family(form, error) => Some((form, *error)),
                _ => None,
            },
        ),
        link: small(
            &shell,
            match given {
                Given::Link(form, error) => Some((form, *error)),
                _ => None,
            },
        ),
        upload: small(
            &shell,
            match given {
                Given::Upload(form, error) => Some((form, *error)),
                _ => None,
            },
        ),
        alert: match given {
            Given::Button(form, error) => Some(FormView::again(&shell, form, *error)),
            _ => None,
        },
        shell,
    };
    Ok(Answer::html(&page))
}

fn others(target: Target, record: &Record) -> Vec<Other> {
    let becomes = target.practice.becomes.filter(|_| record.is_open);
    let kind = becomes.map(|becomes| Other {
        href: format!("{}/kind", target.path()),
        label: verb(becomes.kind),
        key: "s",
    });
    let raise = [
        (Kind::Problem, "raise-problem", "b"),
        (Kind::Change, "raise-change", "g"),
    ];
    let raise = raise
        .into_iter()
        .filter(|(to, ..)| rules::raised_link(record.kind, *to).is_some())
        .map(|(to, label, key)| Other {
            href: format!("/calls/new?kind={to}&raised_from={}", target.number),
            label,
            key,
        });
    let reviewed = (record.kind == Kind::Incident).then(|| Other {
        href: format!("/postmortems/new?from={}", target.number),
        label: "raise-postmortem",
        key: "w",
    });
    kind.into_iter().chain(raise).chain(reviewed).collect()
}

/// Whether the reader may hand the record on, and whether they may send it back.
fn handing(visitor: &Visitor, record: &Record, handoffs: &[HandoffSeen]) -> (bool, bool) {
    let Some(team) = record.team_id.filter(|_| record.is_open) else {
        return (false, false);
    };
    let last = handoffs
        .iter()
        .rfind(|seen| seen.handoff.returned_entry_id.is_none());
    let came = last.is_some_and(|seen| seen.handoff.to_team_id == team);
    (true, came && policy::may_send_back(visitor, team).is_ok())
}

fn steps(shell: &Shell, target: Target, found: &Detail, passes_by: &[&str]) -> Vec<StepView> {
    acts::steps(target.practice, &found.record.state, passes_by)
        .into_iter()
        .map(|step| StepView {
            icon: if step.done {
                Icon::line("s-res")
            } else {
                state_icon(step.word)
            },
            label: state_label(shell.t, step.word).into_owned(),
            done: step.done,
            current: step.current,
        })
        .collect()
}

/// The parts of the page with how much is in each: counted from what is shown where all of it is.
fn tabs(
    conn: &mut Db,
    shell: &Shell,
    target: Target,
    record: &Record,
    look: &Look,
    conversation: &Conversation,
) -> Result<Vec<TabView>> {
    let whole = look.tab == Tab::Conversation && look.before.is_none();
    let (replies, notes) = match conversation.older {
        None if whole => conversation.counts(),
        _ => entries::entry_counts(conn, record.id.cast())?,
    };
    Ok(Tab::ALL
        .into_iter()
        .map(|tab| TabView {
            href: tab_path(target, tab),
            label: tab.label(),
            count: shell.t.number(match tab {
                // What was said first is part of the conversation.
                Tab::Conversation => replies + notes + 1,
                Tab::Replies => replies,
                Tab::Notes => notes,
                Tab::History => record.facts,
            }),
            current: tab == look.tab,
        })
        .collect())
}

/// How the button is called that ends the record with a reply; none where that is no move.
fn ends(visitor: &Visitor, target: Target, record: &Record) -> Option<&'static str> {
    let step = target.practice.find(Verb::Resolve, &record.state, None)?;
    policy::may_move(visitor, record, step).ok()?;
    Some(if step.to == "fulfilled" {
        "send-and-fulfil"
    } else {
        "send-and-resolve"
    })
}

/// Asked once the button was pressed, not on every page: a record is read far more often.
fn solving(conn: &mut Db, given: &Given<'_>) -> Result<Option<Vec<Code>>> {
    match given {
        Given::Composer(form, _)
            if form.has("resolution_code") || form.value("do") == "resolve" =>
        {
            offered(conn, CodeList::Resolution).map(Some)
        }
        _ => Ok(None),
    }
}

fn tab_path(target: Target, tab: Tab) -> String {
    match tab.word() {
        "" => target.path(),
        word => format!("{}?tab={word}", target.path()),
    }
}

fn older(
    target: Target,
    tab: Tab,
    conversation: &Conversation,
    history: Option<&History>,
) -> Option<String> {
    let key = match history {
        Some(history) => history.older.map(|position| position.to_string()),
        None => conversation.older.clone(),
    }?;
    let path = tab_path(target, tab);
    let mark = if path.contains('?') { '&' } else { '?' };
    Some(format!("{path}{mark}before={key}"))
}

/// `note` is how it begins: on notes, and where there is nothing left to answer. What helps stands in it
/// already, where that was asked for, and is sent by nobody but its reader.
fn composer(
    shell: &Shell,
    facts: i64,
    note: bool,
    given: &Given<'_>,
    help: Option<(String, bool)>,
) -> Composer {
    let (form, news) = match given {
        Given::Composer(form, error) => (
            FormView::again(shell, form, *error),
            matches!(error, Some(Error::News(_))),
        ),
        _ => (
            help.map_or_else(FormView::fresh, |(text, is_public)| {
                let audience = if is_public { "public" } else { "note" };
                let form = FormView::fresh().preset("body", text);
                form.preset("audience", audience)
            }),
            false,
        ),
    };
    let seen = match form.value("seen") {
        typed if news || typed.is_empty() => facts.to_string(),
        typed => typed.to_owned(),
    };
    Composer {
        note: form.is("audience", "note") || (note && !form.has("audience")),
        seen,
        news,
        anyway: news || form.is("anyway", "1"),
        ends: None,
        solving: None,
        form,
    }
}

fn small(shell: &Shell, given: Option<(&Form, Option<&Error>)>) -> Small {
    Small {
        open: given.is_some(),
        form: given.map_or_else(FormView::fresh, |(form, error)| {
            FormView::again(shell, form, error)
        }),
    }
}
