//! The rows of one incident as its history: one fact per difference between a row and the one before.
//!
//! File order is the order of events; `sys_mod_count` goes down now and then and is not asked.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::row::{RowKey, SourceRow};
use super::words::{Channel, Field, Level, SourceState};

/// One incident of the source, with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    pub source: String,
    /// The source's number; the record's external id.
    pub number: String,
    pub title: String,
    /// When it was opened in the source: our `reported_at`.
    pub reported_at: OffsetDateTime,
    /// The columns of the last row: empty stays empty, whatever the states say.
    pub resolved_at: Option<OffsetDateTime>,
    pub closed_at: Option<OffsetDateTime>,
    pub resolution_code: Option<String>,
    pub resolved_by: Option<String>,
    /// The state after the last row.
    pub state: SourceState,
    /// Its label there, which for a kept label is not the state's.
    pub state_label: String,
    /// `None` where the source gives none or one that is not known; the label is
    /// `value(Field::Channel)`.
    pub channel: Option<Channel>,
    pub impact: Option<Level>,
    pub urgency: Option<Level>,
    pub priority: Option<Level>,
    /// The source's final counters.
    pub reassignments: u32,
    pub reopens: u32,
    pub links: Vec<Link>,
    /// In order; the first is [`What::Opened`].
    pub facts: Vec<SourceFact>,
    /// The rows it is made of, in file order, each with its line. A row that changed nothing we keep
    /// has no fact and is listed all the same: it is known from now on.
    pub rows: Vec<(RowKey, u64)>,
    /// Rows that repeat another to the last character; they are not in `rows`.
    pub repeated_rows: usize,
    /// State labels that are not known and were kept as labels.
    pub kept_states: Vec<KeptState>,
    last: SourceRow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptState {
    pub line: u64,
    pub label: String,
}

/// Another thing of the source's world, known by its label only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `problem_id`
    Problem,
    /// `rfc`: the change this incident asked for.
    Change,
    Vendor,
    /// `caused_by`: the change that brought it about.
    CausedBy,
}

/// Something that happened, told by one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFact {
    /// The row it comes from: a row whose key is known brings no new fact.
    pub row: RowKey,
    pub line: u64,
    /// The row's `sys_updated_at`.
    pub occurred_at: OffsetDateTime,
    /// The row's `sys_updated_by`.
    pub actor: Option<String>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Opened(Box<Opened>),
    StateChanged {
        from_label: String,
        to_label: String,
        from: SourceState,
        to: StateTo,
    },
    /// Team, person or both.
    Assigned {
        team_before: Option<String>,
        team_after: Option<String>,
        person_before: Option<String>,
        person_after: Option<String>,
    },
    FieldChanged {
        field: Field,
        before: Option<String>,
        after: Option<String>,
    },
}

/// Where a state label leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateTo {
    Mapped(SourceState),
    /// A label that is not known: the state stays this one.
    Kept(SourceState),
}

impl StateTo {
    pub fn state(self) -> SourceState {
        match self {
            Self::Mapped(state) | Self::Kept(state) => state,
        }
    }

    fn after(label: &str, before: SourceState) -> Self {
        SourceState::from_label(label).map_or(Self::Kept(before), Self::Mapped)
    }
}

/// The incident as its first row in the file has it, which is not always the first there was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub reported_at: OffsetDateTime,
    pub state_label: String,
    /// An unknown first label leaves it new.
    pub state: StateTo,
    /// Everything that is not null, the title included, but for the final values.
    pub values: Vec<(Field, String)>,
}

/// Every field whose difference is a fact of its own. Team and person are one fact together; code and
/// resolver are final values repeated on every row, on the first one knowledge of the future.
const TRACKED: [Field; 21] = [
    Field::Requester,
    Field::OpenedBy,
    Field::Channel,
    Field::Location,
    Field::Category,
    Field::Subcategory,
    Field::Symptom,
    Field::Title,
    Field::ConfigurationItem,
    Field::Impact,
    Field::Urgency,
    Field::Priority,
    Field::Knowledge,
    Field::PriorityConfirmed,
    Field::Notify,
    Field::Problem,
    Field::Rfc,
    Field::Vendor,
    Field::CausedBy,
    Field::Reassignments,
    Field::Reopens,
];

