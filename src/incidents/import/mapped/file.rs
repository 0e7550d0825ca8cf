//! The map as it stands in its TOML file. Unknown keys are refused: a misspelt one that was ignored
//! would import a file wrongly without a word.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::vocabulary::Column;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub kind: String,
    pub source: String,
    #[serde(default = "iso")]
    pub dates: String,
    #[serde(default = "utc")]
    pub zone: String,
    #[serde(default)]
    pub nulls: Vec<String>,
    pub columns: Names,
    #[serde(default)]
    pub values: Values,
}

fn iso() -> String {
    "iso".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub number: String,
    pub title: String,
    pub opened: String,
    pub description: Option<String>,
    pub requester: Option<String>,
    pub requester_mail: Option<String>,
    pub team: Option<String>,
    pub assignee: Option<String>,
    pub service: Option<String>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub state: Option<String>,
    pub impact: Option<String>,
    pub urgency: Option<String>,
    pub priority: Option<String>,
    pub resolved: Option<String>,
    pub closed: Option<String>,
    pub resolution_code: Option<String>,
    pub resolution_text: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Values {
    pub state: BTreeMap<String, String>,
    pub channel: BTreeMap<String, String>,
    pub impact: BTreeMap<String, u8>,
    pub urgency: BTreeMap<String, u8>,
    pub priority: BTreeMap<String, u8>,
    pub requester: BTreeMap<String, String>,
    pub team: BTreeMap<String, String>,
    pub assignee: BTreeMap<String, String>,
    pub service: BTreeMap<String, String>,
    pub category: BTreeMap<String, String>,
    pub resolution_code: BTreeMap<String, String>,
}

impl Names {
    pub fn listed(self) -> Vec<(Column, String)> {
        let all = [
            (Column::Number, Some(self.number)),
            (Column::Title, Some(self.title)),
            (Column::Opened, Some(self.opened)),
            (Column::Description, self.description),
            (Column::Requester, self.requester),
            (Column::RequesterMail, self.requester_mail),
            (Column::Team, self.team),
            (Column::Assignee, self.assignee),
            (Column::Service, self.service),
            (Column::Category, self.category),
            (Column::Channel, self.channel),
            (Column::State, self.state),
            (Column::Impact, self.impact),
            (Column::Urgency, self.urgency),
            (Column::Priority, self.priority),
            (Column::Resolved, self.resolved),
            (Column::Closed, self.closed),
            (Column::ResolutionCode, self.resolution_code),
            (Column::ResolutionText, self.resolution_text),
        ];
        all.into_iter()
            .filter_map(|(column, name)| Some((column, name?)))
            .collect()
    }
}
