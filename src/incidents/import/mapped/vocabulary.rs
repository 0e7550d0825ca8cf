//! The words a map may use: columns, kinds, states, channels, hold reasons.

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Number,
    Title,
    Description,
    Requester,
    RequesterMail,
    Team,
    Assignee,
    Service,
    Category,
    Channel,
    State,
    Impact,
    Urgency,
    Priority,
    Opened,
    Resolved,
    Closed,
    ResolutionCode,
    ResolutionText,
}

impl Column {
    /// Its key in the map, used in messages as well.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Description => "description",
            Self::Requester => "requester",
            Self::RequesterMail => "requester_mail",
            Self::Team => "team",
            Self::Assignee => "assignee",
            Self::Service => "service",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::State => "state",
            Self::Impact => "impact",
            Self::Urgency => "urgency",
            Self::Priority => "priority",
            Self::Opened => "opened",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::ResolutionCode => "resolution_code",
            Self::ResolutionText => "resolution_text",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Incident,
    Request,
    Problem,
    Change,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Request => "request",
            Self::Problem => "problem",
            Self::Change => "change",
        }
    }

    /// The kind's states: the one it begins in, then the one it is done in, then closed, then the rest.
    pub(super) fn states(self) -> &'static [&'static str] {
        match self {
            Self::Incident => &[
                "new",
                "resolved",
                "closed",
                "assigned",
                "in_progress",
                "waiting",
                "cancelled",
            ],
            Self::Request => &[
                "new",
                "fulfilled",
                "closed",
                "awaiting_approval",
                "in_fulfilment",
                "waiting",
                "rejected",
                "cancelled",
            ],
            Self::Problem => &[
                "new",
                "resolved",
                "closed",
                "under_investigation",
                "fix_planned",
                "fix_in_progress",
                "verifying",
                "cancelled",
            ],
            Self::Change => &[
                "draft",
                "review",
                "closed",
                "assessment",
                "awaiting_approval",
                "scheduled",
                "implementing",
                "rejected",
                "cancelled",
            ],
        }
    }
}

pub(super) const CHANNELS: [&str; 6] = ["phone", "walk-up", "mail", "portal", "chat", "monitoring"];
pub(super) const HOLDS: [&str; 6] = [
    "requester",
    "appointment",
    "supplier",
    "change",
    "problem",
    "other",
];
/// Stands for every value, null as well, that a value map does not name.
pub(super) const ANY: &str = "*";

/// A state of the kind's own, by its word; a waiting one with what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappedState {
    pub state: &'static str,
    pub hold: Option<&'static str>,
}