impl History {
    /// The history of an incident's rows, all of them, in file order. `None` for no rows.
    pub fn of(source: &str, rows: Vec<SourceRow>) -> Option<Self> {
        let mut known = HashSet::with_capacity(rows.len());
        let total = rows.len();
        let rows: Vec<SourceRow> = rows
            .into_iter()
            .filter(|row| known.insert(row.key))
            .collect();
        let repeated_rows = total - rows.len();
        let first = rows.first()?;

        let mut state = StateTo::after(&first.state, SourceState::New);
        let mut facts = vec![fact(first, What::Opened(Box::new(opened(first, state))))];
        for (before, after) in rows.iter().zip(rows.iter().skip(1)) {
            state = changes(before, after, state.state(), &mut facts);
        }
        let kept = |row: &&SourceRow| SourceState::from_label(&row.state).is_none();
        let kept_states = rows.iter().filter(kept).map(|row| KeptState {
            line: row.line,
            label: row.state.clone(),
        });
        let kept_states = kept_states.collect();
        let keys = rows.iter().map(|row| (row.key, row.line)).collect();
        let last = rows.into_iter().next_back()?;
        let text = |field| last.value(field).map(str::to_owned);
        let level = |field| last.value(field).and_then(Level::from_label);
        Some(Self {
            source: source.to_owned(),
            number: last.number.clone(),
            title: text(Field::Title).unwrap_or_else(|| last.number.clone()),
            reported_at: last.opened_at,
            resolved_at: last.resolved_at,
            closed_at: last.closed_at,
            resolution_code: text(Field::ResolutionCode),
            resolved_by: text(Field::ResolvedBy),
            state: state.state(),
            state_label: last.state.clone(),
            channel: last.value(Field::Channel).and_then(Channel::from_label),
            impact: level(Field::Impact),
            urgency: level(Field::Urgency),
            priority: level(Field::Priority),
            reassignments: last.reassignments,
            reopens: last.reopens,
            links: links(&last),
            facts,
            rows: keys,
            repeated_rows,
            kept_states,
            last,
        })
    }

    /// What the last row says: requester, team, assignee, category, location … as labels.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.last.value(field)
    }

    /// When its last row was written, and by whom.
    pub fn last_update(&self) -> (OffsetDateTime, Option<&str>) {
        (self.last.updated_at, self.last.updated_by.as_deref())
    }

    /// The state labels it went through, as often as it came to them.
    pub fn state_labels(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().filter_map(|fact| match &fact.what {
            What::Opened(opened) => Some(opened.state_label.as_str()),
            What::StateChanged { to_label, .. } => Some(to_label.as_str()),
            _ => None,
        })
    }

    /// Whether a field ever changed after the first row.
    pub fn ever_changed(&self, wanted: Field) -> bool {
        self.facts
            .iter()
            .any(|fact| matches!(&fact.what, What::FieldChanged { field, .. } if *field == wanted))
    }
}

fn fact(row: &SourceRow, what: What) -> SourceFact {
    SourceFact {
        row: row.key,
        line: row.line,
        occurred_at: row.updated_at,
        actor: row.updated_by.clone(),
        what,
    }
}

fn opened(row: &SourceRow, state: StateTo) -> Opened {
    let fields = TRACKED.into_iter().chain([Field::Team, Field::Assignee]);
    let values = fields
        .filter_map(|field| Some((field, row.value(field)?.to_owned())))
        .collect();
    Opened {
        reported_at: row.opened_at,
        state_label: row.state.clone(),
        state,
        values,
    }
}

/// The facts of one row. State first, since the rest often follows from it; then who; then what.
fn changes(
    before: &SourceRow,
    after: &SourceRow,
    from: SourceState,
    facts: &mut Vec<SourceFact>,
) -> StateTo {
    let to = StateTo::after(&after.state, from);
    if before.state != after.state {
        let (from_label, to_label) = (before.state.clone(), after.state.clone());
        facts.push(fact(
            after,
            What::StateChanged {
                from_label,
                to_label,
                from,
                to,
            },
        ));
    }
    let differs = |field: Field| before.value(field) != after.value(field);
    let text = |row: &SourceRow, field| row.value(field).map(str::to_owned);
    if differs(Field::Team) || differs(Field::Assignee) {
        let what = What::Assigned {
            team_before: text(before, Field::Team),
            team_after: text(after, Field::Team),
            person_before: text(before, Field::Assignee),
            person_after: text(after, Field::Assignee),
        };
        facts.push(fact(after, what));
    }
    for field in TRACKED.into_iter().filter(|field| differs(*field)) {
        let what = What::FieldChanged {
            field,
            before: text(before, field),
            after: text(after, field),
        };
        facts.push(fact(after, what));
    }
    to
}

fn links(row: &SourceRow) -> Vec<Link> {
    let kinds = [
        (LinkKind::Problem, Field::Problem),
        (LinkKind::Change, Field::Rfc),
        (LinkKind::Vendor, Field::Vendor),
        (LinkKind::CausedBy, Field::CausedBy),
    ];
    let link = |(kind, field)| {
        Some(Link {
            kind,
            label: row.value(field)?.to_owned(),
        })
    };
    kinds.into_iter().filter_map(link).collect()
}
