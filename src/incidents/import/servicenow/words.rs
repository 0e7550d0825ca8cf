//! The source's words in ours: fields, states, channels, levels.

/// What a row says of its incident beside state, times and counters. The order is that of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Requester,
    OpenedBy,
    Channel,
    Location,
    Category,
    Subcategory,
    Symptom,
    ConfigurationItem,
    Impact,
    Urgency,
    Priority,
    Team,
    Assignee,
    Knowledge,
    PriorityConfirmed,
    Notify,
    Problem,
    Rfc,
    Vendor,
    CausedBy,
    Reassignments,
    Reopens,
    /// Made here from category, subcategory and symptom.
    Title,
    /// Final values, the same on every row: taken from the last one, never a change.
    ResolutionCode,
    ResolvedBy,
}

impl Field {
    /// Each field with its column, but for the title.
    pub(super) const COLUMNS: [(Self, &'static str); 24] = [
        (Self::Requester, "caller_id"),
        (Self::OpenedBy, "opened_by"),
        (Self::Channel, "contact_type"),
        (Self::Location, "location"),
        (Self::Category, "category"),
        (Self::Subcategory, "subcategory"),
        (Self::Symptom, "u_symptom"),
        (Self::ConfigurationItem, "cmdb_ci"),
        (Self::Impact, "impact"),
        (Self::Urgency, "urgency"),
        (Self::Priority, "priority"),
        (Self::Team, "assignment_group"),
        (Self::Assignee, "assigned_to"),
        (Self::Knowledge, "knowledge"),
        (Self::PriorityConfirmed, "u_priority_confirmation"),
        (Self::Notify, "notify"),
        (Self::Problem, "problem_id"),
        (Self::Rfc, "rfc"),
        (Self::Vendor, "vendor"),
        (Self::CausedBy, "caused_by"),
        (Self::Reassignments, "reassignment_count"),
        (Self::Reopens, "reopen_count"),
        (Self::ResolutionCode, "closed_code"),
        (Self::ResolvedBy, "resolved_by"),
    ];
    /// How many fields there are.
    pub(super) const COUNT: usize = 25;

    /// The word for it in facts and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::OpenedBy => "opened_by",
            Self::Channel => "channel",
            Self::Location => "location",
            Self::Category => "category",
            Self::Subcategory => "subcategory",
            Self::Symptom => "symptom",
            Self::ConfigurationItem => "configuration_item",
            Self::Impact => "impact",
            Self::Urgency => "urgency",
            Self::Priority => "priority",
            Self::Team => "team",
            Self::Assignee => "assignee",
            Self::Knowledge => "knowledge",
            Self::PriorityConfirmed => "priority_confirmed",
            Self::Notify => "notify",
            Self::Problem => "problem",
            Self::Rfc => "rfc",
            Self::Vendor => "vendor",
            Self::CausedBy => "caused_by",
            Self::Reassignments => "reassignments",
            Self::Reopens => "reopens",
            Self::Title => "title",
            Self::ResolutionCode => "resolution_code",
            Self::ResolvedBy => "resolved_by",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceState {
    New,
    InProgress,
    Waiting(Hold),
    Resolved,
    Closed,
}

/// What a waiting incident waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    Requester,
    Supplier,
    Problem,
    Other,
}

impl Hold {
    /// What the rules know such a hold by.
    pub fn behaviour(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Supplier => "supplier",
            Self::Problem => "problem",
            Self::Other => "other",
        }
    }
}

impl SourceState {
    /// `None` for a label this importer does not know: kept as it is, the state unchanged.
    pub fn from_label(label: &str) -> Option<Self> {
        Some(match label {
            "New" => Self::New,
            "Active" => Self::InProgress,
            "Awaiting User Info" => Self::Waiting(Hold::Requester),
            "Awaiting Vendor" => Self::Waiting(Hold::Supplier),
            "Awaiting Problem" => Self::Waiting(Hold::Problem),
            "Awaiting Evidence" => Self::Waiting(Hold::Other),
            "Resolved" => Self::Resolved,
            "Closed" => Self::Closed,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    Phone,
    WalkUp,
    Mail,
    Portal,
    Chat,
    Monitoring,
}

impl Channel {
    /// `None` for a label this importer does not know; [`super::History`] keeps the label beside it.
    pub fn from_label(label: &str) -> Option<Self> {
        Some(match label.to_ascii_lowercase().as_str() {
            "phone" | "ivr" => Self::Phone,
            "email" => Self::Mail,
            "self service" | "self-service" => Self::Portal,
            "direct opening" | "walk-in" => Self::WalkUp,
            "chat" | "virtual agent" => Self::Chat,
            "event" | "monitoring" => Self::Monitoring,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::WalkUp => "walk-up",
            Self::Mail => "mail",
            Self::Portal => "portal",
            Self::Chat => "chat",
            Self::Monitoring => "monitoring",
        }
    }
}

/// Impact, urgency or priority as the source has it: `3 - Moderate` is number 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub number: u8,
    pub label: String,
}

impl Level {
    pub fn from_label(label: &str) -> Option<Self> {
        let digits = label
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(label.len());
        let (number, rest) = label.split_at(digits);
        let number = number.parse().ok().filter(|n| (1..=9).contains(n))?;
        let well_formed = rest.is_empty() || rest.starts_with(" -");
        well_formed.then(|| Self {
            number,
            label: label.to_owned(),
        })
    }
}
